"""Pins, bans and cases: the names that they give, and a row for each pin."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.scenario import Pin
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.candidates import Candidates
from pilotage.placement.formulation.pin_refusals import why_refused
from pilotage.placement.rules.constraint import Constraint, RowName, constraint

Ints = NDArray[np.int64]


def pin_rows(candidates: Candidates, impact: ImpactMatrix) -> list[Constraint]:
    """Return one row per pin: the sum of x over the pairs that it allows is 1.

    A pin of a post allows one pair. A pin of a school allows the leader's eligible pairs there, prospects as well as
    known posts; only those of the leader's own level if there are any. The plan takes the best of them.

    Raises
    ------
    ScenarioError
        For pins that contradict each other, and pins of barred pairs with what bars them.
    """
    pins, leaders = candidates.scenario.pins, list(candidates.leaders["leader_id"])
    barred, rows, wanted = list[Problem](), list[Constraint](), dict[str, Ints]()
    for name, pin in pins.items():
        leader, asked = leaders.index(pin.leader_id), _posts_of(pin, candidates)
        member = _allowed(candidates, leader, asked)
        wanted[name] = candidates.post[member].astype(np.int64) if len(member) else asked
        if not len(member):
            fault = f"{pin.leader_id} may not take {pin.where}: {why_refused(candidates, impact, leader, asked)}"
            barred.append(Problem(f"pins.{name}", fault, "an eligible pair", "remove the pin, or loosen the rule"))
        label = f"{pin.leader_id} takes {pin.where} (pinned by {pin.author}: {pin.reason})"
        rows.append(constraint(RowName("pin", f"pins.{name}", measure="structure"), label, ("=", 1), member))
    most = dict(zip(leaders, candidates.capacity.tolist(), strict=True))
    raise_all(ScenarioError, [*_too_often(pins, wanted, most), *_one_post_for_two(pins), *barred])
    return rows


def _posts_of(pin: Pin, candidates: Candidates) -> Ints:
    """Return the posts (positions) that a pin asks for, ascending."""
    posts = candidates.table.iloc[: candidates.posts]
    asked = posts["post_id"] == pin.post_id if pin.urn is None else posts["urn"] == pin.urn
    return np.flatnonzero(asked.to_numpy(dtype=bool))


def _allowed(candidates: Candidates, leader: int, asked: Ints) -> Ints:
    """Return the leader's pairs at some posts; where some are of the leader's level, only these."""
    mine = candidates.of_leader(leader)
    mine = mine[np.isin(candidates.post[mine], asked)]
    own = candidates.of_school("level")[mine] == candidates.leaders["level"].iloc[leader]
    return mine[own] if own.any() else mine


def _too_often(pins: dict[str, Pin], wanted: dict[str, Ints], most: dict[str, int]) -> Iterator[Problem]:
    """Yield the pins beyond what their leader can take; ``wanted``: the posts that would satisfy each pin."""
    for leader in dict.fromkeys(pin.leader_id for pin in pins.values()):
        mine = [name for name, pin in pins.items() if pin.leader_id == leader]
        needed, limit = [mine[one] for one in apart([wanted[name] for name in mine])], most[leader]
        for name in needed[limit:]:
            fault = f"leader {leader} is pinned by pins.{', pins.'.join(needed[:limit])} too"
            yield Problem(f"pins.{name}", fault, f"at most {limit} per leader", "remove one")


def apart(wanted: list[Ints]) -> list[int]:
    """Return the positions of sets that have nothing in common, the smallest first: each needs a placement of its own.

    A pin on a school and a pin on a post there have the post in common: one placement satisfies both.
    """
    chosen = list[int]()
    for one in sorted(range(len(wanted)), key=lambda position: len(wanted[position])):
        if not any(np.isin(wanted[one], wanted[other]).any() for other in chosen):
            chosen.append(one)
    return chosen


def _one_post_for_two(pins: dict[str, Pin]) -> Iterator[Problem]:
    """Yield the pins of a post that is pinned for another leader too."""
    first = dict[str, str]()
    for name, pin in pins.items():
        before = name if pin.post_id is None else first.setdefault(pin.post_id, name)
        if pins[before].leader_id != pin.leader_id:
            fault = f"post {pin.post_id} is pinned by pins.{before} too"
            yield Problem(f"pins.{name}", fault, "one leader per post", "remove one")


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
    gone = set(scenario.pool.leave_out)
    problems = [*_unknown(pinned, known | {"urn": set(case.panel.schools["urn"])}, gone)]
    problems += [*_out_of_scope(case), *_without_posts(scenario.pins, known["urn"], case.urns)]
    problems += [*_unknown(banned, known | {"leader_id": known["leader_id"] | gone}, set())]
    raise_all(ScenarioError, [*problems, *_unknown_schools(put_forward, case.panel)])


def _out_of_scope(case: Case) -> Iterator[Problem]:
    """Yield a problem for each pin of a school, or of a post at a school, that the data has and the scope has not."""
    school_of = dict(zip(case.posts.posts["post_id"], case.posts.posts["urn"].tolist(), strict=True))
    outside = set(case.panel.schools["urn"].tolist()) - set(case.urns.tolist())
    for name, pin in case.scenario.pins.items():
        key, urn = ("urn", pin.urn) if pin.post_id is None else ("post_id", school_of.get(pin.post_id))
        if urn in outside:
            do = "widen the scope, or remove the pin"
            yield Problem(f"pins.{name}.{key}", f"school {urn} is out of scope", "a school in scope", do)


def _without_posts(pins: dict[str, Pin], with_posts: set[int], urns: Ints) -> Iterator[Problem]:
    """Yield a problem for each pin of a school in scope that has no post."""
    without = set(urns.tolist()) - with_posts
    for name, pin in pins.items():
        if pin.urn in without:
            do = "add its post to the table of posts, or remove the pin"
            yield Problem(f"pins.{name}.urn", f"school {pin.urn} has no post", "a school with a post", do)


def _unknown(entries: list[tuple[str, Any]], known: dict[str, set[Any]], left_out: set[str]) -> Iterator[Problem]:
    """Yield a problem for each name of a pin or ban that is in no table; ``left_out``: leaders of pool.leave_out."""
    for where, entry in entries:
        for field, names in known.items():
            value = getattr(entry, field)
            if field == "leader_id" and value in left_out:
                do = "take the leader out of pool.leave_out, or remove the pin"
                yield Problem(f"{where}.{field}", f"pool.leave_out leaves {value} out", "a leader of this run", do)
            elif value is not None and value not in names:
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
