"""A row for each pin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.config.scenario import Pin
from pilotage.domain.forecast import ImpactMatrix
from pilotage.errors import MOST_TOLD, Problem, ScenarioError, raise_all
from pilotage.placement.candidates import Candidates
from pilotage.placement.formulation.pin_refusals import why_refused
from pilotage.placement.rules.constraint import Constraint, RowName, constraint

Ints = NDArray[np.int64]


def pin_rows(candidates: Candidates, impact: ImpactMatrix) -> list[Constraint]:
    """Return one row per pin: the sum of x over the pairs that it allows is 1.

    A pin of a post allows one pair. A pin of a school allows the leader's eligible pairs there, only those of the
    leader's own level if there are any; the plan takes the best of them.

    Raises
    ------
    ScenarioError
        For pins of barred pairs, with what bars them; of the first twenty in full.
    """
    position = {leader: number for number, leader in enumerate(candidates.leaders["leader_id"])}
    problems, rows = list[Problem](), []
    for name, pin in candidates.scenario.pins.items():
        leader, asked = position[pin.leader_id], _posts_of(pin, candidates)
        member = _allowed(candidates, leader, asked)
        if not len(member):
            why = why_refused(candidates, impact, leader, asked) if len(problems) < MOST_TOLD else "barred"
            fault, do = f"{pin.leader_id} may not take {pin.where}: {why}", "remove the pin, or loosen the rule"
            problems.append(Problem(f"pins.{name}", fault, "an eligible pair", do, key=("pins", name)))
        label = f"{pin.leader_id} takes {pin.where} (pinned by {pin.author}: {pin.reason})"
        rows.append(constraint(RowName("pin", f"pins.{name}", measure="structure"), label, ("=", 1), member))
    raise_all(ScenarioError, problems)
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
