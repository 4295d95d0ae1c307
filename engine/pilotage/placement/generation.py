"""Column generation: a linear programme over few pairs, priced over all of them until none improves it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.lp import Duals, OutOfTimeError, Rows, solve_lp
from pilotage.placement.pricing import GRID_BITS, best_of_leaders, clipped, on_grid, proven_bound, reduced_costs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_PER_LEADER = 30
ADDED_PER_LEADER = 10
TOLERANCE = 1e-6  # of the problem's unit, on reduced costs


@dataclass(frozen=True)
class Relaxation:
    """The linear optimum, certified over all pairs.

    ``columns`` and ``taken``: the pairs held and the share of each; ``post``, ``row``: duals on the grid; ``reduced``:
    of every pair; ``best``: of every leader; ``bound``: what they prove; ``shortfall``: of phase 1.
    """

    columns: Ints
    taken: Floats
    post: Ints
    row: Ints
    reduced: Ints
    best: Ints
    bound: Fraction
    objective: float
    rounds: int


def first_columns(problem: PlacementProblem, more: Ints) -> Ints:
    """Return each leader's best pairs, and ``more``, ascending."""
    return np.union1d(
        _best_per_leader(problem, problem.benefit, np.arange(len(problem.benefit)), FIRST_PER_LEADER), more
    )


def relax(rows: Rows, columns: Ints, deadline: float, *, shortfall: bool = False) -> Relaxation:
    """Solve the linear programme over all pairs, starting from ``columns``.

    Raises
    ------
    OutOfTimeError
        When ``deadline`` (of ``time.monotonic``) passes first.
    """
    problem = rows.problem
    benefit = np.zeros_like(problem.benefit) if shortfall else problem.benefit
    unit = 1.0 if shortfall else float(problem.scale)
    rounds = 0
    while True:
        rounds += 1
        value = benefit[columns] / unit
        left = deadline - time.monotonic()
        taken, duals, objective = solve_lp(rows, columns, value, left, shortfall=shortfall)
        found = _priced(rows, duals, unit, benefit, columns, taken, objective, rounds)
        violators = _violators(found, problem, on_grid(duals.leader * unit))
        if not len(violators):
            return found
        if time.monotonic() > deadline:
            raise OutOfTimeError
        columns = np.union1d(columns, violators)


def _priced(
    rows: Rows, duals: Duals, unit: float, benefit: Ints, columns: Ints, taken: Floats, objective: float, rounds: int
) -> Relaxation:
    problem = rows.problem
    post = np.maximum(on_grid(duals.post * unit), 0)
    row = clipped(problem.rows, on_grid(duals.row * unit / rows.scale))
    reduced = reduced_costs(problem, benefit, post, row)
    best = best_of_leaders(problem, reduced)
    bound = proven_bound(problem, best, post, row)
    return Relaxation(columns, taken, post, row, reduced, best, bound, objective * unit, rounds)


def _violators(found: Relaxation, problem: PlacementProblem, leader: Ints) -> Ints:
    """Return pairs worth more than their leader's price, each leader's best few, that are not held yet."""
    excess = found.reduced - np.maximum(leader, 0)[problem.leader]
    worth = excess > int(TOLERANCE * problem.scale * 2**GRID_BITS)
    worth[found.columns] = False
    return _best_per_leader(problem, found.reduced, np.flatnonzero(worth), ADDED_PER_LEADER)


def _best_per_leader(problem: PlacementProblem, value: Ints, among: Ints, count: int) -> Ints:
    """Return, of the pairs ``among``, each leader's ``count`` best by ``value``; ties by position."""
    order = among[np.lexsort((among, -value[among], problem.leader[among]))]
    leader = problem.leader[order]
    start = np.searchsorted(leader, leader, side="left")
    return np.sort(order[np.arange(len(order)) - start < count])
