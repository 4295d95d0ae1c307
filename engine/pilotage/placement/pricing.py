"""Prices of all pairs by the duals of some, in one vectorised pass, and the proven bound that they give.

Weak duality: for post duals ``pi >= 0`` and row duals ``y`` of the right sign, no plan is worth more than
``sum(pi) + y . rhs + sum over leaders of max(0, best reduced cost)``, where the reduced cost of a pair is
``b - pi(post) - y . weights``. Duals are rounded to a binary grid first, so that the bound is a sum of integers:
``audit`` finds the same number, exactly.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_BITS = 24


def on_grid(values: Floats) -> Ints:
    """Return duals in units of 2**-GRID_BITS of the problem's integer unit."""
    grid: Ints = np.rint(np.asarray(values, dtype=float) * 2**GRID_BITS).astype(np.int64)
    return grid


def clipped(rows: tuple[Row, ...], duals: Ints) -> Ints:
    """Return row duals clipped to the sign that makes them valid: ``<=`` at least 0, ``>=`` at most 0, ``=`` free."""
    low = np.array([np.iinfo(np.int64).min if row.sense in (">=", "=") else 0 for row in rows], dtype=np.int64)
    high = np.array([np.iinfo(np.int64).max if row.sense in ("<=", "=") else 0 for row in rows], dtype=np.int64)
    return np.clip(duals, low, high)


def reduced_costs(problem: PlacementProblem, benefit: Ints, post: Ints, row: Ints) -> Ints:
    """Return the reduced cost of every pair before its leader's dual, in grid units, shape (pairs,)."""
    reduced: Ints = (benefit << GRID_BITS) - post[problem.post]
    for one, dual in zip(problem.rows, row.tolist(), strict=True):
        if dual:
            reduced[one.members] -= dual * one.weights
    return reduced


def best_of_leaders(problem: PlacementProblem, reduced: Ints) -> Ints:
    """Return each leader's best reduced cost, at least 0, shape (leaders,)."""
    best = np.zeros(len(problem.leader_ids), dtype=np.int64)
    np.maximum.at(best, problem.leader, reduced)
    return best


def proven_bound(problem: PlacementProblem, best: Ints, post: Ints, row: Ints) -> Fraction:
    """Return the bound on the objective that the duals prove, exactly."""
    total = int(post.sum()) + int(best.sum()) + sum(int(y) * r.rhs for y, r in zip(row, problem.rows, strict=True))
    return Fraction(total, 2**GRID_BITS)
