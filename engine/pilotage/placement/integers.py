"""The integer problem over few pairs, by CP-SAT: deterministic for the same problem and seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from pilotage.domain.plan import PlacementProblem

Ints = NDArray[np.int64]

WORKERS = 4


@dataclass(frozen=True)
class Answer:
    """What CP-SAT found over the pairs given: None for no plan; ``proven`` says that its word is final there."""

    chosen: Ints | None
    objective: int | None
    bound: int
    proven: bool


def solve_integers(
    problem: PlacementProblem, columns: Ints, hint: Ints | None, at_least: int | None, seconds: float, seed: int
) -> Answer:
    """Return the best plan over ``columns``, starting from the plan ``hint``."""
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in columns]
    position = {int(pair): number for number, pair in enumerate(columns)}
    for members in (problem.leader[columns], problem.post[columns]):
        for group in _groups(members):
            model.add_at_most_one(variables[number] for number in group)
    for row in problem.rows:
        held = np.isin(row.members, columns)
        terms = [variables[position[int(pair)]] for pair in row.members[held]]
        _add(model, cp_model.LinearExpr.weighted_sum(terms, row.weights[held].tolist()), row.sense, row.rhs)
    goal = cp_model.LinearExpr.weighted_sum(variables, problem.benefit[columns].tolist())
    if at_least is not None:
        model.add(goal >= at_least)
    model.maximize(goal)
    for pair in () if hint is None else hint:
        model.add_hint(variables[position[int(pair)]], True)
    return _answer(model, variables, columns, seconds, seed)


def _groups(members: NDArray[np.int32]) -> list[Ints]:
    order = np.argsort(members, kind="stable")
    cuts = np.flatnonzero(np.diff(members[order])) + 1
    return [group for group in np.split(order, cuts) if len(group) > 1]


def _add(model: cp_model.CpModel, activity: cp_model.LinearExpr, sense: str, rhs: int) -> None:
    if sense == "<=":
        model.add(activity <= rhs)
    elif sense == ">=":
        model.add(activity >= rhs)
    else:
        model.add(activity == rhs)


def _answer(
    model: cp_model.CpModel, variables: list[cp_model.IntVar], columns: Ints, seconds: float, seed: int
) -> Answer:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = WORKERS
    solver.parameters.interleave_search = True
    status = solver.solve(model)
    proven = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, None, 0, proven)
    values = np.array([solver.boolean_value(variable) for variable in variables], dtype=bool)
    return Answer(columns[values], round(solver.objective_value), int(np.floor(solver.best_objective_bound)), proven)
