"""A row for each pin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from pilotage.config.scenario import Pin, Scenario
from pilotage.domain.forecast import ImpactMatrix
from pilotage.errors import MOST_TOLD, Problem
from pilotage.placement.candidates import Candidates
from pilotage.placement.eligibility.known_pairs import answered_in
from pilotage.placement.formulation.names import beyond, refuse
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
        For pins that are more than their leader can take at the posts that are allowed, and pins of barred pairs, with
        what bars them; of the first twenty in full.
    DataError
        The same, where they are all pins that answers in tables make.
    """
    pins, barred = candidates.scenario.pins, list[Problem]()
    rows, wanted = list[Constraint](), dict[str, Ints]()
    position = {leader: number for number, leader in enumerate(candidates.leaders["leader_id"])}
    for name, pin in pins.items():
        leader, asked = position[pin.leader_id], _posts_of(pin, candidates)
        member = _allowed(candidates, leader, asked)
        wanted[name] = candidates.post[member].astype(np.int64) if len(member) else asked
        if not len(member):
            why = why_refused(candidates, impact, leader, asked) if len(barred) < MOST_TOLD else "barred"
            barred.append(_barred(name, pin, why))
        label = f"{pin.leader_id} takes {pin.where} (pinned by {pin.author}: {pin.reason})"
        rows.append(constraint(RowName("pin", f"pins.{name}", measure="structure"), label, ("=", 1), member))
    most = {leader: int(candidates.capacity[number]) for leader, number in position.items()}
    refuse([*_too_often(pins, wanted, most), *barred])
    return rows


def answered_rows(scenario: Scenario) -> dict[str, str]:
    """Return file and row of each pin that an answer in a table makes, by the key of its row."""
    places = {f"pins.{name}": answered_in(pin) for name, pin in scenario.pins.items()}
    return {key: place for key, place in places.items() if place is not None}


def _barred(name: str, pin: Pin, why: str) -> Problem:
    """Return the problem of a pin, or of the answer that makes it, whose pairs are all barred."""
    place = answered_in(pin)
    if place is None:
        fault, do = f"{pin.leader_id} may not take {pin.where}: {why}", "remove the pin, or loosen the rule"
        return Problem(f"pins.{name}", fault, "an eligible pair", do, key=("pins", name))
    fault = f"{pin.leader_id} in {pin.where}: {pin.reason}, but {why}"
    return Problem(place, fault, "a placement that the scenario allows", "correct the row, or loosen the rule")


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


def _too_often(pins: Mapping[str, Pin], wanted: Mapping[str, Ints], most: Mapping[str, int]) -> Iterator[Problem]:
    """Yield the pins beyond what their leader can take; ``wanted``: the posts that would satisfy each pin."""
    by_leader = dict[str, list[str]]()
    for name, pin in pins.items():
        by_leader.setdefault(pin.leader_id, []).append(name)
    for leader, mine in by_leader.items():
        needed = [mine[position] for position in apart([wanted[name] for name in mine])]
        yield from beyond(leader, {name: pins[name] for name in needed}, most[leader])


def apart(wanted: list[Ints]) -> list[int]:
    """Return the positions of sets that have nothing in common, the smallest first: each needs a placement of its own.

    A pin on a school and a pin on a post there have the post in common: one placement satisfies both.
    """
    chosen, taken = list[int](), set[int]()
    for position in sorted(range(len(wanted)), key=lambda each: len(wanted[each])):
        posts = wanted[position].tolist()
        if taken.isdisjoint(posts):
            chosen.append(position)
            taken.update(posts)
    return chosen
