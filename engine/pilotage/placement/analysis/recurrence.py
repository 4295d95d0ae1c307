"""What a plan has, and whether another plan has it again: a leader at a school, or a school with any leader."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Holding:
    """A leader at a school by any post; without ``leader`` (a position), the school with any leader.

    ``pairs``: all that make it so, as positions; a plan has the holding if it has one of them.
    """

    urn: int
    pairs: Ints
    leader: int | None = None

    def within(self, chosen: Ints) -> bool:
        """Return whether a plan of these pairs has the holding."""
        return bool(np.isin(chosen, self.pairs).any())


def leaders_at_schools(problem: PlacementProblem, chosen: Ints) -> list[Holding]:
    """Return each leader at each school of a plan, by leader and URN."""
    urns = problem.urns[problem.post]
    held = sorted({(int(problem.leader[pair]), int(urns[pair])) for pair in chosen.tolist()})
    return [Holding(urn, np.flatnonzero((problem.leader == one) & (urns == urn)), one) for one, urn in held]


def schools(problem: PlacementProblem, chosen: Ints, *, inside: bool) -> list[Holding]:
    """Return the schools that a plan serves, or those that it does not and could, by URN."""
    urns = problem.urns[problem.post]
    of_plan = np.isin(urns, urns[chosen])
    order = np.argsort(urns, kind="stable")
    wanted = order[of_plan[order] == inside]
    names, starts = np.unique(urns[wanted], return_index=True)
    parts = np.split(wanted, starts[1:]) if len(names) else []
    return [Holding(urn, np.sort(part)) for urn, part in zip(names.tolist(), parts, strict=True)]


def in_draw(problem: PlacementProblem, expected: Ints, drawn: Ints) -> PlacementProblem:
    """Return a problem with the benefits of one draw in the place of those expected; every rule stays, and its charge.

    ``expected`` and ``drawn``: in the problem's unit, shape (pairs,). What leaders of one school would count twice is
    the same in every draw.
    """
    return replace(problem, benefit=problem.benefit - expected + drawn.astype(np.int64))
