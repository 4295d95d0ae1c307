"""The integer problem over few pairs, by CP-SAT: deterministic for the same problem and seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy import sparse

from pilotage.domain.plan import PlacementProblem
from pilotage.errors import PilotageError, Problem
from pilotage.placement.formulation.coefficients import Weights
from pilotage.placement.solver.master_lp import Rows

Ints = NDArray[np.int64]
Ranges = list[tuple[int, int]]

WORKERS = 1  # several interleaved workers were seen to abort inside OR-Tools 9.15


@dataclass(frozen=True)
class Choice:
    """A plan: the chosen pairs (ascending) and the value of each auxiliary."""

    chosen: Ints
    auxiliary: Ints


@dataclass(frozen=True)
class Answer:
    """What CP-SAT found over the pairs given: None for no plan; ``proven`` says that its word is final there."""

    choice: Choice | None
    bound: int | None
    proven: bool


def value_of(problem: PlacementProblem, choice: Choice) -> int:
    """Return what a plan is worth, in the problem's integer unit."""
    values = zip(problem.auxiliaries, choice.auxiliary.tolist(), strict=True)
    return int(problem.benefit[choice.chosen].sum()) + sum(variable.benefit * int(value) for variable, value in values)


@dataclass(frozen=True)
class Limits:
    """When CP-SAT stops: after seconds of the clock, after deterministic seconds (None: never), at a relative gap."""

    seconds: float
    deterministic: float | None = None
    gap: float = 0.0


@dataclass(frozen=True)
class Pool:
    """What every plan worth ``cutoff`` or more may hold: pairs (ascending), and the values of each auxiliary.

    ``prices``: the sum of the sizes of all prices in the linear programme, in the problem's unit; ``last``: a good plan
    is known, so that proof matters more than plans.
    """

    pairs: Ints
    ranges: Ranges
    cutoff: int
    prices: float
    last: bool = False

    @classmethod
    def whole(cls, problem: PlacementProblem) -> Pool:
        """Return every pair and value of a problem."""
        ranges = [(each.lower, each.upper) for each in problem.auxiliaries]
        return cls(np.arange(len(problem.benefit)), ranges, -(2**62), 0.0)


def solve_integers(
    rows: Rows, pool: Pool, hint: Choice | None, limits: Limits, seed: int, *, at_least: int | None = None
) -> Answer:
    """Return the best plan over a pool, starting from the plan ``hint``; plans worth less than ``at_least`` are out."""
    if limits.seconds <= 0:
        return Answer(None, None, proven=False)
    problem, columns = rows.problem, pool.pairs
    model = cp_model.CpModel()
    pairs = [model.new_bool_var("") for _ in range(len(columns))]
    auxiliaries = [model.new_int_var(low, high, "") for low, high in pool.ranges]
    _structure(model, problem, columns, pairs)
    for (terms, factors), row in zip(_rows(rows.weights, columns, pairs, auxiliaries), problem.rows, strict=True):
        _add(model, cp_model.LinearExpr.weighted_sum(terms, factors), row.sense, row.rhs)
    factors = [*problem.benefit[columns].tolist(), *(variable.benefit for variable in problem.auxiliaries)]
    goal = cp_model.LinearExpr.weighted_sum([*pairs, *auxiliaries], factors)
    if at_least is not None:
        model.add(goal >= at_least)
    model.maximize(goal)
    if hint is not None:
        _hint(model, columns, pairs, auxiliaries, hint)
    return _answer(model, problem, columns, (pairs, auxiliaries), limits, seed)


def _structure(model: cp_model.CpModel, problem: PlacementProblem, columns: Ints, pairs: list[cp_model.IntVar]) -> None:
    """State the leaders' capacities and one leader per post."""
    for _, group in _groups(problem.post[columns]):
        model.add_at_most_one(pairs[number] for number in group)
    capacity = problem.capacities
    for leader, group in _groups(problem.leader[columns]):
        if capacity[leader] == 1:
            model.add_at_most_one(pairs[number] for number in group)
        elif len(group) > capacity[leader]:
            model.add(cp_model.LinearExpr.sum([pairs[number] for number in group]) <= int(capacity[leader]))


def _groups(members: NDArray[np.int32]) -> Iterator[tuple[int, list[int]]]:
    order = np.argsort(members, kind="stable")
    cuts = np.flatnonzero(np.diff(members[order])) + 1
    for group in np.split(order, cuts) if len(order) else ():
        yield int(members[group[0]]), group.tolist()


def _rows(
    weights: Weights, columns: Ints, pairs: list[cp_model.IntVar], auxiliaries: list[cp_model.IntVar]
) -> Iterator[tuple[list[cp_model.IntVar], list[int]]]:
    """Yield the variables and the weights of each row."""
    for (members, factors), (more, further) in zip(
        _entries(weights.of_pairs(columns)), _entries(weights.auxiliary), strict=True
    ):
        yield [*(pairs[n] for n in members), *(auxiliaries[n] for n in more)], [*factors, *further]


def _entries(matrix: sparse.csc_array) -> Iterator[tuple[list[int], list[int]]]:
    by_row = sparse.csr_array(matrix)
    for start, end in pairwise(by_row.indptr.tolist()):
        yield by_row.indices[start:end].tolist(), by_row.data[start:end].tolist()


def _add(model: cp_model.CpModel, activity: cp_model.LinearExprT, sense: str, rhs: int) -> None:
    if sense == "<=":
        model.add(activity <= rhs)
    elif sense == ">=":
        model.add(activity >= rhs)
    else:
        model.add(activity == rhs)


def _hint(
    model: cp_model.CpModel,
    columns: Ints,
    pairs: list[cp_model.IntVar],
    auxiliaries: list[cp_model.IntVar],
    hint: Choice,
) -> None:
    taken = np.isin(columns, hint.chosen)
    for variable, value in zip(pairs, taken.tolist(), strict=True):
        model.add_hint(variable, value)
    for variable, value in zip(auxiliaries, hint.auxiliary.tolist(), strict=True):
        model.add_hint(variable, value)


def _answer(
    model: cp_model.CpModel,
    problem: PlacementProblem,
    columns: Ints,
    variables: tuple[list[cp_model.IntVar], list[cp_model.IntVar]],
    limits: Limits,
    seed: int,
) -> Answer:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(limits.seconds, 0.01)
    if limits.deterministic is not None:
        solver.parameters.max_deterministic_time = limits.deterministic
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = WORKERS
    solver.parameters.relative_gap_limit = limits.gap
    solver.parameters.catch_sigint_signal = False  # Ctrl-C ends the run, not the search alone
    status = solver.solve(model)
    if status == cp_model.MODEL_INVALID:
        fault = f"the integer solver refuses the problem: {model.validate()}"
        raise PilotageError(Problem("solver", fault, "weights that fit 64 bits", "use smaller benefits or weights"))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, None, proven=status == cp_model.INFEASIBLE)
    chosen = columns[np.array([solver.boolean_value(pair) for pair in variables[0]], dtype=bool)]
    choice = Choice(chosen, np.array([solver.value(variable) for variable in variables[1]], dtype=np.int64))
    bound = int(np.floor(solver.best_objective_bound + 1e-6))
    return Answer(choice, max(bound, value_of(problem, choice)), proven=bound <= value_of(problem, choice))
