"""Problem -> plan, status and proven bound: exact over all pairs, whatever their number.

Leaders alike in all but name are one leader with a count (``alike``); then:

1. Phase 1, where placing nobody breaks a row: the least shortfall over all pairs; where its duals prove it above
   zero, no plan exists.
2. The linear optimum over all pairs, by column generation; its duals prove ``bound_lp``.
3. Where it is whole, it is the plan. Else an exact search (``rounds``) over the pairs that the best plan could hold,
   by a guess at its worth that is widened until it is proven right; no other pair can be in a better plan.
4. Where that search is too long, or the pairs are too many for it: a first plan if there is none, from few pairs and
   then more; then branch and bound (SCIP), which has a tolerance, and CP-SAT over every pair that could be in a better
   plan.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status, closed
from pilotage.placement.alike import folded, known_in, unfolded
from pilotage.placement.baselines import greedy
from pilotage.placement.branching import TOLERANCE, solve_branching
from pilotage.placement.completion import checked
from pilotage.placement.generation import Relaxation, first_columns, relax
from pilotage.placement.integers import Answer, Choice, Limits, Ranges, solve_integers, value_of
from pilotage.placement.lp import OutOfTimeError, Rows
from pilotage.placement.magnitudes import refuse_large
from pilotage.placement.pricing import GRID_BITS, priced
from pilotage.placement.rounds import losses, room_above, solve_rounds
from pilotage.placement.shared_pupils import broken_rows, with_losses
from pilotage.placement.tree import Effort
from pilotage.placement.weights import nearest_zero

Ints = NDArray[np.int64]

WHOLE = 1e-6
SEARCHING = 1_000_000  # work of the exact search: columns of its linear programmes
FEW = 200  # pairs; where the exact search ended without proof, so many and fewer go to CP-SAT at once
FEW_WITH_WIDE = 50  # the same, where an auxiliary has many values
WIDE = 10_000  # values of an auxiliary; CP-SAT does not close a large problem with wider ones
FINISHING = 30.0  # deterministic seconds for the last of the gap
GROWTH = 4  # how many times more pairs are tried where the ones before held no plan


@dataclass(frozen=True)
class Task:
    """A problem under solution: its rows for the linear programme, the deadline (``time.monotonic``), seed and gap."""

    problem: PlacementProblem
    rows: Rows
    deadline: float
    seed: int
    gap: float

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.monotonic()

    @property
    def wide(self) -> bool:
        """Return whether an auxiliary has so many values that exact search does not end."""
        return any(one.upper - one.lower > WIDE for one in self.problem.auxiliaries)


def solve(
    problem: PlacementProblem,
    *,
    time_limit_seconds: float,
    seed: int,
    gap: float = 0.0,
    known: Choice | None = None,
    alike_as_one: bool = True,
) -> PlacementPlan:
    """Return the best plan with its proven bound.

    The same problem and seed give the same plan, unless the time limit is reached. ``status`` says whether the plan is
    optimal, within a true gap (``gap`` was reached, or the tolerance of branch and bound), feasible with a true gap
    (time ran out), absent because infeasible, or absent because time ran out.

    Parameters
    ----------
    gap
        The relative gap at which to stop; 0 proves to the end.
    known
        A plan to start from, if it keeps every row.
    alike_as_one
        Solve leaders alike in all but name as one with a count: the same objective and bound, from a smaller problem.
    """
    deadline = time.monotonic() + time_limit_seconds
    refuse_large(problem)
    start = checked(problem, known)
    fold = folded(problem) if alike_as_one else None
    if fold is None:
        return _solved(Task(problem, Rows(problem), deadline, seed, gap), start)
    task = Task(fold.small, Rows(fold.small), deadline, seed, gap)
    return unfolded(fold, _solved(task, known_in(fold, start)))


def _solved(task: Task, given: Choice | None) -> PlacementPlan:
    """Return the best plan of a problem in which no two leaders need be alike; ``given`` is a plan to start from.

    Rows that say how leaders of one school share its pupils are added as answers break them, until none does.
    """
    original, best, bound = task.problem, given, None
    while True:
        plan = _solved_as_stated(task, best)
        if plan.objective is None:
            return plan
        cuts = task.problem.rows[len(original.rows) :]
        true = with_losses(original, plan.chosen, plan.auxiliary)
        choice = Choice(plan.chosen, true)
        best = _better(original, best, choice)
        bound = plan.bound if bound is None or plan.bound is None else min(bound, plan.bound)
        plan = replace(plan, cuts=cuts)
        if value_of(original, choice) == plan.objective or task.left <= 0:
            return _with_choice(original, plan, best, bound)
        more = broken_rows(task.problem, plan.chosen, np.ones(len(plan.chosen)), plan.auxiliary.astype(float))
        task = _with_rows(task, more)


def _with_rows(task: Task, more: list[Row]) -> Task:
    problem = replace(task.problem, rows=(*task.problem.rows, *more))
    return replace(task, problem=problem, rows=Rows(problem))


def _with_choice(
    problem: PlacementProblem, plan: PlacementPlan, best: Choice | None, bound: int | None
) -> PlacementPlan:
    if best is None or bound is None or plan.objective is None:
        return plan
    value = value_of(problem, best)
    status = Status.OPTIMAL if closed(value, bound, problem.scale) else Status.FEASIBLE
    return replace(
        plan, chosen=best.chosen, auxiliary=best.auxiliary, objective=value, bound=max(value, bound), status=status
    )


def _solved_as_stated(task: Task, given: Choice | None) -> PlacementPlan:
    problem = task.problem
    columns = first_columns(problem, _none() if given is None else given.chosen)
    try:
        if not _empty_plan_holds(problem):
            start = relax(task.rows, columns, task.deadline, shortfall=True)
            if start.prices.bound < 0:
                return _infeasible(problem, start)
            columns = start.columns
        found = relax(task.rows, columns, task.deadline)
    except OutOfTimeError as late:
        return _out_of_time(task, columns, given, late.proven)
    whole = _whole(problem, found)
    if whole is not None:
        return _plan(task, whole, found, math.floor(found.prices.bound))
    return _integers(task, found, _better(problem, given, checked(problem, greedy(problem, found.columns))))


def _empty_plan_holds(problem: PlacementProblem) -> bool:
    """Return whether placing nobody, each auxiliary as near 0 as its bounds let it be, keeps every row."""
    return checked(problem, Choice(_none(), nearest_zero(problem))) is not None


def _whole(problem: PlacementProblem, found: Relaxation) -> Choice | None:
    """Return the linear optimum as a plan, if it is one whose value no integer plan can exceed."""
    rounded = np.rint(found.auxiliary)
    if np.any(np.minimum(found.taken, 1 - found.taken) > WHOLE) or np.any(np.abs(found.auxiliary - rounded) > WHOLE):
        return None
    choice = checked(problem, Choice(found.columns[found.taken > 0.5], rounded.astype(np.int64)))
    if choice is None or value_of(problem, choice) < math.floor(found.prices.bound):
        return None
    return choice


def _integers(task: Task, found: Relaxation, incumbent: Choice | None) -> PlacementPlan:
    """Return the plan where the linear optimum is not one: exact search, and where that does not end, two solvers."""
    problem = task.problem
    searched = solve_rounds(task.rows, found, incumbent, Effort(task.deadline, SEARCHING, task.gap))
    best, bound = searched.choice, math.floor(found.prices.bound) if searched.bound is None else searched.bound
    if best is None and searched.proven:
        return _without_plan(problem, searched)
    for few in _growing(problem, found) if best is None else ():
        answer = _answer(task, few, best)
        best = _better(problem, best, answer.choice)
        if best is not None or not answer.proven:
            break
    if best is None:
        return _without_plan(problem, answer)
    if not _closed(problem, best, bound, task.gap):
        candidates, ranges = _candidates(problem, found, best)
        answer = _answer(task, candidates, best, ranges)
        best = _better(problem, best, answer.choice) or best
        bound = bound if answer.bound is None else min(bound, answer.bound)
    if not _closed(problem, best, bound, task.gap) and task.gap == 0:
        best, bound = _finished(task, found, best, bound)
    return _plan(task, best, found, bound)


def _answer(task: Task, pairs: Ints, hint: Choice | None, ranges: Ranges | None = None) -> Answer:
    """Return the best plan over ``pairs``: by branch and bound where they are many, in integers where they are few."""
    if len(pairs) > (FEW_WITH_WIDE if task.wide else FEW):
        gap = max(0.0, task.gap - 2 * TOLERANCE)
        answer = solve_branching(task.rows, pairs, hint, task.left, task.seed, gap=gap)
        if answer.choice is not None:
            return answer
    limits = Limits(task.left, None, task.gap)
    return solve_integers(task.problem, pairs, hint, None, limits, task.seed, weights=task.rows.weights, ranges=ranges)


def _finished(task: Task, found: Relaxation, best: Choice, bound: int) -> tuple[Choice, int]:
    """Return plan and bound after asking CP-SAT for a better plan, for a while: branch and bound has a tolerance."""
    problem, value = task.problem, value_of(task.problem, best)
    candidates, ranges = _candidates(problem, found, best)
    if len(candidates) > FEW_WITH_WIDE and any(high - low > WIDE for low, high in ranges):
        return best, bound
    limits, weights = Limits(task.left, FINISHING, 0.0), task.rows.weights
    answer = solve_integers(problem, candidates, None, value + 1, limits, task.seed, weights=weights, ranges=ranges)
    if answer.choice is None:
        return best, value if answer.proven else bound
    return answer.choice, bound if answer.bound is None else min(bound, answer.bound)


def _growing(problem: PlacementProblem, found: Relaxation) -> Iterator[Ints]:
    """Yield the pairs that the linear optimum takes a part of, then ever more."""
    yield found.columns[found.taken > WHOLE]
    yield found.columns
    loss = losses(problem, found)
    order, size = np.argsort(loss, kind="stable"), GROWTH * len(found.columns)
    while size < len(order):
        yield np.union1d(order[:size], found.columns)
        size *= GROWTH
    yield np.arange(len(order))


def _candidates(problem: PlacementProblem, found: Relaxation, best: Choice) -> tuple[Ints, Ranges]:
    """Return every pair that a plan as good as ``best`` may hold, and the values that its auxiliaries may have."""
    room = room_above(problem, found, losses(problem, found), value_of(problem, best))
    every = zip(room.ranges, best.auxiliary.tolist(), strict=True)
    return np.union1d(room.pairs, best.chosen), [(min(low, value), max(high, value)) for (low, high), value in every]


def _closed(problem: PlacementProblem, best: Choice, bound: int, gap: float) -> bool:
    value = value_of(problem, best)
    return bound - value <= gap * max(1, abs(value))


def _better(problem: PlacementProblem, first: Choice | None, second: Choice | None) -> Choice | None:
    if first is None or second is None:
        return first if second is None else second
    return second if value_of(problem, second) > value_of(problem, first) else first


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _plan(task: Task, choice: Choice, found: Relaxation, bound: int) -> PlacementPlan:
    value = value_of(task.problem, choice)
    return PlacementPlan(
        status=Status.OPTIMAL if closed(value, bound, task.problem.scale) else Status.FEASIBLE,
        chosen=np.sort(choice.chosen),
        objective=value,
        bound=max(value, bound),
        bound_lp=float(found.prices.bound),
        post_duals=found.post / 2**GRID_BITS,
        row_duals=found.row / 2**GRID_BITS,
        rounds=found.rounds,
        auxiliary=choice.auxiliary,
    )


def _no_plan(status: Status, clashes: tuple[str, ...] = ()) -> PlacementPlan:
    return PlacementPlan(status, _none(), None, None, None, clashes=clashes)


def _infeasible(problem: PlacementProblem, start: Relaxation) -> PlacementPlan:
    """Return the proof that no plan exists: the rows that carry a price of the shortfall."""
    clashes = tuple(row.name for row, dual in zip(problem.rows, start.row, strict=True) if dual)
    return _no_plan(Status.INFEASIBLE, clashes)


def _without_plan(problem: PlacementProblem, last: Answer) -> PlacementPlan:
    if not last.proven:
        return _no_plan(Status.NO_PLAN_IN_TIME)
    return _no_plan(Status.INFEASIBLE, tuple(row.name for row in problem.rows))


def _out_of_time(task: Task, columns: Ints, given: Choice | None, proven: Relaxation | None) -> PlacementPlan:
    """Return the plan given, or what greedy placing makes of few pairs, with the lowest bound proven.

    Where no duals were reached, the bound is the one that needs no prices.
    """
    problem = task.problem
    best = _better(problem, given, checked(problem, greedy(problem, columns)))
    if best is None:
        return _no_plan(Status.NO_PLAN_IN_TIME)
    if proven is None:
        post, row = np.zeros(len(problem.post_ids), dtype=np.int64), np.zeros(len(problem.rows), dtype=np.int64)
        prices = priced(problem, post, row)
        proven = Relaxation(columns, np.zeros(len(columns)), np.zeros(0), post, row, prices, 0.0, 0)
    return replace(_plan(task, best, proven, math.floor(proven.prices.bound)), status=Status.FEASIBLE)
