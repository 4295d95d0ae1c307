"""A plan re-counted from the tables, rule by rule, without the solver and its input.

``plan.chosen`` (the pairs), ``plan.objective``, ``plan.bound`` and the duals are claims; every check derives its own
figures from leaders, posts, schools and scenario. The bound is recomputed in exact integer arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules import ExecutiveSpan, Priced, Teams
from pilotage.config.scenario import Scenario
from pilotage.domain.explanation import Audit, Check
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.domain.tail import Tail
from pilotage.placement import recount_leaders
from pilotage.placement.audit_objective import objective_unit, worth_checks
from pilotage.placement.closing import HELD_BACK
from pilotage.placement.drafts import price_units
from pilotage.placement.ground import SCALE
from pilotage.placement.pricing import clipped, on_grid, priced
from pilotage.placement.recount import Pairwise, banned, charges, joined, kept
from pilotage.placement.recount_counts import RECOUNTS as COUNTS
from pilotage.placement.recount_counts import Counted, Found
from pilotage.placement.terms import planning_year

RECOUNTS = COUNTS | {ExecutiveSpan: recount_leaders.span, Teams: recount_leaders.teams}


def audit(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
    *,
    need: pd.Series | None = None,
    urns: NDArray[np.int64] | None = None,
    tail: Tail | None = None,
) -> Audit:
    """Return every check of a plan, each with what was counted.

    Parameters
    ----------
    need
        Need by urn, for a need threshold.
    urns
        Schools in scope; all of the panel where none are given.
    tail
        The draws that the objective looks at, if it does.
    """
    counted = _all_but_bounds(problem, plan, impact, pool, posts, panel, scenario, need, urns, tail)
    return Audit((*counted, *_bounds(problem, plan, objective_unit(scenario))))


def audit_alternative(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
    best: int,
    *,
    need: pd.Series | None = None,
    urns: NDArray[np.int64] | None = None,
    tail: Tail | None = None,
) -> Audit:
    """Return every check of an alternative to a plan whose objective is ``best``; other parameters as of ``audit``."""
    counted = _all_but_bounds(problem, plan, impact, pool, posts, panel, scenario, need, urns, tail)
    lost = best - (plan.objective or 0)
    allowed = Fraction(str(scenario.report.alternatives.loss)) * abs(best)
    unit = objective_unit(scenario)
    told = f"{lost / problem.scale:,.1f} {unit} less than the best, {float(allowed) / problem.scale:,.1f} allowed"
    return Audit((*counted, Check("near_the_best", lost <= allowed, told)))


def _all_but_bounds(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
    need: pd.Series | None,
    urns: NDArray[np.int64] | None,
    tail: Tail | None,
) -> tuple[Check, ...]:
    """Return the checks of structure, rules, prices and worth."""
    known = pd.Series(dtype=float) if need is None else need
    frame = _placements(problem, plan, impact, pool, posts, panel, scenario)
    charged = charges(frame, scenario, known)
    worth = np.rint((frame["benefit"] - charged) * SCALE).astype("int64")
    scope = panel.schools["urn"] if urns is None else pd.Series(urns)
    held = _held_back(impact, posts)
    counted = Counted(frame.assign(worth=worth), pool.leaders, scenario, panel, scope, posts.earlier, held)
    found = {name: RECOUNTS[type(r)](name, r, counted) for name, r in scenario.rules.items() if type(r) in RECOUNTS}
    paid = sum(_charge(_price(scenario, name), one) for name, one in found.items())
    checks = (*_structure(counted), *_rules(counted, scenario, known, found), *_named(counted, scenario))
    prices = _prices(problem, plan, impact, charged, paid, scenario) if _any_price(scenario) else ()
    value = worth_checks(problem, plan, impact, posts, panel, scenario, urns, tail)
    return (*checks, *prices, *value)


def _any_price(scenario: Scenario) -> bool:
    return any(_price(scenario, name) is not None for name in scenario.rules)


def _price(scenario: Scenario, name: str) -> float | None:
    rule = scenario.rules[name]
    return rule.price if isinstance(rule, Priced) else None


def _charge(price: float | None, found: Found) -> int:
    """Return what a priced rule's breaches cost, in integer units; a hard rule costs nothing, it may not be broken."""
    return 0 if price is None else price_units(price) * found.units


def _held_back(impact: ImpactMatrix, posts: Posts) -> pd.DataFrame:
    """Return the posts that the record says were held back by lot."""
    told = impact.ineligible[impact.ineligible["reason"] == HELD_BACK]
    return posts.posts.iloc[told["post_index"].to_numpy(dtype=np.int64)]


def _placements(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    pool: LeaderPool,
    posts: Posts,
    panel: SchoolPanel,
    scenario: Scenario,
) -> pd.DataFrame:
    names = pd.DataFrame(
        {
            "leader_id": [problem.leader_ids[position] for position in problem.leader[plan.chosen]],
            "post_id": [problem.post_ids[position] for position in problem.post[plan.chosen]],
            "cost_gbp": impact.pairs["cost_gbp"].to_numpy()[plan.chosen],
            "benefit": impact.pairs["benefit"].to_numpy()[plan.chosen],
        }
    )
    found = joined(names, pool, posts, panel)
    starts = found[["opens_on", "leader_available_from"]].max(axis=1)
    year = planning_year(starts.to_numpy(dtype="datetime64[D]"), scenario.as_of)
    return found.assign(starts_on=starts, year=year)


def _check(name: str, wrong: list[str], counted: str) -> Check:
    return Check(name, not wrong, counted if not wrong else "; ".join(wrong[:10]))


def _structure(counted: Counted) -> Iterator[Check]:
    """Yield whether each leader takes no more than it may at a time, and each post one leader."""
    frame = counted.placements
    twice = [f"{value} twice" for value in frame.loc[frame["post_id"].duplicated(), "post_id"].unique()]
    at_once, told = recount_leaders.overloaded(counted), f"{len(frame)} placements, none too many for its leader"
    yield _check("one_post_per_leader", at_once, told)
    yield _check("one_leader_per_post", twice, f"{len(frame)} posts, each once")
    if counted.scenario.interventions.support is not None:
        both = recount_leaders.supported_and_led(counted)
        yield _check("support_or_head", both, "no school has its head supported and a new one placed")


def _rules(counted: Counted, scenario: Scenario, need: pd.Series, found: dict[str, Found]) -> Iterator[Check]:
    """Yield one check per rule of the scenario; a priced rule holds whatever its breach, which the objective pays."""
    frame = counted.placements
    for name, rule in scenario.rules.items():
        if isinstance(rule, Pairwise):
            made = Found(
                0, tuple(_names(frame, ~kept(rule, frame, scenario, need))), f"holds for all {len(frame)} placements"
            )
        elif name in found:
            made = found[name]
        else:
            raise TypeError(f"the audit does not know the rule {type(rule).__name__}")
        if made.wrong and not made.beyond and _price(scenario, name) is not None:
            yield Check(f"rules.{name}", True, f"broken at a price: {'; '.join(made.wrong[:10])}")
        else:
            yield _check(f"rules.{name}", [*made.beyond, *made.wrong], made.counted)


def _named(counted: Counted, scenario: Scenario) -> Iterator[Check]:
    """Yield one check per pin and ban of the scenario."""
    frame = counted.placements
    for name, pin in scenario.pins.items():
        made = ((frame["leader_id"] == pin.leader_id) & (frame["post_id"] == pin.post_id)).any()
        wrong = [] if made else [f"{pin.leader_id} is not in {pin.post_id}"]
        yield _check(f"pins.{name}", wrong, f"{pin.leader_id} is in {pin.post_id}")
    for name, ban in scenario.bans.items():
        yield _check(f"bans.{name}", _names(frame, banned(ban, frame)), "no placement matches")


def _names(frame: pd.DataFrame, broken: pd.Series) -> list[str]:
    return [
        f"{leader} in {post}" for leader, post in frame.loc[broken, ["leader_id", "post_id"]].itertuples(index=False)
    ]


def _prices(
    problem: PlacementProblem,
    plan: PlacementPlan,
    impact: ImpactMatrix,
    charged: NDArray[np.float64],
    paid: int,
    scenario: Scenario,
) -> Iterator[Check]:
    """Yield whether what broken rules cost is what the plan pays: pair by pair, and for each unit of breach."""
    given = impact.pairs["price"].to_numpy()[plan.chosen] if "price" in impact.pairs else np.zeros(len(plan.chosen))
    wrong = [f"placement {number} owes {owed:g}" for number, owed in enumerate(charged) if owed != given[number]]
    breaches = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    pays = -sum(one.benefit * value for one, value in breaches if one.kind == "breach")
    owes = paid * problem.scale // SCALE
    wrong += [f"breaches cost {owes / problem.scale:g}, the plan pays {pays / problem.scale:g}"] if owes != pays else []
    told = f"{charged.sum() + paid / SCALE:,.1f} {objective_unit(scenario)} paid for broken rules"
    yield _check("prices", wrong, told)


def _bounds(problem: PlacementProblem, plan: PlacementPlan, unit: str) -> Iterator[Check]:
    """Yield the checks of the bounds; ``unit`` is what the objective counts in."""
    stated = replace(problem, rows=(*problem.rows, *plan.cuts))
    post, row = np.maximum(on_grid(plan.post_duals), 0), clipped(stated.rows, on_grid(plan.row_duals))
    proven = priced(stated, post, row).bound
    told = plan.bound_lp is not None and abs(float(proven) - plan.bound_lp) <= 1e-9 * max(1.0, abs(plan.bound_lp))
    wrong = [] if told else [f"the duals prove {float(proven)}, the plan says {plan.bound_lp}"]
    yield _check("bound_lp", wrong, f"no plan is worth more than {float(proven) / problem.scale:,.3f} {unit}")
    inside = plan.objective is not None and plan.bound is not None and plan.objective <= plan.bound <= proven
    wrong = [] if inside else [f"objective {plan.objective}, bound {plan.bound}, proven by the duals {float(proven)}"]
    yield _check("bound", wrong, "objective <= bound <= what the duals prove")
