"""Pairs chosen by other means than the solver, made a plan: checked, and completed by the best auxiliaries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.formulation.coefficients import activities, reach_of_auxiliaries
from pilotage.placement.formulation.shared_pupils import with_losses
from pilotage.placement.solver.cp_sat import Choice

Ints = NDArray[np.int64]

SECONDS = 10.0
DETERMINISTIC = 2.0  # of each of two steps, so that the same problem gives the same answer


def keeps(row: Row, activity: int) -> bool:
    """Return whether an activity keeps a row."""
    return {"<=": activity <= row.rhs, ">=": activity >= row.rhs, "=": activity == row.rhs}[row.sense]


def checked(problem: PlacementProblem, choice: Choice | None) -> Choice | None:
    """Return ``choice`` if it keeps capacities, posts, the auxiliaries' bounds and every row, else None."""
    if choice is None:
        return None
    taken = np.bincount(problem.leader[choice.chosen], minlength=len(problem.leader_ids))
    filled = np.bincount(problem.post[choice.chosen], minlength=len(problem.post_ids))
    values = zip(problem.auxiliaries, choice.auxiliary.tolist(), strict=True)
    outside = any(not auxiliary.lower <= value <= auxiliary.upper for auxiliary, value in values)
    if outside or (taken > problem.capacities).any() or (filled > 1).any():
        return None
    left = activities(problem, choice.chosen, choice.auxiliary)
    feasible = all(keeps(row, activity) for row, activity in zip(problem.rows, left.tolist(), strict=True))
    return choice if feasible else None


def completed(problem: PlacementProblem, chosen: Ints, seconds: float = SECONDS) -> Choice:
    """Return the pairs with the auxiliaries that keep the most rows, and of those the best; the lowest where none do.

    Rows without auxiliaries are not looked at: no auxiliary mends them. ``seconds`` at most are taken.
    """
    lowest = np.array([auxiliary.lower for auxiliary in problem.auxiliaries], dtype=np.int64)
    if not len(lowest):
        return Choice(chosen, lowest)
    return Choice(chosen, with_losses(problem, chosen, _completed(problem, chosen, lowest, seconds)))


def _completed(problem: PlacementProblem, chosen: Ints, lowest: Ints, seconds: float) -> Ints:
    model = cp_model.CpModel()
    values = [model.new_int_var(variable.lower, variable.upper, "") for variable in problem.auxiliaries]
    reach = zip(*reach_of_auxiliaries(problem), strict=True)
    every = zip(problem.rows, activities(problem, chosen).tolist(), reach, strict=True)
    open_rows = [
        (row, weighs) for row, weighs, ends in every if len(row.auxiliaries) and not _holds(row, weighs, *ends)
    ]
    stated = [(row, weighs, model.new_bool_var("")) for row, weighs in open_rows]
    enforced = [holds for _, _, holds in stated]
    for row, weighs, holds in stated:
        terms = [values[number] for number in row.auxiliaries.tolist()]
        _state(model, cp_model.LinearExpr.weighted_sum(terms, row.auxiliary_weights.tolist()), row, weighs, holds)
    best = _solved(model, cp_model.LinearExpr.sum(enforced), values + enforced, seconds / 2)
    if best is None:
        return lowest
    for holds, value in zip(enforced, best[len(values) :], strict=True):
        if value:
            model.add(holds == 1)
    worth = cp_model.LinearExpr.weighted_sum(values, [variable.benefit for variable in problem.auxiliaries])
    best_values = _solved(model, worth, list(values), seconds / 2) or best[: len(values)]
    return np.array(best_values, dtype=np.int64)


def _holds(row: Row, weighs: int, least: int, most: int) -> bool:
    """Return whether a row holds whatever values its auxiliaries have."""
    return (row.sense == ">=" or weighs + most <= row.rhs) and (row.sense == "<=" or weighs + least >= row.rhs)


def _state(
    model: cp_model.CpModel, activity: cp_model.LinearExprT, row: Row, weighs: int, holds: cp_model.IntVar
) -> None:
    right = row.rhs - weighs
    if row.sense == "<=":
        model.add(activity <= right).only_enforce_if(holds)
    elif row.sense == ">=":
        model.add(activity >= right).only_enforce_if(holds)
    else:
        model.add(activity == right).only_enforce_if(holds)


def _solved(
    model: cp_model.CpModel, goal: cp_model.LinearExprT, variables: list[cp_model.IntVar], seconds: float
) -> list[int] | None:
    model.maximize(goal)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.1)
    solver.parameters.max_deterministic_time = DETERMINISTIC
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C ends the run, not the search alone
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [int(solver.value(variable)) for variable in variables]
