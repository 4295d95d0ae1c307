"""The decision in integers: what each pair is worth, and a row for each rule that counts over pairs.

Rules that bar or price single pairs are in ``eligibility``. Each writer of ``WRITERS`` makes the rows of one rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules import (
    AreaMaximum,
    AreaMinimum,
    Budget,
    Cap,
    CaseQuota,
    DeprivedShare,
    ExecutiveSpan,
    Moves,
    PhaseBalance,
    Teams,
)
from pilotage.config.scenario import Pin, Scenario
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementProblem
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.capacities import capacities
from pilotage.placement.drafts import Draft, draft, numbered
from pilotage.placement.eligibility import open_posts
from pilotage.placement.ground import SCALE, Ground
from pilotage.placement.rule_counts import area_limit, caps, case_quota, phase_balance
from pilotage.placement.rule_spans import executive_span
from pilotage.placement.rule_teams import teams
from pilotage.placement.rule_value import budget, deprived_share, moves

Ints = NDArray[np.int64]

#: The writer of each rule that counts over pairs: (name, rule, ground) -> its row or rows.
WRITERS: dict[type[Any], Callable[[str, Any, Ground], Draft | Iterator[Draft]]] = {
    AreaMinimum: area_limit,
    AreaMaximum: area_limit,
    Cap: caps,
    Budget: budget,
    PhaseBalance: phase_balance,
    DeprivedShare: deprived_share,
    CaseQuota: case_quota,
    Moves: moves,
    ExecutiveSpan: executive_span,
    Teams: teams,
}


def placement_problem(
    impact: ImpactMatrix,
    panel: SchoolPanel,
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    urns: Ints | None = None,
) -> PlacementProblem:
    """Return the problem whose pairs are the rows of ``impact.pairs``, in the same order.

    Parameters
    ----------
    urns
        Schools in scope; all of the panel where none are given.

    Raises
    ------
    ScenarioError
        For pins, bans and cases that name nobody, pins that contradict each other or a ban, and pins of barred pairs.
    """
    ground = ground_of(impact, panel, pool, posts, scenario, urns)
    _check_names(scenario, pool, posts, panel)
    drafts = [*_drafts(ground), *_pins(scenario.pins, impact, pool, ground.table)]
    rows, auxiliaries = numbered(drafts)
    return PlacementProblem(
        leader_ids=tuple(pool.leaders["leader_id"]),
        post_ids=tuple(ground.table["post_id"]),
        urns=ground.table["urn"].to_numpy(dtype=np.int64),
        leader=ground.leader.astype(np.int32),
        post=ground.post.astype(np.int32),
        benefit=ground.benefit,
        scale=SCALE,
        rows=rows,
        capacity=ground.capacity,
        auxiliaries=auxiliaries,
    )


def ground_of(
    impact: ImpactMatrix,
    panel: SchoolPanel,
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    urns: Ints | None = None,
) -> Ground:
    """Return what the scenario's rows are made from."""
    table = open_posts(panel, posts)
    return Ground(
        scenario=scenario,
        panel=panel,
        table=table,
        leaders=pool.leaders,
        pairs=impact.pairs,
        benefit=worth(impact.pairs),
        capacity=capacities(pool.leaders, scenario),
        urns=panel.schools["urn"].to_numpy(dtype=np.int64) if urns is None else urns,
        earlier=posts.earlier,
    )


def worth(pairs: pd.DataFrame) -> Ints:
    """Return what each pair is worth to a plan: its benefit less what priced rules charge, in integer units."""
    charged = pairs["price"].to_numpy() if "price" in pairs else 0.0
    return np.rint((pairs["benefit"].to_numpy() - charged) * SCALE).astype(np.int64)


def _drafts(ground: Ground) -> Iterator[Draft]:
    for name, rule in ground.scenario.rules.items():
        write = WRITERS.get(type(rule))
        made: Draft | Iterable[Draft] = () if write is None else write(name, rule, ground)
        yield from (made,) if isinstance(made, Draft) else made


def _pins(pins: dict[str, Pin], impact: ImpactMatrix, pool: LeaderPool, table: pd.DataFrame) -> list[Draft]:
    leaders, posts = list(pool.leaders["leader_id"]), list(table["post_id"])
    problems, rows = _contradictions(pins), []
    for name, pin in pins.items():
        leader, post = leaders.index(pin.leader_id), posts.index(pin.post_id)
        match = (impact.pairs["leader_index"] == leader) & (impact.pairs["post_index"] == post)
        member = np.flatnonzero(match)
        if not len(member):
            found = f"{pin.leader_id} may not take {pin.post_id}: {_why_barred(impact, post)}"
            problems.append(Problem(f"pins.{name}", found, "an eligible pair", "remove the pin, or loosen the rule"))
        label = f"{pin.leader_id} takes {pin.post_id} (pinned by {pin.author}: {pin.reason})"
        rows.append(draft(f"pins.{name}", "pin", label, "=", 1, member))
    raise_all(ScenarioError, problems)
    return rows


def _why_barred(impact: ImpactMatrix, post: int) -> str:
    reasons = impact.ineligible.set_index("post_index")["reason"]
    return str(reasons.get(post, "a rule on level, phase, travel or availability, or a ban, bars the pair"))


def _contradictions(pins: dict[str, Pin]) -> list[Problem]:
    problems, seen = [], dict[tuple[str, str], str]()
    for name, pin in pins.items():
        for key in (("leader", pin.leader_id), ("post", pin.post_id)):
            first = seen.setdefault(key, name)
            if first != name:
                found = f"{key[0]} {key[1]} is pinned by pins.{first} too"
                problems.append(
                    Problem(f"pins.{name}", found, "one post per leader, one leader per post", "remove one")
                )
    return problems


def _check_names(scenario: Scenario, pool: LeaderPool, posts: Posts, panel: SchoolPanel) -> None:
    """Refuse pins, bans and cases that name what is in no table."""
    known = {
        "leader_id": set(pool.leaders["leader_id"]),
        "post_id": set(posts.posts["post_id"]),
        "urn": set(posts.posts["urn"]),
    }
    schools = {"urn": set(panel.schools["urn"])}
    pinned = [(f"pins.{name}", pin) for name, pin in scenario.pins.items()]
    banned = [(f"bans.{name}", ban) for name, ban in scenario.bans.items()]
    cases = [
        (f"rules.{rule}.cases.{name}", case)
        for rule, quota in scenario.rules.items()
        if isinstance(quota, CaseQuota)
        for name, case in quota.cases.items()
    ]
    problems = [*_unknown([*pinned, *banned], known), *_unknown(cases, schools)]
    raise_all(ScenarioError, problems)


def _unknown(entries: list[tuple[str, Any]], known: dict[str, set[Any]]) -> Iterator[Problem]:
    for where, entry in entries:
        for field, names in known.items():
            value = getattr(entry, field, None)
            if value is not None and value not in names:
                near = get_close_matches(str(value), [str(one) for one in names], 1)
                hint = f"did you mean {near[0]!r}?" if near else "mend it"
                allowed = f"one of the {len(names):,} in the tables"
                yield Problem(f"{where}.{field}", f"no such {field} {str(value)!r}", allowed, hint)
