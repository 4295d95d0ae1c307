"""Pins, bans and cases: the names that they give, and a row for each pin."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.scenario import Ban, Pin
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.eligibility.broken import what_bars
from pilotage.placement.eligibility.pruning import holds_level_there
from pilotage.placement.rules.constraint import Constraint, RowName, constraint

Ints = NDArray[np.int64]


def pin_rows(candidates: Candidates, impact: ImpactMatrix) -> list[Constraint]:
    """Return one row per pin.

    Raises
    ------
    ScenarioError
        For pins that contradict each other, and pins of barred pairs with what bars them.
    """
    pins, table = candidates.scenario.pins, candidates.table
    leaders, names = list(candidates.leaders["leader_id"]), list(table["post_id"])
    problems, rows = _contradictions(pins, leaders, candidates.capacity), []
    people, posts = candidates.leaders.iloc[: candidates.people], table.iloc[: candidates.posts]
    context = Context(posts, people, candidates.scenario, pd.Series(dtype=float))
    for name, pin in pins.items():
        leader, post = leaders.index(pin.leader_id), names.index(pin.post_id)
        member = np.flatnonzero((candidates.leader == leader) & (candidates.post == post))
        if not len(member):
            barred = what_bars(context, leader, post)
            if holds_level_there(candidates.leaders, table, np.array([leader]), np.array([post])).all():
                barred = ["the leader's own post: the leader holds that level in that school already", *barred]
            fault = f"{pin.leader_id} may not take {pin.post_id}: {_why_barred(impact, post, barred)}"
            problems.append(Problem(f"pins.{name}", fault, "an eligible pair", "remove the pin, or loosen the rule"))
        label = f"{pin.leader_id} takes {pin.post_id} (pinned by {pin.author}: {pin.reason})"
        rows.append(constraint(RowName("pin", f"pins.{name}", measure="structure"), label, ("=", 1), member))
    raise_all(ScenarioError, problems)
    return rows


def _why_barred(impact: ImpactMatrix, post: int, barred: list[str]) -> str:
    if barred:
        return f"barred by {', '.join(barred)}"
    rules = impact.ineligible.set_index("post_index")["rule"]
    return f"barred by {rules[post]}" if post in rules.index else "another rule, or a ban, bars the pair"


def _contradictions(pins: dict[str, Pin], leaders: list[str], capacity: Ints) -> list[Problem]:
    """Return the pins beyond what their leader or their post can take."""
    problems, seen = [], dict[tuple[str, str], list[str]]()
    for name, pin in pins.items():
        most = int(capacity[leaders.index(pin.leader_id)])
        for key, limit in ((("leader", pin.leader_id), most), (("post", pin.post_id), 1)):
            before = seen.setdefault(key, [])
            if len(before) >= limit:
                fault = f"{key[0]} {key[1]} is pinned by pins.{', pins.'.join(before)} too"
                allowed = "one leader per post" if key[0] == "post" else f"at most {most} per leader"
                problems.append(Problem(f"pins.{name}", fault, allowed, "remove one"))
            before.append(name)
    return problems


def check_names(case: Case) -> None:
    """Refuse pins, bans and cases that name what is in no table."""
    scenario, posts = case.scenario, case.posts
    known = {
        "leader_id": set(case.pool.leaders["leader_id"]),
        "post_id": set(posts.posts["post_id"]),
        "urn": set(posts.posts["urn"]),
    }
    pinned = [(f"pins.{name}", pin) for name, pin in scenario.pins.items()]
    banned = [(f"bans.{name}", ban) for name, ban in scenario.bans.items()]
    put_forward = {
        f"rules.{name}.{key}": urn for name, rule in scenario.rules.items() for key, urn in rule.put_forward().items()
    }
    problems = [*_unknown([*pinned, *banned], known), *_unknown_schools(put_forward, case.panel)]
    raise_all(ScenarioError, problems)


def _unknown(entries: list[tuple[str, Pin | Ban]], known: dict[str, set[Any]]) -> Iterator[Problem]:
    for where, entry in entries:
        for field, names in known.items():
            value = getattr(entry, field, None)
            if value is not None and value not in names:
                yield _no_such(f"{where}.{field}", field, value, names)


def _unknown_schools(urns: dict[str, int], panel: SchoolPanel) -> Iterator[Problem]:
    """Yield a problem for each URN, by the key that names it, that no school of the panel has."""
    names = set(panel.schools["urn"])
    for where, urn in urns.items():
        if urn not in names:
            yield _no_such(where, "urn", urn, names)


def _no_such(where: str, field: str, value: object, names: set[Any]) -> Problem:
    near = get_close_matches(str(value), [str(name) for name in names], 1)
    hint = f"did you mean {near[0]!r}?" if near else "mend it"
    return Problem(where, f"no such {field} {str(value)!r}", f"one of the {len(names):,} in the tables", hint)
