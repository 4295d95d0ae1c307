"""Prices of all pairs by the duals of some, in one vectorised pass, and the proven bound that they give.

Weak duality: for post duals ``pi >= 0`` and row duals ``y`` of the right sign, no plan is worth more than
``sum(pi) + y . rhs``, plus, for each leader, the sum of its best positive reduced costs, as many as its capacity, plus,
for each auxiliary, the most that its reduced cost times a value between its bounds can be. The reduced cost of a pair
is ``b - pi(post) - y . weights``, that of an auxiliary ``b - y . weights``. Duals are rounded to a binary grid first,
so that the bound is a sum of integers: ``audit`` finds the same number, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.formulation.coefficients import by_leader, largest_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_BITS = 24
SAFE = 2**60  # no sum of prices may pass 2**63


@dataclass(frozen=True)
class Prices:
    """What given duals make of every pair, leader and auxiliary, in grid units.

    ``reduced``: of every pair; ``threshold``: of every leader, the least reduced cost among its best positive ones, as
    many as its capacity, 0 where they are fewer; ``auxiliary``: the reduced cost of every auxiliary; ``bound``: what
    they prove, in the problem's unit.
    """

    reduced: Ints
    threshold: Ints
    auxiliary: Ints
    bound: Fraction


def on_grid(values: Floats) -> Ints:
    """Return duals in units of 2**-GRID_BITS of the problem's integer unit."""
    scaled = np.clip(np.asarray(values, dtype=float) * 2**GRID_BITS, -SAFE, SAFE)
    grid: Ints = np.rint(scaled).astype(np.int64)
    return grid


def clipped(rows: tuple[Row, ...], duals: Ints) -> Ints:
    """Return row duals clipped to the sign that makes them valid: ``<=`` at least 0, ``>=`` at most 0, ``=`` free.

    They are clipped in size too, so that no sum of prices overflows: any dual of the right sign proves a bound.
    """
    most = np.array([SAFE // (largest * (len(rows) + 1)) for largest in largest_weights(rows)], dtype=np.int64)
    low = np.where([row.sense == "<=" for row in rows], 0, -most)
    high = np.where([row.sense == ">=" for row in rows], 0, most)
    return np.clip(duals, low, high).astype(np.int64)


def priced(problem: PlacementProblem, post: Ints, row: Ints, *, worthless: bool = False) -> Prices:
    """Return the prices that duals on the grid (posts at least 0, rows ``clipped``) make.

    Parameters
    ----------
    worthless
        Take every benefit as 0 (phase 1).
    """
    reduced = _reduced(problem, post, row, worthless=worthless)
    auxiliary = _auxiliary(problem, row, worthless=worthless)
    best, threshold = _of_leaders(problem, reduced)
    ends = np.array([(variable.lower, variable.upper) for variable in problem.auxiliaries], dtype=object).reshape(-1, 2)
    most = sum(max(int(cost) * low, int(cost) * high) for cost, (low, high) in zip(auxiliary, ends, strict=True))
    right = sum(int(dual) * constraint.rhs for dual, constraint in zip(row, problem.rows, strict=True))
    total = int(post.sum(dtype=object)) if len(post) else 0
    return Prices(reduced, threshold, auxiliary, Fraction(total + right + most + best, 2**GRID_BITS))


def _reduced(problem: PlacementProblem, post: Ints, row: Ints, *, worthless: bool) -> Ints:
    """Return the reduced cost of every pair before its leader's dual; per post and leader first, then per pair."""
    of_post, of_leader = post.copy(), np.zeros(len(problem.leader_ids), dtype=np.int64)
    duals = [(constraint, dual) for constraint, dual in zip(problem.rows, row.tolist(), strict=True) if dual]
    for constraint, dual in duals:
        if constraint.over != "pair":
            (of_post if constraint.over == "post" else of_leader)[constraint.members] += np.multiply(
                constraint.weights, dual, dtype=np.int64
            )
    reduced: Ints = -of_post[problem.post]
    if not worthless:
        reduced += problem.benefit.astype(np.int64) << GRID_BITS
    if of_leader.any():
        reduced -= of_leader[problem.leader]
    for constraint, dual in duals:
        if constraint.over == "pair":
            whole = len(constraint.members) == len(reduced)
            reduced[slice(None) if whole else constraint.members] -= np.multiply(
                constraint.weights, dual, dtype=np.int64
            )
    return reduced


def _auxiliary(problem: PlacementProblem, row: Ints, *, worthless: bool) -> Ints:
    """Return the reduced cost of every auxiliary."""
    benefit = [0 if worthless else variable.benefit for variable in problem.auxiliaries]
    reduced = np.array(benefit, dtype=np.int64) << GRID_BITS
    for constraint, dual in zip(problem.rows, row.tolist(), strict=True):
        if dual and len(constraint.auxiliaries):
            reduced[constraint.auxiliaries] -= dual * constraint.auxiliary_weights
    return reduced


def _of_leaders(problem: PlacementProblem, reduced: Ints) -> tuple[int, Ints]:
    """Return the sum over leaders of their best positive reduced costs, and the least of those of each."""
    capacity = problem.capacities
    best = np.zeros(len(capacity), dtype=np.int64)
    order = by_leader(problem)
    sorted_leader = problem.leader if order is None else problem.leader[order]
    values = reduced if order is None else reduced[order]
    starts = np.flatnonzero(np.diff(sorted_leader, prepend=-1))
    if len(starts):
        best[sorted_leader[starts]] = np.maximum(np.maximum.reduceat(values, starts), 0)
    best[capacity == 0] = 0
    total, ends = int(best.sum(dtype=object)) if len(best) else 0, [*starts[1:].tolist(), len(values)]
    for start, end in zip(starts.tolist(), ends, strict=False):
        leader = int(sorted_leader[start])
        if capacity[leader] > 1:
            top = _top(values[start:end], int(capacity[leader]))
            total += int(top.sum(dtype=object)) - int(best[leader])
            best[leader] = top[-1]
    return total, best


def _top(values: Ints, count: int) -> Ints:
    """Return the ``count`` largest values, at least 0 each, falling; zeros where there are fewer."""
    few = values if len(values) <= count else np.partition(values, len(values) - count)[-count:]
    held = np.maximum(np.sort(few)[::-1], 0)
    return np.append(held, np.zeros(count - len(held), dtype=np.int64))
