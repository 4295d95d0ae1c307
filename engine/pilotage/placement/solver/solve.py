"""Problem -> plan, status and proven bound: over all pairs, whatever their number.

Identical leaders are one leader with a count (``symmetry``); then:

1. Phase 1, where placing nobody breaks a row: the least shortfall over all pairs; where its duals prove it above
   zero, no plan exists.
2. The linear optimum over all pairs, by column generation; its duals prove ``bound_lp``. Rows that say how leaders of
   one school share its pupils are added as its answers break them.
3. Where it is whole, it is the plan. Else a MIP solver searches the pairs that a better plan could hold
   (``integer_phase``); no other pair can be in one.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementPlan, PlacementProblem, ProvenBy, Row, Status, closed
from pilotage.placement.formulation.coefficients import nearest_zero
from pilotage.placement.formulation.magnitudes import refuse_large
from pilotage.placement.formulation.shared_pupils import broken_rows
from pilotage.placement.solver.column_generation import Relaxation, first_columns, relax
from pilotage.placement.solver.cp_sat import Choice, value_of
from pilotage.placement.solver.greedy import greedy
from pilotage.placement.solver.incumbent import checked
from pilotage.placement.solver.integer_phase import better, settled, solve_integer
from pilotage.placement.solver.master_lp import NotSolvedError, OutOfTimeError, Rows
from pilotage.placement.solver.pricing import GRID_BITS, priced
from pilotage.placement.solver.symmetry import folded, known_in, unfolded
from pilotage.placement.solver.task import Task

Ints = NDArray[np.int64]

WHOLE = 1e-6
CUT_PASSES = 30  # of rows added to the linear programme
LINEAR_TIME = 0.6  # of the time; the rest is for plans
LINEAR_SOLVER = "GLOP"
AT_ONCE = 2  # problems that are solved beside each other: a solver leaves the other cores free


def solve(
    problem: PlacementProblem,
    *,
    time_limit_seconds: float,
    seed: int,
    gap: float = 0.0,
    known: Choice | None = None,
    symmetry: bool = True,
) -> PlacementPlan:
    """Return the best plan with its proven bound.

    The same problem and seed give the same plan, unless the time limit is reached. ``status`` says whether the plan is
    optimal (``domain.plan.closed``), feasible with a true gap (``gap`` was reached, or time ran out), absent because
    infeasible, or absent because time ran out.

    Parameters
    ----------
    gap
        The relative gap at which to stop; 0 proves to the end.
    known
        A plan to start from, if it keeps every row.
    symmetry
        Solve identical leaders as one with a count: the same objective and bound, from a smaller problem.
    """
    deadline = time.monotonic() + time_limit_seconds
    refuse_large(problem)
    start = checked(problem, known)
    fold = folded(problem) if symmetry else None
    if fold is None:
        return _solved(Task(problem, Rows(problem), deadline, seed, gap), start)
    task = Task(fold.small, Rows(fold.small), deadline, seed, gap)
    return unfolded(fold, _solved(task, known_in(fold, start)))


def _solved(task: Task, given: Choice | None) -> PlacementPlan:
    """Return the best plan of a problem as it is, whoever is identical in it; ``given`` is a plan to start from."""
    original, empty = task.problem, _empty_plan(task.problem)
    given = better(original, given, empty)
    columns = first_columns(original, _none() if given is None else given.chosen)
    linear_deadline = time.monotonic() + LINEAR_TIME * task.left
    try:
        if empty is None:
            start = relax(task.rows, columns, linear_deadline, shortfall=True)
            if start.prices.bound < 0:
                return _infeasible(original, start)
            columns = start.columns
        task, relaxation = _with_cuts(task, columns, linear_deadline)
    except OutOfTimeError as late:
        if late.proven is None or task.left <= 0:
            return _out_of_time(task, columns, given, late.proven)
        relaxation = late.proven
    except NotSolvedError:
        relaxation = _without_prices(task.problem, columns)
    cuts = task.problem.rows[len(original.rows) :]
    whole = _whole(task.problem, relaxation)
    if whole is not None:
        return _plan(task, whole, relaxation, math.floor(relaxation.prices.bound), LINEAR_SOLVER, cuts)
    start_plan = better(original, given, _greedy(task, relaxation))
    state = solve_integer(task, relaxation, start_plan)
    if state.choice is None:
        return _without_plan(original, ended=state.ended)
    every = state.rows.problem.rows[len(original.rows) :]
    plan = _plan(task, state.choice, relaxation, state.bound, state.solver, every)
    unpriced = np.zeros(len(every) - len(cuts))  # rows that only the integer phase added
    return replace(plan, row_duals=np.concatenate([plan.row_duals, unpriced]))


def _with_cuts(task: Task, columns: Ints, deadline: float) -> tuple[Task, Relaxation]:
    """Return the linear optimum, and the task with the rows added that its answers broke on the way."""
    relaxation = relax(task.rows, columns, deadline)
    for _ in range(CUT_PASSES):
        taken, auxiliary = relaxation.taken, relaxation.auxiliary
        more = _new_rows(task.problem, broken_rows(task.problem, relaxation.columns, taken, auxiliary))
        if not more:
            break
        stricter = task.with_rows(more)
        try:
            relaxation, task = relax(stricter.rows, relaxation.columns, deadline), stricter
        except (OutOfTimeError, NotSolvedError):
            break
    return task, relaxation


def _new_rows(problem: PlacementProblem, rows: list[Row]) -> list[Row]:
    """Return the rows that the problem does not have yet."""
    known = {(row.key, row.part) for row in problem.rows}
    return [row for row in rows if (row.key, row.part) not in known]


def _greedy(task: Task, relaxation: Relaxation) -> Choice | None:
    choice = greedy(task.problem, relaxation.columns, task.deadline)
    return settled(task.problem, choice)


def _empty_plan(problem: PlacementProblem) -> Choice | None:
    """Return the plan that places nobody, each auxiliary as near 0 as its bounds let it be; None if it breaks a row."""
    return checked(problem, Choice(_none(), nearest_zero(problem)))


def _whole(problem: PlacementProblem, relaxation: Relaxation) -> Choice | None:
    """Return the linear optimum as a plan, if it is one whose value no integer plan can exceed."""
    if len(relaxation.auxiliary) != len(problem.auxiliaries):
        return None
    rounded = np.rint(relaxation.auxiliary)
    parts = np.minimum(relaxation.taken, 1 - relaxation.taken)
    if np.any(parts > WHOLE) or np.any(np.abs(relaxation.auxiliary - rounded) > WHOLE):
        return None
    choice = settled(problem, Choice(relaxation.columns[relaxation.taken > 0.5], rounded.astype(np.int64)))
    if choice is None or value_of(problem, choice) < math.floor(relaxation.prices.bound):
        return None
    return choice


def _without_prices(problem: PlacementProblem, columns: Ints) -> Relaxation:
    """Return what is known of a problem whose linear programme was not solved: every price is 0."""
    post, row = np.zeros(len(problem.post_ids), dtype=np.int64), np.zeros(len(problem.rows), dtype=np.int64)
    prices = priced(problem, post, row)
    return Relaxation(columns, np.zeros(len(columns)), np.zeros(0), post, row, prices, 0.0, 0)


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _plan(
    task: Task, choice: Choice, relaxation: Relaxation, bound: int, solver: str, cuts: tuple[Row, ...]
) -> PlacementPlan:
    value, linear = value_of(task.problem, choice), math.floor(relaxation.prices.bound)
    by_prices = bound >= linear
    return PlacementPlan(
        status=Status.OPTIMAL if closed(value, bound, task.problem.scale) else Status.FEASIBLE,
        chosen=np.sort(choice.chosen),
        objective=value,
        bound=max(value, bound),
        bound_lp=float(relaxation.prices.bound),
        post_duals=relaxation.post / 2**GRID_BITS,
        row_duals=relaxation.row / 2**GRID_BITS,
        iterations=relaxation.iterations,
        auxiliary=choice.auxiliary,
        cuts=cuts,
        proven_by=ProvenBy.LINEAR if by_prices else ProvenBy.SEARCH,
        solver=LINEAR_SOLVER if by_prices else solver,
    )


def _no_plan(status: Status, conflict: tuple[str, ...] = ()) -> PlacementPlan:
    return PlacementPlan(status, _none(), None, None, None, conflict=conflict)


def _infeasible(problem: PlacementProblem, start: Relaxation) -> PlacementPlan:
    """Return the proof that no plan exists: the rows that carry a price of the shortfall."""
    conflict = tuple(row.name for row, dual in zip(problem.rows, start.row, strict=True) if dual)
    return replace(_no_plan(Status.INFEASIBLE, conflict), proven_by=ProvenBy.LINEAR, solver=LINEAR_SOLVER)


def _without_plan(problem: PlacementProblem, *, ended: bool) -> PlacementPlan:
    if not ended:
        return _no_plan(Status.NO_PLAN_IN_TIME)
    conflict = tuple(row.name for row in problem.rows)
    return replace(_no_plan(Status.INFEASIBLE, conflict), proven_by=ProvenBy.SEARCH, solver="CP-SAT")


def _out_of_time(task: Task, columns: Ints, given: Choice | None, proven: Relaxation | None) -> PlacementPlan:
    """Return the plan given, or what greedy placing makes of few pairs, with the lowest bound proven.

    Where no duals were reached, the bound is the one that needs no prices.
    """
    relaxation = proven or _without_prices(task.problem, columns)
    best = better(task.problem, given, _greedy(task, relaxation)) if given is None or task.left > 0 else given
    if best is None:
        return _no_plan(Status.NO_PLAN_IN_TIME)
    return _plan(task, best, relaxation, math.floor(relaxation.prices.bound), LINEAR_SOLVER, ())
