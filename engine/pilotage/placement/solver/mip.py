"""The integer problem over a candidate pool by a MIP solver (HiGHS or SCIP, through MathOpt).

The solver counts in floating point. So what it finds is re-counted in integers before it is a plan, and what it claims
of all plans is believed only but for its tolerance: with no limit broken by more than ``FEASIBILITY`` of its row's
largest weight, no plan is worth more than its claim plus ``WIDENING`` of the sum of all prices.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_parameters_pb2, model_pb2, result_pb2, solution_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2
from ortools.math_opt.solvers.gscip import gscip_pb2

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.solver.cp_sat import Answer, Choice, Limits, Pool
from pilotage.placement.solver.incumbent import checked, completed
from pilotage.placement.solver.master_lp import Rows, dense, programme, solved_as_it_is

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Name = Literal["HiGHS", "SCIP"]

FEASIBILITY = 1e-9  # by how much of its largest weight a row may be broken
NOTHING = 2e-9  # of a row's largest weight: solvers may take less for 0
WIDENING = 1e-8  # of the sum of all prices: ten times as much
NARROW = 2**24  # values; an auxiliary with more is a real number for the solver
ENDED = (result_pb2.TERMINATION_REASON_OPTIMAL, result_pb2.TERMINATION_REASON_INFEASIBLE)


def solve_mip(rows: Rows, pool: Pool, hint: Choice | None, limits: Limits, seed: int, *, solver: Name) -> Answer:
    """Return the best plan over a pool, starting from the plan ``hint``; ``proven`` says that the search ended.

    The bound holds for every plan over the pool, as far as the solver's claim does.
    """
    if limits.seconds <= 0:
        return Answer(None, None, proven=False)
    problem, count = rows.problem, len(pool.pairs)
    whole = np.array([high - low <= NARROW for low, high in pool.ranges], dtype=bool)
    unit: Floats = np.where(whole, 1.0, rows.unit)
    proto = programme(rows, pool.pairs, float(problem.scale), shortfall=False, unit=unit)
    proto.variables.integers[: count + len(unit)] = [True] * count + whole.tolist()
    ends = np.array(pool.ranges, dtype=float).reshape(-1, 2) / unit[:, None]
    proto.variables.lower_bounds[count : count + len(unit)] = ends[:, 0].tolist()
    proto.variables.upper_bounds[count : count + len(unit)] = ends[:, 1].tolist()
    proto.variables.upper_bounds[:count] = [1.0] * count
    if not _representable(proto):
        return Answer(None, None, proven=False)
    engine = mathopt.SolverType.HIGHS if solver == "HiGHS" else mathopt.SolverType.GSCIP
    parameters = _parameters(solver, limits, seed, proof=hint is not None and pool.last)
    result = solved_as_it_is(proto, engine, parameters, _hinted(pool.pairs, unit, hint))
    choice = None
    if _has_plan(result):
        values = dense(result.solutions[0].primal_solution.variable_values, len(proto.variables.ids))
        choice = _choice(problem, pool, values, unit)
    return Answer(choice, _bound(problem, pool, result), proven=result.termination.reason in ENDED)


def _representable(proto: model_pb2.ModelProto) -> bool:
    """Return whether the weights that a solver may take for 0 can't break a row by more than ``FEASIBILITY``."""
    entries = proto.linear_constraint_matrix
    weight, column = np.abs(np.array(entries.coefficients)), np.array(entries.column_ids, dtype=np.int64)
    small = (weight > 0) & (weight < NOTHING)
    if not small.any():
        return True
    lower, upper = np.array(proto.variables.lower_bounds), np.array(proto.variables.upper_bounds)
    lost = weight[small] * np.maximum(np.abs(lower), np.abs(upper))[column[small]]
    return float(np.bincount(np.array(entries.row_ids, dtype=np.int64)[small], lost).max()) <= FEASIBILITY


def _parameters(solver: Name, limits: Limits, seed: int, *, proof: bool) -> mathopt.SolveParameters:
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=limits.seconds),
        random_seed=seed,
        relative_gap_tolerance=limits.gap,
        absolute_gap_tolerance=0.0,
    )
    if solver == "SCIP":
        fine = gscip_pb2.GScipParameters(real_params={"numerics/feastol": FEASIBILITY})
        heuristics = mathopt.Emphasis.OFF if proof else None
        return replace(parameters, threads=1, gscip=fine, heuristics=heuristics)
    names = ("mip_feasibility_tolerance", "primal_feasibility_tolerance")
    options = highs_pb2.HighsOptionsProto(
        double_options=dict.fromkeys(names, FEASIBILITY),
        int_options={"threads": 1},
        string_options={"parallel": "off"},
    )
    return replace(parameters, highs=options)


def _hinted(columns: Ints, unit: Floats, hint: Choice | None) -> model_parameters_pb2.ModelSolveParametersProto:
    """Return the plan to start from, as the solver takes it."""
    given = model_parameters_pb2.ModelSolveParametersProto()
    if hint is not None and np.isin(hint.chosen, columns).all():
        values = [*np.isin(columns, hint.chosen).astype(float).tolist(), *(hint.auxiliary / unit).tolist()]
        start = given.solution_hints.add().variable_values
        start.ids.extend(range(len(values)))
        start.values.extend(values)
    return given


def _has_plan(result: Any) -> bool:
    if not result.solutions:
        return False
    status = result.solutions[0].primal_solution.feasibility_status
    return bool(status == solution_pb2.SOLUTION_STATUS_FEASIBLE)


def _choice(problem: PlacementProblem, pool: Pool, values: Floats, unit: Floats) -> Choice:
    """Return the solver's pairs with the auxiliaries that it gives them, or, where those break a row, the best."""
    count = len(pool.pairs)
    chosen, auxiliary = (
        pool.pairs[values[:count] > 0.5],
        np.rint(values[count : count + len(unit)] * unit).astype(np.int64),
    )
    rounded = Choice(chosen, auxiliary)
    return rounded if checked(problem, rounded) is not None else completed(problem, chosen)


def _bound(problem: PlacementProblem, pool: Pool, result: Any) -> int | None:
    """Return what no plan over the pool exceeds; None where the solver claims nothing."""
    if result.termination.reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return pool.cutoff - 1
    claim = result.termination.objective_bounds.dual_bound * problem.scale
    return math.floor(claim + WIDENING * (abs(claim) + pool.prices)) if math.isfinite(claim) else None
