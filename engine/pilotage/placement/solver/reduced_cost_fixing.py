"""The pairs that a plan of a given worth can hold: the rest is fixed at 0 by their reduced costs.

A pair's loss is by how much the bound of the linear programme falls, at least, where the pair is in the plan. A plan
worth ``cutoff`` or more holds no pair whose loss exceeds the space between bound and cutoff. All is counted in
integers, so that no tolerance of a solver counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation.coefficients import largest_weight
from pilotage.placement.solver.column_generation import Relaxation
from pilotage.placement.solver.cp_sat import Choice, Pool, Ranges
from pilotage.placement.solver.pricing import GRID_BITS

Ints = NDArray[np.int64]

FIRST = 200  # pairs in the first pool, at least
GROWTH = 4  # how many times more pairs the next pool holds
LARGEST = 2**63 - 1  # of what is counted in 64 bits


def losses(problem: PlacementProblem, relaxation: Relaxation) -> Ints:
    """Return by how much the bound falls (grid units), at least, where a pair is in the plan, shape (pairs,)."""
    loss: Ints = np.maximum(relaxation.prices.threshold[problem.leader] - relaxation.prices.reduced, 0)
    return loss


def pool_above(problem: PlacementProblem, relaxation: Relaxation, loss: Ints, cutoff: int, hint: Choice | None) -> Pool:
    """Return what plans worth ``cutoff`` or more may hold, and what the linear optimum and the plan ``hint`` do."""
    space = space_above(relaxation, cutoff)
    pairs = np.union1d(np.flatnonzero(loss <= min(space, LARGEST)), relaxation.columns[relaxation.taken > 0])
    ranges = _ranges(problem, relaxation, space)
    if hint is not None:
        pairs = np.union1d(pairs, hint.chosen)
        every = zip(ranges, hint.auxiliary.tolist(), strict=True)
        ranges = [(min(low, value), max(high, value)) for (low, high), value in every]
    return Pool(pairs, ranges, cutoff, _all_prices(problem, relaxation))


def space_above(relaxation: Relaxation, cutoff: int) -> int:
    """Return by how much (grid units) the bound exceeds a plan's worth."""
    space: Fraction = (relaxation.prices.bound - cutoff) * 2**GRID_BITS
    return math.floor(space)


def _ranges(problem: PlacementProblem, relaxation: Relaxation, space: int) -> Ranges:
    """Return the values that auxiliaries may have where the bound may fall by ``space``."""
    ranges: Ranges = []
    for auxiliary, cost in zip(problem.auxiliaries, relaxation.prices.auxiliary.tolist(), strict=True):
        low = auxiliary.lower if cost <= 0 else max(auxiliary.lower, auxiliary.upper - space // cost)
        high = auxiliary.upper if cost >= 0 else min(auxiliary.upper, auxiliary.lower + space // -cost)
        ranges.append((low, high))
    return ranges


def _all_prices(problem: PlacementProblem, relaxation: Relaxation) -> float:
    """Return the sum of the sizes of all prices: of leaders, posts, and rows for their largest weight."""
    rows = zip(problem.rows, relaxation.row.tolist(), strict=True)
    own = sum(abs(dual) * largest_weight(row) for row, dual in rows if dual)
    leaders = (
        int((relaxation.prices.threshold.astype(object) * problem.capacities).sum()) if len(problem.leader_ids) else 0
    )
    return float(Fraction(own + leaders + int(relaxation.post.sum(dtype=object)), 2**GRID_BITS))


def cutoffs(relaxation: Relaxation, loss: Ints) -> Iterator[int]:
    """Yield ever lower guesses at the worth of the best plan, each with several times more pairs above it."""
    size, last = max(FIRST, 2 * int(np.count_nonzero(relaxation.taken))), math.floor(relaxation.prices.bound) + 1
    while size < len(loss):
        largest = int(np.partition(loss, size)[size])
        cutoff = math.floor(relaxation.prices.bound - Fraction(largest, 2**GRID_BITS))
        if cutoff < last:
            yield cutoff
        last = min(cutoff, last)
        size *= GROWTH
