"""Other plans that are nearly as good, each in as many schools new to the list as can be.

For each in turn: first the most placements in schools that no plan before it serves, over all plans that keep every
rule and lose no more than allowed; then, of the plans with that many, the one that scores highest.

The most new schools are sought by a bonus for each, which makes a problem as easy as the first one. With ``u`` the
optimum at bonus ``l``, and ``f`` the least objective allowed, no plan near the best has more than ``(u - f) / l`` new
schools. What bonuses leave open, the problem with a row for the least objective decides.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.config.scenario import Alternatives as Wanted
from pilotage.domain.cvar import Cvar
from pilotage.domain.explanation import Alternative, Alternatives, Audit
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.formulation.magnitudes import placements
from pilotage.placement.solver.cp_sat import Choice, value_of
from pilotage.placement.solver.cvar import solve_cvar_rows, with_row, with_worst_sum
from pilotage.placement.solver.solve import solve

Ints = NDArray[np.int64]
Auditor = Callable[[PlacementPlan], Audit]

BONUSES = 12  # values of a bonus for new schools
BONUS_TIME = 0.4  # of the time for a plan
SEARCH_TIME = 0.7  # of it, until the most new schools are no longer sought
LARGEST_BONUS = 2**35  # integer units


@dataclass(frozen=True)
class Answer:
    """One more plan, how it was proven, and what is left open: new schools at most, and the gap of its objective.

    ``bonuses``: how many were tried; ``searched``: whether the problem of most new schools was solved to its end.
    """

    choice: Choice
    status: Status
    most_new: int
    gap: float
    bonuses: int
    searched: bool


@dataclass(frozen=True)
class Effort:
    """How each plan is sought: for how many seconds at most, and with which seed."""

    seconds: float
    seed: int


@dataclass(frozen=True)
class Search:
    """What every alternative keeps: the problem solved, its worst draws if any, and the least objective allowed."""

    problem: PlacementProblem
    cvar: Cvar | None
    floor: int
    effort: Effort


@dataclass(frozen=True)
class Bonuses:
    """What bonuses show: the plan near the best with most new schools, how many no plan exceeds, bonuses tried."""

    choice: Choice
    most_new: int
    tried: int


def alternatives(
    problem: PlacementProblem,
    plan: PlacementPlan,
    cvar: Cvar | None,
    wanted: Wanted,
    auditor: Auditor,
    effort: Effort,
) -> Alternatives:
    """Return up to ``wanted.count`` plans within ``wanted.loss`` of the best one, and why there are no more.

    Parameters
    ----------
    auditor
        Returns the audit of an alternative.
    effort
        For each plan.
    """
    if not wanted.count or plan.objective is None:
        return Alternatives()
    floor = least_allowed(plan.objective, wanted.loss)
    search = Search(problem, cvar, floor, effort)
    seen, plans = [plan.chosen], list[Alternative]()
    while len(plans) < wanted.count:
        new = _new(problem, seen)
        answer = _next(search, new, Choice(plan.chosen, plan.auxiliary))
        choice, status = answer.choice, answer.status
        count = int(new[choice.chosen].sum())
        if not count or count < wanted.differ * len(choice.chosen):
            return Alternatives(tuple(plans), _none_left(wanted, count, len(choice.chosen), answer))
        value = value_of(problem, choice)
        other = PlacementPlan(status, choice.chosen, value, None, None, auxiliary=choice.auxiliary)
        plans.append(Alternative(choice.chosen, value, count, status, auditor(other), answer.most_new, answer.gap))
        seen.append(choice.chosen)
    return Alternatives(tuple(plans))


def least_allowed(objective: int, loss: float) -> int:
    """Return the least objective that loses no more than the share ``loss``."""
    return math.ceil(objective - Fraction(str(loss)) * abs(objective))


def _none_left(wanted: Wanted, count: int, placements: int, answer: Answer) -> str:
    """Return why the search ends: what is proven, or else what was tried, what it found and what may be left."""
    most = f"at most {count:,} of {placements:,}"
    if answer.most_new > count:
        tried = f"{answer.bonuses:,} bonuses for new schools were tried"
        tried += ", then a search to its end" if answer.searched else ", then a search until time ran out"
        most = f"{count:,} of {placements:,} were found, and no plan has more than {answer.most_new:,} ({tried})"
    return (
        f"No other plan within {wanted.loss:.1%} of the best has {wanted.differ:.0%} of its placements in schools new "
        f"to the list: {most}."
    )


def _new(problem: PlacementProblem, seen: list[Ints]) -> NDArray[np.bool_]:
    """Return whether each pair's school is in none of the plans, shape (pairs,)."""
    urn = problem.urns[problem.post]
    return ~np.isin(urn, urn[np.concatenate(seen)])


def _next(search: Search, new: NDArray[np.bool_], known: Choice) -> Answer:
    """Return the plan with most new schools and, of those, the highest objective, as far as time allows."""
    start, problem = time.monotonic(), search.problem
    deadline = start + search.effort.seconds
    bonuses = _by_bonuses(search, new, known, start + BONUS_TIME * search.effort.seconds)
    first, most_new, stated, searched = bonuses.choice, bonuses.most_new, _near(search, new), True
    if int(new[first.chosen].sum()) < most_new:
        stated, better, bound = _most_new(stated, search, first, start + SEARCH_TIME * search.effort.seconds)
        searched, most_new = bound is not None, most_new if bound is None else min(most_new, bound)
        first = better if new[better.chosen].sum() > new[first.chosen].sum() else first
    count, everything = int(new[first.chosen].sum()), np.flatnonzero(new)
    rows = (row for row in stated.rows if row.rule != "near")
    ones = np.ones(len(everything), dtype=np.int64)
    at_least = Row("new schools", "near", "new schools", ">=", count, everything, ones, key="new_schools")
    last = _best(replace(problem, rows=(*rows, at_least)), search, first, deadline)
    if last.objective is None:
        return Answer(first, Status.FEASIBLE, max(count, most_new), 0.0, bonuses.tried, searched)
    status = weakest(Status.OPTIMAL if most_new <= count else Status.FEASIBLE, last.status)
    choice = Choice(last.chosen, last.auxiliary)
    return Answer(choice, status, max(count, most_new), last.gap or 0.0, bonuses.tried, searched)


def _by_bonuses(search: Search, new: NDArray[np.bool_], known: Choice, deadline: float) -> Bonuses:
    """Return the best plan that bonuses for new schools find, from a large bonus to ever closer guesses."""
    problem, best = search.problem, Bonuses(known, placements(search.problem), 0)
    low, high = 1, min(LARGEST_BONUS, 4 * int(np.abs(problem.benefit).max(initial=1)))
    bonus = high
    while best.tried < BONUSES and bonus > low and time.monotonic() < deadline:
        earning = replace(problem, benefit=problem.benefit + bonus * new)
        left = deadline - time.monotonic()
        plan = solve(earning, time_limit_seconds=left, seed=search.effort.seed, known=best.choice)
        if plan.objective is None or plan.bound is None:
            break
        choice = _true(search, plan)
        near = value_of(problem, choice) >= search.floor
        better = near and new[choice.chosen].sum() > new[best.choice.chosen].sum()
        most = max(0, (plan.bound - search.floor) // bonus)
        best = Bonuses(choice if better else best.choice, min(best.most_new, most), best.tried + 1)
        low, high = (bonus, high) if near else (low, bonus)
        if int(new[best.choice.chosen].sum()) >= best.most_new:
            break
        bonus = math.isqrt(low * high)
    return best


def weakest(*statuses: Status) -> Status:
    """Return how an answer in several steps is proven: as the least proven of them."""
    order = (Status.FEASIBLE, Status.OPTIMAL)
    return min(statuses, key=order.index)


def _near(search: Search, new: NDArray[np.bool_]) -> PlacementProblem:
    """Return the problem of most new schools, its objective the count, near the best plan by one row more."""
    problem = search.problem
    every, worth = (
        np.arange(len(problem.benefit)),
        np.array([auxiliary.benefit for auxiliary in problem.auxiliaries], dtype=np.int64),
    )
    near = Row(
        "near", "near", "near the best plan", ">=", search.floor, every, problem.benefit, np.arange(len(worth)), worth
    )
    return replace(
        problem,
        benefit=new.astype(np.int64),
        scale=1,
        auxiliaries=tuple(replace(auxiliary, benefit=0) for auxiliary in problem.auxiliaries),
        rows=(*problem.rows, near),
    )


def _most_new(
    stated: PlacementProblem, search: Search, known: Choice, deadline: float
) -> tuple[PlacementProblem, Choice, int | None]:
    """Return the plan of most new schools, and what no plan exceeds, None where time ran out.

    Where worst draws count, rows are added until the plan's own worst draws keep it near the best one.
    """
    while True:
        left = max(deadline - time.monotonic(), 0.01)
        plan = solve(stated, time_limit_seconds=left, seed=search.effort.seed, known=known)
        if plan.objective is None or plan.bound is None:
            return stated, known, None
        choice = _true(search, plan)
        if search.cvar is None or value_of(search.problem, choice) >= search.floor:
            return stated, choice, plan.bound
        if time.monotonic() >= deadline:
            return stated, known, plan.bound
        stated = with_row(stated, search.cvar, search.cvar.worst_draws(plan.chosen))


def _true(search: Search, plan: Choice | PlacementPlan) -> Choice:
    """Return a plan with the true sum of its worst draws."""
    if search.cvar is None:
        return Choice(plan.chosen, plan.auxiliary)
    return with_worst_sum(search.cvar, Choice(plan.chosen, plan.auxiliary[:-1]))


def _best(stated: PlacementProblem, search: Search, first: Choice, deadline: float) -> PlacementPlan:
    if search.cvar is not None:
        return solve_cvar_rows(stated, search.cvar, first, None, deadline, search.effort.seed)[1]
    left = max(deadline - time.monotonic(), 0.01)
    return solve(stated, time_limit_seconds=left, seed=search.effort.seed, known=first)
