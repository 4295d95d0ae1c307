"""Other plans that are nearly as good, each in as many schools new to the list as can be.

For each in turn: first the most placements in schools that no plan before it serves, over all plans that keep every
rule and lose no more than allowed; then, of the plans with that many, the one that scores highest.
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
from pilotage.domain.explanation import Alternative, Alternatives, Audit
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.domain.tail import Tail
from pilotage.placement.integers import Choice, value_of
from pilotage.placement.solve import solve
from pilotage.placement.tail import solve_tail_rows, with_row, with_tail_value

Ints = NDArray[np.int64]
Auditor = Callable[[PlacementPlan], Audit]


@dataclass(frozen=True)
class Answer:
    """One more plan, how it was proven, and what is left open: new schools at most, and the gap of its objective."""

    choice: Choice
    status: Status
    most_new: int
    gap: float


@dataclass(frozen=True)
class Search:
    """What every alternative keeps: the problem solved, its worst draws if any, and the least objective allowed."""

    problem: PlacementProblem
    tail: Tail | None
    floor: int
    seconds: float
    seed: int


def alternatives(
    problem: PlacementProblem,
    plan: PlacementPlan,
    tail: Tail | None,
    wanted: Wanted,
    auditor: Auditor,
    time_limit_seconds: float,
    seed: int,
) -> Alternatives:
    """Return up to ``wanted.count`` plans within ``wanted.loss`` of the best one, and why there are no more.

    Parameters
    ----------
    auditor
        Returns the audit of an alternative.
    time_limit_seconds
        For each plan.
    """
    if not wanted.count or plan.objective is None:
        return Alternatives()
    floor = least_allowed(plan.objective, wanted.loss)
    search = Search(problem, tail, floor, time_limit_seconds, seed)
    seen, found = [plan.chosen], list[Alternative]()
    while len(found) < wanted.count:
        new = _new(problem, seen)
        answer = _next(search, new, Choice(plan.chosen, plan.auxiliary))
        if answer is None:
            return Alternatives(tuple(found), "Time ran out before another was found.")
        choice, status = answer.choice, answer.status
        count = int(new[choice.chosen].sum())
        if not count or count < wanted.differ * len(choice.chosen):
            return Alternatives(tuple(found), _none_left(wanted, count, len(choice.chosen), answer))
        value = value_of(problem, choice)
        other = PlacementPlan(status, choice.chosen, value, None, None, auxiliary=choice.auxiliary)
        found.append(Alternative(choice.chosen, value, count, status, auditor(other), answer.most_new, answer.gap))
        seen.append(choice.chosen)
    return Alternatives(tuple(found))


def least_allowed(objective: int, loss: float) -> int:
    """Return the least objective that loses no more than the share ``loss``."""
    return math.ceil(objective - Fraction(str(loss)) * abs(objective))


def _none_left(wanted: Wanted, count: int, placements: int, answer: Answer) -> str:
    """Return why the search ends: what is proven, or else what was found and what may be left."""
    most = f"at most {count:,} of {placements:,}"
    if answer.status is Status.FEASIBLE:
        most = f"as found in the time allowed, {count:,} of {placements:,}"
    elif answer.most_new > count:
        most = f"{count:,} of {placements:,}, no plan more than {answer.most_new:,}"
    return (
        f"No other plan within {wanted.loss:.1%} of the best has {wanted.differ:.0%} of its placements in schools new "
        f"to the list: {most}."
    )


def _new(problem: PlacementProblem, seen: list[Ints]) -> NDArray[np.bool_]:
    """Return whether each pair's school is in none of the plans, shape (pairs,)."""
    urn = problem.urns[problem.post]
    return ~np.isin(urn, urn[np.concatenate(seen)])


def _next(search: Search, new: NDArray[np.bool_], known: Choice) -> Answer | None:
    """Return the plan with most new schools and, of those, the highest objective; None where time ran out."""
    deadline = time.monotonic() + search.seconds
    most = _most_new(_near(search, new), search, known, deadline)
    if most is None:
        return None
    stated, plan = most
    first = _true(search, Choice(plan.chosen, plan.auxiliary))
    count = int(new[first.chosen].sum())
    everything = np.flatnonzero(new)
    rows = (row for row in stated.rows if row.rule != "near")
    at_least = Row(
        "new schools", "near", "new schools", ">=", count, everything, np.ones(len(everything), dtype=np.int64)
    )
    best = replace(search.problem, rows=(*rows, at_least))
    last = _best(best, search, first, deadline)
    most_new = count if plan.bound is None else max(count, plan.bound)
    return Answer(Choice(last.chosen, last.auxiliary), weakest(plan.status, last.status), most_new, last.gap or 0.0)


def weakest(*statuses: Status) -> Status:
    """Return how an answer in several steps is proven: as the least proven of them."""
    order = (Status.FEASIBLE, Status.OPTIMAL)
    return min(statuses, key=order.index)


def _near(search: Search, new: NDArray[np.bool_]) -> PlacementProblem:
    """Return the problem of most new schools, its objective the count, near the best plan by one row more."""
    problem = search.problem
    every, worth = (
        np.arange(len(problem.benefit)),
        np.array([one.benefit for one in problem.auxiliaries], dtype=np.int64),
    )
    near = Row(
        "near", "near", "near the best plan", ">=", search.floor, every, problem.benefit, np.arange(len(worth)), worth
    )
    return replace(
        problem,
        benefit=new.astype(np.int64),
        scale=1,
        auxiliaries=tuple(replace(one, benefit=0) for one in problem.auxiliaries),
        rows=(*problem.rows, near),
    )


def _most_new(
    stated: PlacementProblem, search: Search, known: Choice, deadline: float
) -> tuple[PlacementProblem, PlacementPlan] | None:
    """Return the plan of most new schools; where worst draws count, one whose own keep it near the best plan."""
    while True:
        left = max(deadline - time.monotonic(), 0.01)
        plan = solve(stated, time_limit_seconds=left, seed=search.seed, known=known)
        if plan.objective is None:
            return None
        if search.tail is None or value_of(search.problem, _true(search, plan)) >= search.floor:
            return stated, plan
        if plan.status is Status.FEASIBLE:
            return None
        stated = with_row(stated, search.tail, search.tail.worst_draws(plan.chosen))


def _true(search: Search, plan: Choice | PlacementPlan) -> Choice:
    """Return a plan with the true sum of its worst draws."""
    if search.tail is None:
        return Choice(plan.chosen, plan.auxiliary)
    return with_tail_value(search.tail, Choice(plan.chosen, plan.auxiliary[:-1]))


def _best(stated: PlacementProblem, search: Search, first: Choice, deadline: float) -> PlacementPlan:
    if search.tail is not None:
        return solve_tail_rows(stated, search.tail, first, None, deadline, search.seed)[1]
    left = max(deadline - time.monotonic(), 0.01)
    return solve(stated, time_limit_seconds=left, seed=search.seed, known=first)
