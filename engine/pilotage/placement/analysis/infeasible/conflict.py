r"""The smallest set of groups that no plan keeps together.

First one that is irreducible: from the groups that the proof of infeasibility rests on, whatever can be left out while
no plan keeps the rest is left out. Then the smallest, by implicit hitting sets (Ignatiev et al. 2015): every conflict
has a member in common with every correction (groups without which a plan exists). So a hitting set of the corrections
known, as small as can be, is a lower bound; where no plan keeps it, it is itself the smallest conflict, and else the
groups that a plan breaks which keeps it are one more correction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum

from pilotage.domain.plan import Row, Status
from pilotage.placement.analysis.infeasible.feasibility import Feasibility, OutOfTimeError, any_plan
from pilotage.placement.analysis.infeasible.hitting import smallest_hitting_set

Groups = frozenset[int]


class Certainty(StrEnum):
    """How few the groups of a conflict are known to be."""

    SMALLEST = "smallest"  # no conflict has fewer
    IRREDUCIBLE = "irreducible"  # none can be left out
    NAMED = "named"  # by the proof that no plan exists; time did not allow to leave any out


@dataclass(frozen=True)
class Conflict:
    """Groups that no plan keeps together, and how few they are known to be."""

    groups: Groups
    certainty: Certainty


def smallest_conflict(feasibility: Feasibility) -> Conflict | None:
    """Return the smallest conflict that time allows; None where some plan keeps everything, or nothing was proven."""
    try:
        named = feasibility.core(feasibility.every)
    except OutOfTimeError:
        return None
    if named is None:
        return None
    reached = Conflict(named, Certainty.NAMED)
    try:
        reached = Conflict(irreducible(feasibility, named), Certainty.IRREDUCIBLE)
        return Conflict(_smallest(feasibility, reached.groups), Certainty.SMALLEST)
    except OutOfTimeError:
        return reached


def irreducible(feasibility: Feasibility, groups: Groups) -> Groups:
    """Return a part of some groups that no plan keeps together, from which none can be left out (deletion filter)."""
    for group in sorted(groups):
        if group in groups:
            groups = feasibility.core(groups - {group}) or groups
    return groups


def _smallest(feasibility: Feasibility, least: Groups) -> Groups:
    """Return a conflict of as few groups as can be; ``least``: one that is known."""
    corrections = list[Groups]()
    while True:
        left = feasibility.deadline - time.monotonic()
        hitting = smallest_hitting_set(corrections, feasibility.seed, seconds=left)
        if hitting is None:
            raise OutOfTimeError
        if len(hitting) >= len(least):
            return least
        if feasibility.core(hitting) is not None:
            return hitting
        corrections.append(_correction(feasibility, hitting, least))


def _correction(feasibility: Feasibility, kept: Groups, last: Groups) -> Groups:
    """Return groups, none of them kept, without which a plan exists; none can be added back.

    Those of ``last`` are added back last, so that the correction lies in them where it can.
    """
    kept = feasibility.beside(kept)
    for group in sorted(feasibility.every, key=lambda each: (each in last, each)):
        if group not in kept and feasibility.core(kept | {group}) is None:
            kept = feasibility.beside(kept | {group})
    return feasibility.every - kept


def irreducible_rows(feasibility: Feasibility, groups: Groups, most: int) -> tuple[Row, ...]:
    """Return the rows of a conflict that it rests on, as few as leaving out one after another makes them.

    Where they are more than ``most``, or time is up, those that the proof names.
    """
    problem, rows = feasibility.problem, feasibility.rows(groups)

    def named(some: list[Row]) -> list[Row] | None:
        plan = any_plan(replace(problem, rows=tuple(some)), feasibility.deadline, feasibility.seed)
        proof = set(plan.conflict)
        return [row for row in some if row.name in proof] if plan.status is Status.INFEASIBLE else None

    try:
        rows = named(rows) or rows
        for row in list(rows) if len(rows) <= most else ():
            if len(rows) > 1 and any(row is each for each in rows):
                rows = named([each for each in rows if each is not row]) or rows
    except OutOfTimeError:
        pass
    return tuple(rows)
