"""Column generation: a linear programme over few pairs, priced over all of them until none improves it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation.coefficients import by_leader
from pilotage.placement.solver.master_lp import OutOfTimeError, Rows, Solution, solve_lp
from pilotage.placement.solver.pricing import GRID_BITS, Prices, clipped, on_grid, priced

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_PER_LEADER = 5
ADDED_PER_LEADER = 5
TOLERANCE = 1e-6  # of the objective's unit, on reduced costs
CLOSE = 1e-3  # of the integer unit: no plan can be worth more than the linear optimum
SHORTFALL_UNIT = 2**14  # phase 1 counts a row broken by its largest weight as this many units


@dataclass(frozen=True)
class Relaxation:
    """The linear optimum, certified over all pairs.

    ``columns`` and ``taken``: the pairs held and the share of each; ``auxiliary``: the auxiliaries' values; ``post``,
    ``row``: duals on the grid; ``prices``: what they make of every pair, and the bound; ``objective``: of the linear
    programme, in the problem's unit (phase 1: minus the shortfall).
    """

    columns: Ints
    taken: Floats
    auxiliary: Floats
    post: Ints
    row: Ints
    prices: Prices
    objective: float
    iterations: int


def first_columns(problem: PlacementProblem, more: Ints) -> Ints:
    """Return each leader's best pairs, and ``more``, ascending."""
    order = by_leader(problem)
    every = np.arange(len(problem.benefit)) if order is None else order
    cuts = np.flatnonzero(np.diff(problem.leader[every], prepend=-1)).tolist()
    best = [_best(problem.benefit, every[a:b]) for a, b in pairwise([*cuts, len(every)])]
    return np.union1d(np.concatenate([np.zeros(0, dtype=np.int64), *best]), more)


def _best(value: Ints, among: Ints) -> Ints:
    """Return the ``FIRST_PER_LEADER`` of ``among`` with the largest values."""
    if len(among) <= FIRST_PER_LEADER:
        return among
    return among[np.argpartition(-value[among], FIRST_PER_LEADER)[:FIRST_PER_LEADER]]


def relax(rows: Rows, columns: Ints, deadline: float, *, shortfall: bool = False) -> Relaxation:
    """Solve the linear programme over all pairs, starting from ``columns``.

    Raises
    ------
    OutOfTimeError
        When ``deadline`` (of ``time.monotonic``) passes first; it carries the lowest bound proven so far.
    """
    problem = rows.problem
    unit = float(SHORTFALL_UNIT if shortfall else problem.scale)
    iterations, lowest = 0, None
    while True:
        iterations += 1
        try:
            solution = solve_lp(rows, columns, unit, deadline - time.monotonic(), shortfall=shortfall)
        except OutOfTimeError:
            raise OutOfTimeError(None if shortfall else lowest) from None
        relaxation = _certified(rows, columns, solution, unit, iterations, shortfall=shortfall)
        lowest = relaxation if lowest is None or relaxation.prices.bound < lowest.prices.bound else lowest
        violators = _violators(relaxation, problem, on_grid(solution.duals.leader * unit), unit)
        if not len(violators) or (
            not shortfall and math.floor(relaxation.prices.bound) <= relaxation.objective + CLOSE
        ):
            return relaxation
        columns = np.union1d(columns, violators)


def _certified(
    rows: Rows, columns: Ints, solution: Solution, unit: float, iterations: int, *, shortfall: bool
) -> Relaxation:
    """Return the solution with what its duals, rounded to the grid, prove of all pairs."""
    problem = rows.problem
    post = np.maximum(on_grid(solution.duals.post * unit), 0)
    row = clipped(problem.rows, on_grid(solution.duals.row * unit / rows.scale))
    prices = priced(problem, post, row, worthless=shortfall)
    objective = solution.objective * unit
    return Relaxation(columns, solution.taken, solution.auxiliary, post, row, prices, objective, iterations)


def _violators(relaxation: Relaxation, problem: PlacementProblem, leader: Ints, unit: float) -> Ints:
    """Return pairs worth more than their leader's price, each leader's best few, that are not held yet."""
    excess = relaxation.prices.reduced - np.maximum(leader, 0)[problem.leader]
    worth = excess > int(TOLERANCE * unit * 2**GRID_BITS)
    worth[relaxation.columns] = False
    return _best_per_leader(problem, relaxation.prices.reduced, np.flatnonzero(worth), ADDED_PER_LEADER)


def _best_per_leader(problem: PlacementProblem, value: Ints, among: Ints, count: int) -> Ints:
    """Return, of the pairs ``among``, each leader's ``count`` best by ``value``; ties by position."""
    order = among[np.lexsort((among, -value[among], problem.leader[among]))]
    leader = problem.leader[order]
    start = np.searchsorted(leader, leader, side="left")
    return np.sort(order[np.arange(len(order)) - start < count])
