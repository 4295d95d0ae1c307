"""The integer problem over all pairs, exactly, from a guess at how far below the linear optimum the best plan lies.

A pair's loss is by how much the bound falls, at least, where the pair is in the plan. If the best plan lies within a
room of the bound, its pairs' losses do: an exact search over those few pairs finds it, or proves that every plan lies
below, and the next room is wider. No good plan need be known beforehand, and none of the pairs left out could have
been in a better plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.generation import Relaxation
from pilotage.placement.integers import Answer, Choice, Ranges, value_of
from pilotage.placement.lp import Rows
from pilotage.placement.pricing import GRID_BITS
from pilotage.placement.tree import Effort, Room, solve_tree

Ints = NDArray[np.int64]

FIRST = 200  # pairs in the first room, at least
GROWTH = 3  # how many times more pairs the next room holds
MANY = 20_000  # pairs; with more, the linear programmes of an exact search take too long
UNREACHED = 2**62  # no plan is worth as much


def losses(problem: PlacementProblem, found: Relaxation) -> Ints:
    """Return by how much the bound falls (grid units), at least, where a pair is in the plan, shape (pairs,)."""
    loss: Ints = np.maximum(found.prices.threshold[problem.leader] - found.prices.reduced, 0)
    return loss


def room_above(problem: PlacementProblem, found: Relaxation, loss: Ints, cutoff: int) -> Room:
    """Return what plans worth more than ``cutoff``, or as much, may hold; half as many pairs are enough."""
    space = math.floor((found.prices.bound - cutoff) * 2**GRID_BITS)
    ranges: Ranges = []
    for one, cost in zip(problem.auxiliaries, found.prices.auxiliary.tolist(), strict=True):
        low = one.lower if cost <= 0 else max(one.lower, one.upper - space // cost)
        high = one.upper if cost >= 0 else min(one.upper, one.lower + space // -cost)
        ranges.append((low, high))
    pairs = np.flatnonzero(loss <= min(space, UNREACHED))
    return Room(pairs, ranges, cutoff, _enough(found, loss[pairs]))


def _enough(found: Relaxation, loss: Ints) -> int:
    """Return the worth of a plan that would leave room for half of the pairs with these losses, where they are many."""
    if len(loss) <= FIRST:
        return UNREACHED
    middle = int(np.median(loss))
    return math.ceil(found.prices.bound - Fraction(middle, 2**GRID_BITS)) if middle < loss.max() else UNREACHED


def solve_rounds(rows: Rows, found: Relaxation, best: Choice | None, effort: Effort) -> Answer:
    """Return the best plan, at least as good as ``best``, and a true bound; ``proven`` says that none is better."""
    problem, bound, loss = rows.problem, math.floor(found.prices.bound), losses(rows.problem, found)
    guesses = _cutoffs(found, loss)
    guess: int | None = next(guesses)
    while guess is not None:
        value = None if best is None else value_of(problem, best)
        room = room_above(problem, found, loss, guess if value is None else max(guess, value))
        if len(room.pairs) > MANY:
            return Answer(best, bound, proven=False)
        answer, work = solve_tree(rows, room, best, effort)
        best, effort = answer.choice, replace(effort, work=effort.work - work)
        bound = bound if answer.bound is None else min(bound, answer.bound)
        now = None if best is None else value_of(problem, best)
        if now is not None and effort.closes(bound, now):
            return Answer(best, bound, proven=True)
        if answer.proven:
            guess = next(guesses, None)
        elif now is None or now < room.enough:
            return Answer(best, bound, proven=False)
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
