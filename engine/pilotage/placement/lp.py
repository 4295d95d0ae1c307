"""One restricted linear programme, through OR-Tools MathOpt (GLOP): some pairs, every row, with duals."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy import sparse

from pilotage.domain.plan import PlacementProblem
from pilotage.errors import PilotageError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class OutOfTimeError(Exception):
    """The time limit of a solve was reached; ``solve`` turns it into a status."""


@dataclass(frozen=True)
class Duals:
    """Prices: per leader and post (at least 0) and per row (``<=`` at least 0, ``>=`` at most 0, ``=`` free)."""

    leader: Floats
    post: Floats
    row: Floats


@dataclass(frozen=True)
class Rows:
    """The problem's rows as one sparse matrix (rows x pairs), scaled so that the largest weight of each row is 1."""

    problem: PlacementProblem

    @cached_property
    def scale(self) -> Floats:
        """Return the largest absolute weight of each row, at least 1, shape (rows,)."""
        return np.array([max(1, int(np.abs(row.weights).max(initial=0))) for row in self.problem.rows], dtype=float)

    @cached_property
    def matrix(self) -> sparse.csc_array:
        """Return the scaled weights, shape (rows, pairs)."""
        rows, shape = self.problem.rows, (len(self.problem.rows), len(self.problem.benefit))
        if not rows:
            return sparse.csc_array(shape)
        index = np.repeat(np.arange(len(rows)), [len(row.members) for row in rows])
        members = np.concatenate([row.members for row in rows])
        weights = np.concatenate([row.weights / scale for row, scale in zip(rows, self.scale, strict=True)])
        return sparse.csc_array((weights, (index, members)), shape=shape)

    @cached_property
    def right(self) -> Floats:
        """Return the scaled right-hand sides."""
        return np.array([row.rhs for row in self.problem.rows], dtype=float) / self.scale

    @cached_property
    def lower(self) -> Floats:
        """Return the lower bounds of the rows' activities."""
        return np.array(
            [-np.inf if row.sense == "<=" else r for row, r in zip(self.problem.rows, self.right, strict=True)]
        )

    @cached_property
    def upper(self) -> Floats:
        """Return the upper bounds of the rows' activities."""
        return np.array(
            [np.inf if row.sense == ">=" else r for row, r in zip(self.problem.rows, self.right, strict=True)]
        )


def solve_lp(
    rows: Rows, columns: Ints, value: Floats, seconds: float, *, shortfall: bool
) -> tuple[Floats, Duals, float]:
    """Solve the linear programme over ``columns`` (positions of pairs) with objective ``value``.

    Parameters
    ----------
    shortfall
        Phase 1: ignore ``value``, minimise by how much ``>=`` and ``=`` rows are missed; the objective is minus that.

    Returns
    -------
    Share of each column taken, shape (columns,); duals; objective.

    Raises
    ------
    OutOfTimeError
        When the time limit is reached.
    """
    problem = rows.problem
    leaders, posts, count = len(problem.leader_ids), len(problem.post_ids), len(columns)
    part = rows.matrix[:, columns]
    helpers = _helpers(rows) if shortfall else sparse.csc_array((len(problem.rows), 0))
    proto = model_pb2.ModelProto()
    total = count + helpers.shape[1]
    proto.variables.ids.extend(range(total))
    proto.variables.lower_bounds.extend([0.0] * total)
    proto.variables.upper_bounds.extend([np.inf] * total)
    proto.variables.integers.extend([False] * total)
    goal = np.concatenate([np.zeros(count), -np.ones(helpers.shape[1])]) if shortfall else value
    _sparse_vector(proto.objective.linear_coefficients, goal)
    proto.objective.maximize = True
    ones = np.ones(count)
    picks = sparse.csc_array((ones, (problem.leader[columns], np.arange(count))), shape=(leaders, total))
    fills = sparse.csc_array((ones, (problem.post[columns], np.arange(count))), shape=(posts, total))
    matrix = sparse.csr_array(sparse.vstack([picks, fills, sparse.hstack([part, helpers])]))
    bounds = (
        np.concatenate([np.full(leaders + posts, -np.inf), rows.lower]),
        np.concatenate([np.ones(leaders + posts), rows.upper]),
    )
    used = np.flatnonzero(np.diff(matrix.indptr) > 0)
    proto.linear_constraints.ids.extend(used.tolist())
    proto.linear_constraints.lower_bounds.extend(bounds[0][used].tolist())
    proto.linear_constraints.upper_bounds.extend(bounds[1][used].tolist())
    matrix.sort_indices()
    proto.linear_constraint_matrix.row_ids.extend(
        np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)).tolist()
    )
    proto.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    proto.linear_constraint_matrix.coefficients.extend(matrix.data.tolist())
    result = _solved(proto, seconds)
    taken = _dense(result.solutions[0].primal_solution.variable_values, total)
    duals = _dense(result.solutions[0].dual_solution.dual_values, leaders + posts + len(problem.rows))
    split = Duals(duals[:leaders], duals[leaders : leaders + posts], duals[leaders + posts :])
    return taken[:count], split, float(result.solutions[0].primal_solution.objective_value)


def _helpers(rows: Rows) -> sparse.csc_array:
    """Return columns that stand in for what a ``>=`` row misses, or an ``=`` row misses or exceeds."""
    entries = [(number, 1.0) for number, row in enumerate(rows.problem.rows) if row.sense != "<="]
    entries += [(number, -1.0) for number, row in enumerate(rows.problem.rows) if row.sense == "="]
    index = np.array([number for number, _ in entries], dtype=int)
    signs = np.array([sign for _, sign in entries])
    return sparse.csc_array((signs, (index, np.arange(len(entries)))), shape=(len(rows.problem.rows), len(entries)))


def _sparse_vector(target: Any, values: Floats) -> None:
    full = np.flatnonzero(values)
    target.ids.extend(full.tolist())
    target.values.extend(values[full].tolist())


def _solved(proto: model_pb2.ModelProto, seconds: float) -> Any:
    if seconds <= 0:
        raise OutOfTimeError
    parameters = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=seconds), threads=1)
    result = mathopt.solve(mathopt.Model.from_model_proto(proto), mathopt.SolverType.GLOP, params=parameters)
    if result.termination.reason == mathopt.TerminationReason.NO_SOLUTION_FOUND:
        raise OutOfTimeError
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        found = f"the restricted linear programme ended as {result.termination.reason.name}"
        raise PilotageError(Problem("solver", found, "optimal", "report this with --save-problem"))
    return result.to_proto()


def _dense(found: Any, size: int) -> Floats:
    values = np.zeros(size)
    values[np.asarray(found.ids, dtype=np.int64)] = np.asarray(found.values, dtype=np.float64)
    return values
