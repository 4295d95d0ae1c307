"""One restricted linear programme, through OR-Tools MathOpt (GLOP): some pairs, every row, with duals."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_parameters_pb2, model_pb2, result_pb2
from ortools.math_opt.core.python import solver
from ortools.math_opt.python import mathopt
from scipy import sparse

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation.coefficients import (
    Weights,
    activities,
    largest_weights,
    nearest_zero,
    reach_of_auxiliaries,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OPTIMAL = result_pb2.TERMINATION_REASON_OPTIMAL


class OutOfTimeError(Exception):
    """The time limit of a solve was reached, ``proven`` holds what was found until then; it becomes a status."""

    def __init__(self, proven: Any = None) -> None:
        super().__init__()
        self.proven = proven


class NotSolvedError(Exception):
    """A linear programme was not solved to its optimum; other ways are tried."""


@dataclass(frozen=True)
class Duals:
    """Prices: per leader and post (at least 0) and per row (``<=`` at least 0, ``>=`` at most 0, ``=`` free)."""

    leader: Floats
    post: Floats
    row: Floats


@dataclass(frozen=True)
class Rows:
    """The problem's rows for the linear programme, each divided by its largest weight, and the auxiliaries' units."""

    problem: PlacementProblem

    @cached_property
    def weights(self) -> Weights:
        """Return the exact weights."""
        return Weights(self.problem)

    @cached_property
    def scale(self) -> Floats:
        """Return the largest absolute weight of each row, at least 1, shape (rows,)."""
        return np.array(largest_weights(self.problem.rows), dtype=float)

    @cached_property
    def lower(self) -> Floats:
        """Return the lower bounds of the rows' scaled activities."""
        return self._limits("<=", -np.inf)

    @cached_property
    def upper(self) -> Floats:
        """Return the upper bounds of the rows' scaled activities."""
        return self._limits(">=", np.inf)

    def _limits(self, free: str, value: float) -> Floats:
        rows = zip(self.problem.rows, self.scale, strict=True)
        return np.array([value if row.sense == free else row.rhs / scale for row, scale in rows], dtype=float)

    @cached_property
    def idle(self) -> NDArray[np.bool_]:
        """Return the rows that auxiliaries alone can't break: without pairs they are left out."""
        least, most = reach_of_auxiliaries(self.problem)
        rows = zip(self.problem.rows, least, most, strict=True)
        held = [
            (row.sense == ">=" or high <= row.rhs) and (row.sense == "<=" or low >= row.rhs) for row, low, high in rows
        ]
        return np.array(held, dtype=bool)

    @cached_property
    def unit(self) -> Floats:
        """Return the unit of each auxiliary in the linear programme: its largest scaled weight there is 1."""
        weights = abs(self.weights.auxiliary.astype(float)).multiply(1 / self.scale[:, None]).tocsc()
        most = [weights.data[a:b].max(initial=0.0) for a, b in pairwise(weights.indptr)]
        return np.array([1 / most_weight if most_weight > 0 else 1.0 for most_weight in most], dtype=float)

    def auxiliary(self, unit: Floats) -> sparse.csc_array:
        """Return the scaled weights of the auxiliaries in the units given, shape (rows, auxiliaries)."""
        weights = self.weights.auxiliary.astype(float)
        return sparse.csc_array(weights.multiply(1 / self.scale[:, None]).multiply(unit[None, :]))

    @cached_property
    def helpers(self) -> sparse.csc_array:
        """Return columns that stand in for what a row misses (``>=``, ``=``) or exceeds (``=``, or ``<=`` if needed).

        With them, placing nobody is a solution of phase 1.
        """
        rows = self.problem.rows
        empty = activities(self.problem, np.zeros(0, dtype=np.int64), nearest_zero(self.problem))
        over = [
            row.sense == "=" or (row.sense == "<=" and left > row.rhs) for row, left in zip(rows, empty, strict=True)
        ]
        entries = [(number, 1.0) for number, row in enumerate(rows) if row.sense != "<="]
        entries += [(number, -1.0) for number, broken in enumerate(over) if broken]
        index = np.array([number for number, _ in entries], dtype=int)
        signs = np.array([sign for _, sign in entries])
        return sparse.csc_array((signs, (index, np.arange(len(entries)))), shape=(len(rows), len(entries)))

    def of_pairs(self, columns: Ints) -> sparse.csc_array:
        """Return the scaled weights of some pairs, shape (rows, columns)."""
        return sparse.csc_array(self.weights.of_pairs(columns).astype(float).multiply(1 / self.scale[:, None]))


@dataclass(frozen=True)
class Solution:
    """A linear optimum over some pairs: the share of each taken, the auxiliaries' values, duals and objective."""

    taken: Floats
    auxiliary: Floats
    duals: Duals
    objective: float


def solve_lp(rows: Rows, columns: Ints, scale: float, seconds: float, *, shortfall: bool) -> Solution:
    """Solve the linear programme over ``columns`` (positions of pairs) and all auxiliaries.

    Parameters
    ----------
    scale
        The objective counts benefits in this many of the problem's unit.
    shortfall
        Phase 1: ignore benefits, minimise by how much rows are broken; the objective is minus that.

    Raises
    ------
    OutOfTimeError
        When the time limit is reached.
    NotSolvedError
        When the solver finds no optimum: the figures are too far apart for floating point.
    """
    problem, count = rows.problem, len(columns)
    model = programme(rows, columns, scale, shortfall=shortfall)
    result = _solved(model, seconds)
    values = dense(result.solutions[0].primal_solution.variable_values, len(model.variables.ids))
    leaders, posts = len(problem.leader_ids), len(problem.post_ids)
    duals = dense(result.solutions[0].dual_solution.dual_values, leaders + posts + len(problem.rows))
    split = Duals(duals[:leaders], duals[leaders : leaders + posts], duals[leaders + posts :])
    objective = float(result.solutions[0].primal_solution.objective_value)
    auxiliary = values[count : count + len(problem.auxiliaries)] * rows.unit
    return Solution(values[:count], auxiliary, split, objective)


def programme(
    rows: Rows, columns: Ints, scale: float, *, shortfall: bool, unit: Floats | None = None
) -> model_pb2.ModelProto:
    """Return the linear programme; its variables: ``columns``, the auxiliaries in their units, phase 1's helpers.

    ``scale``: as of ``solve_lp``; ``unit``: of each auxiliary, where it is not that of ``rows``.
    """
    problem, count, auxiliaries = rows.problem, len(columns), len(rows.problem.auxiliaries)
    own = rows.unit if unit is None else unit
    helpers = rows.helpers if shortfall else sparse.csc_array((len(problem.rows), 0))
    total = count + auxiliaries + helpers.shape[1]
    goal, lower, upper = np.zeros(total), np.zeros(total), np.full(total, np.inf)
    if shortfall:
        goal[count + auxiliaries :] = -1.0
    else:
        goal[:count] = problem.benefit[columns] / scale
        goal[count : count + auxiliaries] = _of(problem, "benefit") * own / scale
    lower[count : count + auxiliaries] = _of(problem, "lower") / own
    upper[count : count + auxiliaries] = _of(problem, "upper") / own
    matrix, bounds = _constraints(rows, columns, sparse.hstack([rows.auxiliary(own), helpers]), total)
    idle = np.concatenate([np.ones(matrix.shape[0] - len(problem.rows), dtype=bool), rows.idle])
    used = np.flatnonzero(_holding(matrix, count, auxiliaries) | ~idle)
    return _model(matrix[used], used, (bounds[0][used], bounds[1][used]), (lower, upper), goal)


def _holding(matrix: sparse.csr_array, count: int, auxiliaries: int) -> NDArray[np.bool_]:
    """Return which constraints any pair or helper is in."""
    constraint, column = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices
    holding = np.zeros(matrix.shape[0], dtype=bool)
    holding[constraint[(column < count) | (column >= count + auxiliaries)]] = True
    return holding


def _constraints(
    rows: Rows, columns: Ints, beside: sparse.csc_array, total: int
) -> tuple[sparse.csr_array, tuple[Floats, Floats]]:
    """Return the matrix of leaders, posts and rows, and the bounds of each of these constraints."""
    problem, count = rows.problem, len(columns)
    leaders, posts, ones = len(problem.leader_ids), len(problem.post_ids), np.ones(len(columns))
    picks = sparse.csc_array((ones, (problem.leader[columns], np.arange(count))), shape=(leaders, total))
    fills = sparse.csc_array((ones, (problem.post[columns], np.arange(count))), shape=(posts, total))
    shared = sparse.hstack([rows.of_pairs(columns), beside])
    matrix = sparse.csr_array(sparse.vstack([picks, fills, shared]))
    low = np.concatenate([np.full(leaders + posts, -np.inf), rows.lower])
    return matrix, (low, np.concatenate([problem.capacities.astype(float), np.ones(posts), rows.upper]))


def _of(problem: PlacementProblem, field: str) -> Floats:
    return np.array([getattr(auxiliary, field) for auxiliary in problem.auxiliaries], dtype=float)


def _model(
    matrix: sparse.csr_array, numbers: Ints, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], goal: Floats
) -> model_pb2.ModelProto:
    """Return the model; ``numbers``: of the constraints in ``matrix``."""
    proto, total = model_pb2.ModelProto(), matrix.shape[1]
    proto.variables.ids.extend(range(total))
    proto.variables.lower_bounds.extend(columns[0].tolist())
    proto.variables.upper_bounds.extend(columns[1].tolist())
    proto.variables.integers.extend([False] * total)
    _sparse_vector(proto.objective.linear_coefficients, goal)
    proto.objective.maximize = True
    proto.linear_constraints.ids.extend(numbers.tolist())
    proto.linear_constraints.lower_bounds.extend(rows[0].tolist())
    proto.linear_constraints.upper_bounds.extend(rows[1].tolist())
    matrix.sort_indices()
    entry = proto.linear_constraint_matrix
    entry.row_ids.extend(np.repeat(numbers, np.diff(matrix.indptr)).tolist())
    entry.column_ids.extend(matrix.indices.tolist())
    entry.coefficients.extend(matrix.data.tolist())
    return proto


def _sparse_vector(target: Any, values: Floats) -> None:
    full = np.flatnonzero(values)
    target.ids.extend(full.tolist())
    target.values.extend(values[full].tolist())


def _solved(proto: model_pb2.ModelProto, seconds: float) -> Any:
    # GLOP names no limit that it reached: whether time ran out, the clock says
    start = time.monotonic()
    for presolve in (None, mathopt.Emphasis.OFF):
        left = seconds - (time.monotonic() - start)
        if left <= 0:
            raise OutOfTimeError
        limit = datetime.timedelta(seconds=left)
        parameters = mathopt.SolveParameters(time_limit=limit, threads=1, presolve=presolve)
        result = solved_as_it_is(
            proto, mathopt.SolverType.GLOP, parameters, model_parameters_pb2.ModelSolveParametersProto()
        )
        if result.termination.reason == OPTIMAL:
            return result
    raise NotSolvedError


def solved_as_it_is(
    proto: model_pb2.ModelProto,
    engine: mathopt.SolverType,
    parameters: mathopt.SolveParameters,
    of_model: model_parameters_pb2.ModelSolveParametersProto,
) -> Any:
    """Return a result as it is; ``mathopt.solve`` makes objects of all of it, which takes as long as solving."""
    return solver.solve(
        proto,
        engine.value,
        mathopt.StreamableSolverInitArguments().to_proto(),
        parameters.to_proto(),
        of_model,
        None,
        mathopt.CallbackRegistration().to_proto(),
        None,
        None,
    )


def dense(given: Any, size: int) -> Floats:
    """Return a sparse vector of a solver with its zeros, shape (size,)."""
    values = np.zeros(size)
    values[np.asarray(given.ids, dtype=np.int64)] = np.asarray(given.values, dtype=np.float64)
    return values
