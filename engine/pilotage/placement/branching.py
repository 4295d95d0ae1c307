"""The integer problem over few pairs by branch and bound on floating-point numbers (SCIP, through MathOpt).

It is quicker than CP-SAT where rows have large weights all over (costs, draws of benefit). What it finds is re-counted
in integers; what it proves holds but for its tolerance, so the bound is told wider by ``TOLERANCE`` and closes no plan.
"""

from __future__ import annotations

import datetime
import math

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

from pilotage.placement.completion import checked
from pilotage.placement.integers import Answer, Choice, value_of
from pilotage.placement.lp import Rows, programme

Ints = NDArray[np.int64]

TOLERANCE = 1e-6  # relative, of the solver's claim


def solve_branching(
    rows: Rows, columns: Ints, hint: Choice | None, seconds: float, seed: int, *, gap: float = 0.0
) -> Answer:
    """Return the best plan over ``columns`` (ascending), starting from the plan ``hint``; never ``proven`` exactly."""
    if seconds <= 0:
        return Answer(None, None, proven=False)
    problem = rows.problem
    proto = programme(rows, columns, float(problem.scale), shortfall=False)
    proto.variables.integers[: len(columns)] = [True] * len(columns)
    for number, unit in enumerate(rows.unit.tolist(), start=len(columns)):
        proto.variables.integers[number] = unit == 1.0
    model = mathopt.Model.from_model_proto(proto)
    result = mathopt.solve(
        model,
        mathopt.SolverType.GSCIP,
        params=_parameters(seconds, seed, gap),
        model_params=_hinted(model, columns, rows, hint),
    )
    found = None
    if result.has_primal_feasible_solution():
        named = result.variable_values()
        values = np.array([named[one] for one in model.variables()], dtype=float)
        auxiliary = np.rint(values[len(columns) :] * rows.unit).astype(np.int64)
        found = checked(problem, Choice(columns[values[: len(columns)] > 0.5], auxiliary))
    bound = result.termination.objective_bounds.dual_bound * problem.scale
    if not math.isfinite(bound):
        return Answer(found, None, proven=False)
    told = math.floor(bound + TOLERANCE * abs(bound))
    return Answer(found, told if found is None else max(told, value_of(problem, found) + 1), proven=False)


def _parameters(seconds: float, seed: int, gap: float) -> mathopt.SolveParameters:
    limit = datetime.timedelta(seconds=seconds)
    parameters = mathopt.SolveParameters(time_limit=limit, threads=1, random_seed=seed)
    parameters.relative_gap_tolerance, parameters.absolute_gap_tolerance = gap, 0.0
    return parameters


def _hinted(model: mathopt.Model, columns: Ints, rows: Rows, hint: Choice | None) -> mathopt.ModelSolveParameters:
    """Return the plan to start from, as the solver takes it."""
    if hint is None:
        return mathopt.ModelSolveParameters()
    values = [*np.isin(columns, hint.chosen).astype(float).tolist(), *(hint.auxiliary / rows.unit).tolist()]
    named = dict(zip(model.variables(), values, strict=True))
    return mathopt.ModelSolveParameters(solution_hints=[mathopt.SolutionHint(variable_values=named)])
