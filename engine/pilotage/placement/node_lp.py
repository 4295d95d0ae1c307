"""The linear programme of one box after another, through MathOpt (GLOP, dual simplex), each started from the last.

Only limits change between boxes, so that a few pivots solve the next. MathOpt is spoken to in its messages: its Python
objects take several times as long as the pivots do.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    model_update_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver
from ortools.math_opt.python import mathopt

from pilotage.placement.lines import FREE, Box, Lines

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONGEST_SECONDS = 1e6  # of one linear programme
SHORTFALL_UNIT = 2.0**14  # duals of phase 1 are told this many times larger, so that the grid holds them


@dataclass(frozen=True)
class Solved:
    """The linear optimum in a box: the columns' values, and the lines' duals in the problem's unit."""

    values: Floats
    duals: Floats


class NodeProgramme:
    """A linear programme held by the solver, for so many seconds each time.

    ``shortfall``: phase 1, which minimises by how much lines are broken.
    """

    def __init__(self, lines: Lines, unit: float, seconds: float, *, shortfall: bool = False) -> None:
        self.lines, self.unit, self.shortfall = lines, SHORTFALL_UNIT if shortfall else unit, shortfall
        self.at = lines.every
        self.solver = solver.new(mathopt.SolverType.GLOP.value, self._model(), parameters_pb2.SolverInitializerProto())
        off, simplex = mathopt.Emphasis.OFF, mathopt.LPAlgorithm.DUAL_SIMPLEX
        limit = datetime.timedelta(seconds=min(max(seconds, 0.01), LONGEST_SECONDS))
        chosen = mathopt.SolveParameters(threads=1, time_limit=limit, presolve=off, lp_algorithm=simplex)
        plain = model_parameters_pb2.ModelSolveParametersProto()
        self.call = (chosen.to_proto(), plain, None, callback_pb2.CallbackRegistrationProto(), None, None)

    def solve(self, box: Box) -> Solved | None:
        """Return the optimum in a box; None where the solver found none."""
        self.solver.update(self._moved(box))
        self.at = box
        result = self.solver.solve(*self.call)
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL or not result.solutions:
            return None
        best, (lines, columns) = result.solutions[0], self.lines.matrix.shape
        values = _dense(best.primal_solution.variable_values, columns + 2 * lines * self.shortfall)
        duals = _dense(best.dual_solution.dual_values, lines)
        return Solved(values[:columns] * self.lines.unit, duals * self.unit / self.lines.scale)

    def _model(self) -> model_pb2.ModelProto:
        lines, box, proto = self.lines, self.lines.every, model_pb2.ModelProto()
        (height, width), helpers = lines.matrix.shape, 2 * lines.matrix.shape[0] * self.shortfall
        none = [0.0] * helpers
        proto.variables.ids.extend(range(width + helpers))
        proto.variables.lower_bounds.extend([*_told(box.least, lines.unit), *none])
        proto.variables.upper_bounds.extend([*_told(box.most, lines.unit), *([np.inf] * helpers)])
        proto.variables.integers.extend([False] * (width + helpers))
        goal = np.concatenate([lines.benefit * lines.unit / self.unit * (not self.shortfall), np.full(helpers, -1.0)])
        proto.objective.maximize = True
        proto.objective.linear_coefficients.ids.extend(np.flatnonzero(goal).tolist())
        proto.objective.linear_coefficients.values.extend(goal[goal != 0].tolist())
        proto.linear_constraints.ids.extend(range(height))
        proto.linear_constraints.lower_bounds.extend(_told(box.low, lines.scale))
        proto.linear_constraints.upper_bounds.extend(_told(box.high, lines.scale))
        _entries(proto, lines, helpers=self.shortfall)
        return proto

    def _moved(self, box: Box) -> model_update_pb2.ModelUpdateProto:
        """Return the message that says which limits differ from the last box's."""
        update, lines, at = model_update_pb2.ModelUpdateProto(), self.lines, self.at
        wide, tall = update.variable_updates, update.linear_constraint_updates
        _change(wide.lower_bounds, at.least, box.least, lines.unit)
        _change(wide.upper_bounds, at.most, box.most, lines.unit)
        _change(tall.lower_bounds, at.low, box.low, lines.scale)
        _change(tall.upper_bounds, at.high, box.high, lines.scale)
        return update


def _entries(proto: model_pb2.ModelProto, lines: Lines, *, helpers: bool) -> None:
    """State the matrix, and in phase 1 for each line what it lacks and what it exceeds."""
    matrix, (height, width) = lines.matrix, lines.matrix.shape
    matrix.sort_indices()
    line = np.repeat(np.arange(height), np.diff(matrix.indptr))
    column, weight = matrix.indices, matrix.data * lines.unit[matrix.indices] / lines.scale[line]
    if helpers:
        every = np.arange(height)
        line = np.concatenate([line, every, every])
        column = np.concatenate([column, width + every, width + height + every])
        weight = np.concatenate([weight, np.ones(height), -np.ones(height)])
        order = np.lexsort((column, line))
        line, column, weight = line[order], column[order], weight[order]
    proto.linear_constraint_matrix.row_ids.extend(line.tolist())
    proto.linear_constraint_matrix.column_ids.extend(column.tolist())
    proto.linear_constraint_matrix.coefficients.extend(weight.tolist())


def _told(limits: Ints, unit: Floats) -> list[float]:
    """Return limits as the solver takes them."""
    found = np.where(np.abs(limits) >= FREE, np.copysign(np.inf, limits), limits / unit)
    told: list[float] = found.tolist()
    return told


def _change(target: Any, before: Ints, after: Ints, unit: Floats) -> None:
    moved = np.flatnonzero(before != after)
    target.ids.extend(moved.tolist())
    target.values.extend(_told(after[moved], unit[moved]))


def _dense(found: Any, size: int) -> Floats:
    values = np.zeros(size)
    values[np.asarray(found.ids, dtype=np.int64)] = np.asarray(found.values, dtype=np.float64)
    return values
