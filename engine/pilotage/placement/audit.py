"""A plan re-counted from the tables, rule by rule, without the solver and its input.

``plan.chosen`` (the pairs), ``plan.objective``, ``plan.bound`` and the duals are claims; every check derives its own
figures from leaders, posts, schools and scenario. The bound is recomputed in exact integer arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from pilotage.config.scenario import (
    AreaMinimum,
    Availability,
    Budget,
    Cap,
    Consent,
    LevelRule,
    PhaseRule,
    Scenario,
    Travel,
)
from pilotage.domain.explanation import Audit, Check
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.pricing import clipped, on_grid, priced

SLACK_KM = 1e-6


@dataclass(frozen=True)
class Counted:
    """One row per placement with the leader's, post's and school's columns, and how many leaders the pool has."""

    placements: pd.DataFrame
    leaders: int


def audit(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
) -> Audit:
    """Return every check of a plan, each with what was counted."""
    counted = Counted(_placements(problem, plan, impact, pool, posts, panel), len(pool.leaders))
    return Audit((*_structure(counted), *_rules(counted, scenario), *_values(problem, plan, impact)))


def _placements(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
) -> pd.DataFrame:
    names = pd.DataFrame(
        {
            "leader_id": [problem.leader_ids[position] for position in problem.leader[plan.chosen]],
            "post_id": [problem.post_ids[position] for position in problem.post[plan.chosen]],
            "cost_gbp": impact.pairs["cost_gbp"].to_numpy()[plan.chosen],
        }
    )
    leaders = (
        pool.leaders.drop(columns=["cost_gbp"]).add_prefix("leader_").rename(columns={"leader_leader_id": "leader_id"})
    )
    schools = panel.schools.add_prefix("school_").rename(columns={"school_urn": "urn"})
    joined = names.merge(leaders, on="leader_id", how="left").merge(posts.posts, on="post_id", how="left")
    return joined.merge(schools, on="urn", how="left")


def _check(name: str, wrong: list[str], counted: str) -> Check:
    return Check(name, not wrong, counted if not wrong else "; ".join(wrong[:10]))


def _twice(frame: pd.DataFrame, column: str) -> list[str]:
    return [f"{value} twice" for value in frame.loc[frame[column].duplicated(), column].unique()]


def _structure(counted: Counted) -> Iterator[Check]:
    frame = counted.placements
    yield _check("one_post_per_leader", _twice(frame, "leader_id"), f"{len(frame)} leaders, each once")
    yield _check("one_leader_per_post", _twice(frame, "post_id"), f"{len(frame)} posts, each once")


def _rules(counted: Counted, scenario: Scenario) -> Iterator[Check]:
    """Yield one check per rule, pin and ban of the scenario."""
    frame = counted.placements
    for name, rule in scenario.rules.items():
        if isinstance(rule, Cap):
            yield _cap(name, rule, frame)
        elif isinstance(rule, AreaMinimum):
            yield _area_minimum(name, rule, counted)
        elif isinstance(rule, Budget):
            total = int(frame["cost_gbp"].sum())
            wrong = [f"costs £{total:,}, over £{rule.total_gbp:,}"] if total > rule.total_gbp else []
            yield _check(f"rules.{name}", wrong, f"£{total:,} of £{rule.total_gbp:,}")
        else:
            broken = ~_kept(rule, frame)
            yield _check(f"rules.{name}", _names(frame, broken), f"holds for all {len(frame)} placements")
    for name, pin in scenario.pins.items():
        made = ((frame["leader_id"] == pin.leader_id) & (frame["post_id"] == pin.post_id)).any()
        wrong = [] if made else [f"{pin.leader_id} is not in {pin.post_id}"]
        yield _check(f"pins.{name}", wrong, f"{pin.leader_id} is in {pin.post_id}")
    for name, ban in scenario.bans.items():
        given = {"leader_id": ban.leader_id, "post_id": ban.post_id, "urn": ban.urn}
        hit = pd.Series(True, index=frame.index)
        for column, value in given.items():
            hit &= (frame[column] == value) if value is not None else True
        yield _check(f"bans.{name}", _names(frame, hit), "no placement matches")


def _names(frame: pd.DataFrame, broken: pd.Series) -> list[str]:
    return [
        f"{leader} in {post}" for leader, post in frame.loc[broken, ["leader_id", "post_id"]].itertuples(index=False)
    ]


def _kept(rule: object, frame: pd.DataFrame) -> pd.Series:
    """Return, for each placement, whether it keeps a rule that bars pairs."""
    if isinstance(rule, Consent):
        return frame["consent"].isin(["yes", "unknown"] if rule.accept_unknown else ["yes"])
    if isinstance(rule, LevelRule):
        return frame["leader_level"] == frame["level"]
    if isinstance(rule, PhaseRule):
        listed = [set(text.replace(" ", "").split(";")) for text in frame["leader_phases"]]
        return pd.Series(
            [p in some for p, some in zip(frame["school_phase"], listed, strict=True)], frame.index, dtype=bool
        )
    if isinstance(rule, Availability):
        return frame["leader_available_from"] <= frame["opens_on"] + pd.Timedelta(days=rule.grace_days)
    if isinstance(rule, Travel):
        return _travel_kept(rule, frame)
    raise TypeError(f"the audit does not know the rule {type(rule).__name__}")


def _travel_kept(rule: Travel, frame: pd.DataFrame) -> pd.Series:
    east = (frame["school_easting"] - frame["leader_easting"]).astype(float)
    north = (frame["school_northing"] - frame["leader_northing"]).astype(float)
    ceiling = np.inf if rule.max_km is None else rule.max_km
    near = np.sqrt(east**2 + north**2) / 1000 <= frame["leader_max_travel_km"].clip(upper=ceiling) + SLACK_KM
    pairs = zip(frame["leader_willing_regions"], frame["school_region"], strict=True)
    willing = [
        pd.isna(listed) or region in [name.strip() for name in str(listed).split(";")] for listed, region in pairs
    ]
    moves = frame["leader_relocates"].astype(bool) & rule.relocation
    return pd.Series(np.asarray(near | moves) & np.array(willing, dtype=bool), frame.index)


def _cap(name: str, rule: Cap, frame: pd.DataFrame) -> Check:
    counts = frame[f"school_{rule.rule.removesuffix('_cap')}"].value_counts()
    wrong = [f"{count} in {value}, over {rule.count}" for value, count in counts.items() if count > rule.count]
    most = f"at most {counts.max()} in one" if len(counts) else "none placed in any"
    return _check(f"rules.{name}", wrong, f"{most}, of {rule.count} allowed")


def _area_minimum(name: str, rule: AreaMinimum, counted: Counted) -> Check:
    area = counted.placements["school_area"]
    inside = int((area.isin(rule.areas) if rule.areas else area.notna()).sum())
    whole = len(area) if rule.of == "placements" else counted.leaders
    needed = Fraction(rule.count) if rule.count is not None else Fraction(str(rule.share)) * whole
    wrong = [f"{inside} in the areas, under {float(needed):g}"] if inside < needed else []
    return _check(f"rules.{name}", wrong, f"{inside} in the areas; at least {float(needed):g} of {whole}")


def _values(problem: PlacementProblem, plan: PlacementPlan, impact: ImpactMatrix) -> Iterator[Check]:
    """Yield the checks of objective and bound."""
    worth = np.rint(impact.pairs["benefit"].to_numpy()[plan.chosen] * problem.scale).astype(np.int64)
    others = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    total = int(worth.sum()) + sum(one.benefit * value for one, value in others)
    wrong = [] if total == plan.objective else [f"placements are worth {total}, the plan says {plan.objective}"]
    yield _check("objective", wrong, f"{total / problem.scale:,.1f} pupil-months")
    post, row = np.maximum(on_grid(plan.post_duals), 0), clipped(problem.rows, on_grid(plan.row_duals))
    proven = priced(problem, post, row).bound
    told = plan.bound_lp is not None and abs(float(proven) - plan.bound_lp) <= 1e-9 * max(1.0, abs(plan.bound_lp))
    wrong = [] if told else [f"the duals prove {float(proven)}, the plan says {plan.bound_lp}"]
    yield _check("bound_lp", wrong, f"no plan is worth more than {float(proven) / problem.scale:,.3f} pupil-months")
    inside = plan.objective is not None and plan.bound is not None and plan.objective <= plan.bound <= proven
    wrong = [] if inside else [f"objective {plan.objective}, bound {plan.bound}, proven by the duals {float(proven)}"]
    yield _check("bound", wrong, "objective <= bound <= what the duals prove")
