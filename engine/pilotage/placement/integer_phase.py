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

from pilotage.domain.plan import PlacementProblem, closed
from pilotage.placement.completion import checked
from pilotage.placement.generation import Relaxation
from pilotage.placement.integers import Answer, Choice, Limits, solve_integers, value_of
from pilotage.placement.lp import Rows
from pilotage.placement.mip import Name, Pool, solve_mip
from pilotage.placement.reduced_cost_fixing import cutoffs, losses, pool_above, space_above
from pilotage.placement.shared_pupils import broken_rows, understated, with_losses
from pilotage.placement.task import Task

Ints = NDArray[np.int64]
Close = Callable[[Rows, Pool, Choice | None, Limits], Answer]

SOLVER: Name = "HiGHS"
EXACT = 200  # pairs; where a pool has no more, CP-SAT decides what the MIP solver leaves open
MANY = 20_000  # pairs of a pool that are solved at once, however good the plan is already
MOST = 200_000  # pairs of the largest pool that a MIP solver is given
GUESSING = 0.4  # of the time left, for a pool that may not be the last
FINISHING = 30.0  # deterministic seconds of CP-SAT
UNREACHED = 2**62  # no plan is worth as little


@dataclass(frozen=True)
class Found:
    """The best plan, what no plan exceeds, and which solver says so; ``ended``: no plan is better, or there is none."""

    choice: Choice | None
    bound: int
    solver: str
    ended: bool


def solve_integer(task: Task, relaxation: Relaxation, best: Choice | None, *, close: Close | None = None) -> Found:
    """Return the best plan, at least as good as ``best``, and a bound of every plan.

    ``close`` solves a pool; None: the MIP solver.
    """
    problem, loss = task.problem, losses(task.problem, relaxation)
    found = Found(best, math.floor(relaxation.prices.bound), "GLOP", ended=False)
    guesses = cutoffs(relaxation, loss)
    while not found.ended and task.left > 0:
        pool, last = _next_pool(task, relaxation, loss, found, next(guesses, None))
        if len(pool.pairs) > MOST:
            return found
        seconds = task.left if last else task.left * GUESSING
        answer, solver = _closed_pool(task, pool, found, seconds, close or _mip(task))
        found = _updated(task, found, answer, pool, solver, last=last)
        if last:
            return found
    return found


def _next_pool(task: Task, relaxation: Relaxation, loss: Ints, found: Found, guess: int | None) -> tuple[Pool, bool]:
    """Return the next pool, and whether it holds every plan that is better than the best."""
    value = -UNREACHED if found.choice is None else value_of(task.problem, found.choice)
    enough = np.count_nonzero(loss <= min(space_above(relaxation, value), np.iinfo(np.int64).max)) <= MANY
    first = found.solver == "GLOP"
    last = guess is None or guess <= value or (enough and not first)
    cutoff = value if last or guess is None else guess
    return pool_above(task.problem, relaxation, loss, cutoff, found.choice), last


def _updated(task: Task, found: Found, answer: Answer, pool: Pool, solver: str, *, last: bool) -> Found:
    """Return what is known after a pool was solved: plans beyond the pool are worth less than its cutoff."""
    best = better(task.problem, found.choice, answer.choice)
    bound = found.bound if answer.bound is None else min(found.bound, max(answer.bound, pool.cutoff - 1))
    if best is None:
        return Found(None, bound, solver, ended=last and answer.proven)
    value = value_of(task.problem, best)
    return Found(best, max(bound, value), solver, ended=task.closes(value, bound))


def _closed_pool(task: Task, pool: Pool, found: Found, seconds: float, close: Close) -> tuple[Answer, str]:
    """Return the best plan over a pool by the MIP solver, and by CP-SAT what it leaves open, if the pool is small."""
    deadline = Limits(seconds, None, task.gap)
    first = with_true_losses(task, pool, found.choice, deadline, close)
    best = better(task.problem, found.choice, first.choice)
    if first.bound is not None and best is not None and exactly(task, best, first.bound, pool):
        return replace(first, choice=best), SOLVER
    few = len(pool.pairs) <= EXACT
    if not few and (first.choice is not None or not first.proven):
        return first, SOLVER
    limits = Limits(min(seconds, task.left), FINISHING if best is not None else None, task.gap)
    second = with_true_losses(task, pool, best, limits, _cp_sat(task, best))
    known = [one for one in (first.bound, second.bound) if one is not None]
    choice = better(task.problem, best, second.choice)
    if second.proven and choice is not None:
        known.append(max(value_of(task.problem, choice), pool.cutoff - 1))
    proven = second.proven or (first.proven and choice is not None)
    return Answer(choice, min(known, default=None), proven=proven), "CP-SAT" if second.proven else SOLVER


def exactly(task: Task, best: Choice, bound: int, pool: Pool) -> bool:
    """Return whether a bound closes the gap: to less than a unit, or, where the pool is large, within ``closed``."""
    value = value_of(task.problem, best)
    bound = max(bound, pool.cutoff - 1)
    if len(pool.pairs) <= EXACT and task.gap == 0:
        return bound <= value
    return task.closes(value, bound)


def with_true_losses(task: Task, pool: Pool, hint: Choice | None, limits: Limits, close: Close) -> Answer:
    """Return the best plan over a pool; where an answer counts pupils twice, rows that forbid it are added."""
    problem, rows, best, bound = task.problem, task.rows, None, None
    while True:
        answer = close(rows, pool, hint, replace(limits, seconds=min(limits.seconds, task.left)))
        bound = answer.bound if bound is None or answer.bound is None else min(bound, answer.bound)
        choice = answer.choice
        if choice is None:
            return Answer(best, bound, proven=answer.proven and best is None)
        best = better(problem, best, settled(problem, choice))
        more = _forbidding(rows.problem, choice) if understated(problem, choice.chosen, choice.auxiliary) else []
        if not more or task.left <= 0:
            return Answer(best, bound, proven=answer.proven and not more)
        rows = Rows(replace(rows.problem, rows=(*rows.problem.rows, *more)))


def _forbidding(problem: PlacementProblem, choice: Choice) -> list:
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
        rows.problem, pool.pairs, None if best is not None else hint, at_least, limits, task.seed,
        weights=rows.weights, ranges=pool.ranges,
    )  # fmt: skip
