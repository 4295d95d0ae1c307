"""The integer problem over all pairs, where the linear optimum is not whole.

The pool of a guess at the best plan's worth is solved by a MIP solver. A plan that is worth as much as was guessed
proves the guess: whatever holds another pair is worth less. Otherwise the next guess is lower, or what the best plan
is worth. Where the solver's claim does not close the gap, and the pool is small, CP-SAT decides in exact integers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.formulation.shared_pupils import broken_rows, understated, with_losses
from pilotage.placement.solver.column_generation import Relaxation
from pilotage.placement.solver.cp_sat import Answer, Choice, Limits, Pool, solve_integers, value_of
from pilotage.placement.solver.incumbent import checked
from pilotage.placement.solver.master_lp import Rows
from pilotage.placement.solver.mip import Name, solve_mip
from pilotage.placement.solver.reduced_cost_fixing import LARGEST, cutoffs, losses, pool_above, space_above
from pilotage.placement.solver.task import Task

Ints = NDArray[np.int64]
Close = Callable[[Rows, Pool, Choice | None, Limits], Answer]

SOLVER: Name = "SCIP"
LINEAR = "GLOP"
EXACT = 200  # pairs; where a pool has no more, CP-SAT decides what the MIP solver leaves open
MANY = 20_000  # pairs of a pool that are solved at once, however good the plan is already
MOST = 200_000  # pairs of the largest pool that a MIP solver is given
BUILDING = 1e-5  # seconds for each pair and row of a pool's model, at least; with less time left it is not begun
GUESSING = 0.4  # of the time left, for a pool that may not be the last
GUESS_GAP = 1e-3  # at which such a pool is left: what it gives is a good plan
FINISHING = 30.0  # deterministic seconds of CP-SAT
UNREACHED = 2**62  # no plan is worth as little


@dataclass(frozen=True)
class Found:
    """The best plan, what no plan exceeds, and which solver says so; ``ended``: no plan is better, or there is none.

    ``rows``: the problem's, and those added that forbid to count pupils twice.
    """

    choice: Choice | None
    bound: int
    solver: str
    ended: bool
    rows: Rows


def solve_integer(task: Task, relaxation: Relaxation, best: Choice | None, *, close: Close | None = None) -> Found:
    """Return the best plan, at least as good as ``best``, and a bound of every plan.

    ``close`` solves a pool; None: the MIP solver.
    """
    loss, guesses = losses(task.problem, relaxation), cutoffs(relaxation, losses(task.problem, relaxation))
    state = Found(best, math.floor(relaxation.prices.bound), LINEAR, ended=False, rows=task.rows)
    while not state.ended and task.left > 0:
        pool, last = _next_pool(task, relaxation, loss, state, next(guesses, None))
        if len(pool.pairs) > MOST or task.left < BUILDING * (len(pool.pairs) + len(state.rows.problem.rows)):
            return state
        state = _closed_pool(task, pool, state, close or _mip(task), last=last)
        if last:
            return state
    return state


def _next_pool(task: Task, relaxation: Relaxation, loss: Ints, state: Found, guess: int | None) -> tuple[Pool, bool]:
    """Return the next pool, and whether it holds every plan that is better than the best."""
    value = -UNREACHED if state.choice is None else value_of(task.problem, state.choice)
    enough = int(np.count_nonzero(loss <= min(space_above(relaxation, value), LARGEST))) <= MANY
    first = state.solver == LINEAR
    last = guess is None or guess <= value or (enough and not first)
    cutoff = value if last or guess is None else guess
    pool = pool_above(task.problem, relaxation, loss, cutoff, state.choice)
    return replace(pool, last=last and not first), last


def _closed_pool(task: Task, pool: Pool, state: Found, close: Close, *, last: bool) -> Found:
    """Return what is known after a pool was solved.

    CP-SAT decides what the MIP solver leaves open, where the pool is small, and where it finds and claims nothing.
    """
    seconds, gap = (task.left, task.gap) if last else (task.left * GUESSING, max(task.gap, GUESS_GAP))
    answer, rows = with_true_losses(task, state.rows, pool, state.choice, Limits(seconds, None, gap), close)
    known = _updated(task, replace(state, rows=rows), answer, pool, SOLVER, last=last)
    silent = answer.choice is None and (answer.bound is None or (answer.proven and last))
    if not silent and (len(pool.pairs) > EXACT or _exact(task, known)):
        return known
    limits = Limits(min(seconds, task.left), None if silent else FINISHING, task.gap)
    answer, rows = with_true_losses(task, rows, pool, known.choice, limits, _cp_sat(task, known.choice))
    if answer.proven:
        best = better(task.problem, known.choice, answer.choice)
        bound = pool.cutoff - 1 if best is None else value_of(task.problem, best)
        answer = Answer(best, bound, proven=True)
    solver = "CP-SAT" if answer.proven else known.solver
    return _updated(task, replace(known, rows=rows), answer, pool, solver, last=last)


def _updated(task: Task, state: Found, answer: Answer, pool: Pool, solver: str, *, last: bool) -> Found:
    """Return what is known after an answer: plans beyond the pool are worth less than its cutoff."""
    best = better(task.problem, state.choice, answer.choice)
    bound = state.bound if answer.bound is None else min(state.bound, max(answer.bound, pool.cutoff - 1))
    if best is None:
        return replace(state, bound=bound, solver=solver, ended=last and answer.proven)
    known = Found(best, max(bound, value_of(task.problem, best)), solver, ended=False, rows=state.rows)
    return replace(known, ended=_exact(task, known))


def _exact(task: Task, state: Found) -> bool:
    """Return whether the gap is less than a unit, or as little as was asked for."""
    value = 0 if state.choice is None else value_of(task.problem, state.choice)
    return state.bound - value <= task.gap * max(1, abs(value))


def with_true_losses(
    task: Task, rows: Rows, pool: Pool, hint: Choice | None, limits: Limits, close: Close
) -> tuple[Answer, Rows]:
    """Return the best plan over a pool; where an answer counts pupils twice, rows that forbid it are added.

    The rows come back with those added.
    """
    problem, best, bound = task.problem, None, None
    while True:
        answer = close(rows, pool, hint, replace(limits, seconds=min(limits.seconds, task.left)))
        bound = answer.bound if bound is None or answer.bound is None else min(bound, answer.bound)
        choice = answer.choice
        if choice is None:
            return Answer(best, bound, proven=answer.proven), rows
        best = better(problem, best, settled(problem, choice))
        false = understated(problem, choice.chosen, choice.auxiliary)
        more = _forbidding(rows.problem, choice) if false else []
        if not more or task.left <= 0:
            return Answer(best, bound, proven=answer.proven and not false), rows
        rows = Rows(replace(rows.problem, rows=(*rows.problem.rows, *more)))


def _forbidding(problem: PlacementProblem, choice: Choice) -> list[Row]:
    """Return the rows that an answer breaks which counts pupils twice."""
    return broken_rows(problem, choice.chosen, np.ones(len(choice.chosen)), choice.auxiliary.astype(float))


def settled(problem: PlacementProblem, choice: Choice) -> Choice | None:
    """Return a plan with the true losses of its schools, None where it then breaks a row."""
    return checked(problem, Choice(choice.chosen, with_losses(problem, choice.chosen, choice.auxiliary)))


def better(problem: PlacementProblem, first: Choice | None, second: Choice | None) -> Choice | None:
    """Return the plan that is worth more, the first of equals."""
    if first is None or second is None:
        return first if second is None else second
    return second if value_of(problem, second) > value_of(problem, first) else first


def _mip(task: Task) -> Close:
    return lambda rows, pool, hint, limits: solve_mip(rows, pool, hint, limits, task.seed, solver=SOLVER)


def _cp_sat(task: Task, best: Choice | None) -> Close:
    at_least = None if best is None else value_of(task.problem, best) + 1
    return lambda rows, pool, hint, limits: solve_integers(
        rows, pool, None if best is not None else hint, limits, task.seed, at_least=at_least
    )
