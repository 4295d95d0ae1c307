"""The integer problem over all pairs, exactly, from a guess at how far below the linear optimum the best plan lies.

A pair's loss is by how much the bound falls, at least, where the pair is in the plan. If the best plan lies within a
room of the bound, its pairs' losses do: an exact search over those few pairs finds it, or proves that every plan lies
below, and the next room is wider. No good plan need be known beforehand, and none of the pairs left out could have
been in a better plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.generation import Relaxation
from pilotage.placement.integers import Answer, Choice, Ranges, value_of
from pilotage.placement.lp import Rows
from pilotage.placement.pricing import GRID_BITS
from pilotage.placement.tree import Effort, solve_tree

Ints = NDArray[np.int64]

FIRST = 200  # pairs in the first room, at least
GROWTH = 4  # how many times more pairs the next room holds
MANY = 20_000  # pairs; with more, the linear programmes of an exact search take too long
UNREACHED = 2**62  # no plan is worth as much


@dataclass(frozen=True)
class Room:
    """The pairs of every plan worth more than ``cutoff``, and the ranges of its auxiliaries."""

    pairs: Ints
    ranges: Ranges
    cutoff: int


def losses(problem: PlacementProblem, found: Relaxation) -> Ints:
    """Return by how much the bound falls (grid units), at least, where a pair is in the plan, shape (pairs,)."""
    loss: Ints = np.maximum(found.prices.threshold[problem.leader] - found.prices.reduced, 0)
    return loss


def room_above(problem: PlacementProblem, found: Relaxation, loss: Ints, cutoff: int) -> Room:
    """Return what plans worth more than ``cutoff``, or as much, may hold."""
    room = math.floor((found.prices.bound - cutoff) * 2**GRID_BITS)
    ranges: Ranges = []
    for one, cost in zip(problem.auxiliaries, found.prices.auxiliary.tolist(), strict=True):
        low = one.lower if cost <= 0 else max(one.lower, one.upper - room // cost)
        high = one.upper if cost >= 0 else min(one.upper, one.lower + room // -cost)
        ranges.append((low, high))
    return Room(np.flatnonzero(loss <= min(room, UNREACHED)), ranges, cutoff)


def solve_rounds(rows: Rows, found: Relaxation, best: Choice | None, effort: Effort) -> Answer:
    """Return the best plan, at least as good as ``best``, and a true bound; ``proven`` says that none is better."""
    problem, bound, loss = rows.problem, math.floor(found.prices.bound), losses(rows.problem, found)
    for guess in _cutoffs(found, loss):
        cutoff = guess if best is None else max(guess, value_of(problem, best))
        room = room_above(problem, found, loss, cutoff)
        if len(room.pairs) > MANY:
            return Answer(best, bound, proven=False)
        answer, work = solve_tree(rows, room.pairs, best, effort, cutoff, ranges=room.ranges)
        best, effort = answer.choice, replace(effort, work=effort.work - work)
        bound = bound if answer.bound is None else min(bound, answer.bound)
        if not answer.proven or (best is not None and effort.closes(bound, value_of(problem, best))):
            return Answer(best, bound, answer.proven)
    return Answer(None, None, proven=True)


def _cutoffs(found: Relaxation, loss: Ints) -> Iterator[int]:
    """Yield ever lower guesses at what the best plan exceeds; the last is below every plan."""
    size, last = max(FIRST, 2 * int(np.count_nonzero(found.taken))), math.floor(found.prices.bound)
    while size < len(loss):
        cutoff = math.floor(found.prices.bound - Fraction(int(np.partition(loss, size)[size]), 2**GRID_BITS))
        if cutoff < last:
            yield cutoff
        last = min(cutoff, last)
        size *= GROWTH
    yield -UNREACHED
