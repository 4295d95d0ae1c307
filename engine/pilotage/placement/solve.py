"""Problem -> plan, status and proven bound: exact over all pairs, whatever their number.

1. Phase 1, where a row demands something: the least shortfall over all pairs; above zero, no plan exists.
2. The linear optimum over all pairs, by column generation; its duals prove ``bound_lp``.
3. Where it is whole, it is the plan. Else an incumbent, then CP-SAT over every pair whose reduced cost leaves room
   for a plan better than the incumbent: no other pair can be in one.
"""

from __future__ import annotations

import math
import time

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.baselines import greedy
from pilotage.placement.generation import Relaxation, first_columns, relax
from pilotage.placement.integers import Answer, solve_integers
from pilotage.placement.lp import OutOfTimeError, Rows
from pilotage.placement.pricing import GRID_BITS, best_of_leaders, proven_bound, reduced_costs

Ints = NDArray[np.int64]

WHOLE = 1e-6
FEASIBLE_SHORTFALL = 1e-7


def solve(problem: PlacementProblem, *, time_limit_seconds: float, seed: int) -> PlacementPlan:
    """Return the best plan with its proven bound.

    The same problem and seed give the same plan, unless the time limit is reached. ``status`` says whether the plan is
    optimal, feasible with a true gap (time ran out), absent because infeasible, or absent because time ran out.
    """
    deadline = time.monotonic() + time_limit_seconds
    rows = Rows(problem)
    incumbent = _checked(problem, greedy(problem))
    columns = first_columns(problem, incumbent if incumbent is not None else np.zeros(0, dtype=np.int64))
    try:
        if any(row.sense != "<=" for row in problem.rows):
            start = relax(rows, columns, deadline, shortfall=True)
            if start.objective < -FEASIBLE_SHORTFALL:
                return _infeasible(problem, start)
            columns = start.columns
        found = relax(rows, columns, deadline)
    except OutOfTimeError:
        return _out_of_time(problem, incumbent)
    whole = _whole(problem, found)
    if whole is not None:
        return _plan(problem, whole, found, math.floor(found.bound), proven=True)
    return _integers(problem, found, incumbent, deadline, seed)


def _whole(problem: PlacementProblem, found: Relaxation) -> Ints | None:
    """Return the linear optimum as a plan, if it is one whose value no integer plan can exceed."""
    if np.any(np.minimum(found.taken, 1 - found.taken) > WHOLE):
        return None
    chosen = _checked(problem, found.columns[found.taken > 0.5])
    if chosen is None or int(problem.benefit[chosen].sum()) < math.floor(found.bound):
        return None
    return chosen


def _integers(
    problem: PlacementProblem, found: Relaxation, incumbent: Ints | None, deadline: float, seed: int
) -> PlacementPlan:
    """Return the plan where the linear optimum is not one: a first plan from few pairs, then all that could beat it."""
    best = _first_plan(problem, found, incumbent, deadline, seed)
    if best is not None and int(problem.benefit[best].sum()) >= math.floor(found.bound):
        return _plan(problem, best, found, math.floor(found.bound), proven=True)
    candidates = _candidates(problem, found, best)
    floor = None if best is None else int(problem.benefit[best].sum())
    last = solve_integers(problem, candidates, best, floor, _left(deadline), seed)
    best = _better(problem, best, last.chosen)
    if best is None:
        return _without_plan(problem, last)
    bound = math.floor(found.bound) if last.chosen is None else min(math.floor(found.bound), last.bound)
    return _plan(problem, best, found, bound, proven=last.proven)


def _first_plan(
    problem: PlacementProblem, found: Relaxation, incumbent: Ints | None, deadline: float, seed: int
) -> Ints | None:
    """Return the better of the incumbent and the best plan over the pairs that the linear optimum takes a part of.

    Where neither is a plan, the pairs that the linear programme held are tried too.
    """
    support = found.columns[found.taken > WHOLE]
    few = support if incumbent is None else np.union1d(support, incumbent)
    best = _better(problem, incumbent, solve_integers(problem, few, incumbent, None, _left(deadline), seed).chosen)
    if best is None:
        best = solve_integers(problem, found.columns, None, None, _left(deadline), seed).chosen
    return best


def _candidates(problem: PlacementProblem, found: Relaxation, best: Ints | None) -> Ints:
    """Return every pair that a plan as good as ``best`` may hold, by reduced cost; all where no plan is known."""
    if best is None:
        return np.arange(len(problem.benefit))
    gap = math.floor((found.bound - int(problem.benefit[best].sum())) * 2**GRID_BITS)
    loss = found.best[problem.leader] - found.reduced
    return np.union1d(np.flatnonzero(loss <= gap), best)


def _checked(problem: PlacementProblem, chosen: Ints | None) -> Ints | None:
    """Return ``chosen`` if it keeps every row and takes no leader or post twice, else None."""
    if chosen is None:
        return None
    repeated = any(len(np.unique(names[chosen])) < len(chosen) for names in (problem.leader, problem.post))
    broken = any(not _keeps(row.sense, activity(row, chosen), row.rhs) for row in problem.rows)
    return None if repeated or broken else chosen


def activity(row: Row, chosen: Ints) -> int:
    """Return the left-hand side of a row for the chosen pairs."""
    _, inside, _ = np.intersect1d(row.members, chosen, assume_unique=True, return_indices=True)
    return int(row.weights[inside].sum())


def _keeps(sense: str, left: int, right: int) -> bool:
    return (sense == "<=" and left <= right) or (sense == ">=" and left >= right) or left == right


def _better(problem: PlacementProblem, first: Ints | None, second: Ints | None) -> Ints | None:
    if first is None or second is None:
        return first if second is None else second
    return second if problem.benefit[second].sum() > problem.benefit[first].sum() else first


def _left(deadline: float) -> float:
    return deadline - time.monotonic()


def _plan(problem: PlacementProblem, chosen: Ints, found: Relaxation, bound: int, *, proven: bool) -> PlacementPlan:
    value = int(problem.benefit[chosen].sum())
    return PlacementPlan(
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        chosen=np.sort(chosen),
        objective=value,
        bound=max(value, bound) if not proven else value,
        bound_lp=float(found.bound),
        post_duals=found.post / 2**GRID_BITS,
        row_duals=found.row / 2**GRID_BITS,
        rounds=found.rounds,
    )


def _infeasible(problem: PlacementProblem, start: Relaxation) -> PlacementPlan:
    """Return the proof that no plan exists: the rows that carry a price of the shortfall."""
    clashes = tuple(row.name for row, dual in zip(problem.rows, start.row, strict=True) if dual)
    return PlacementPlan(Status.INFEASIBLE, np.zeros(0, dtype=np.int64), None, None, None, clashes=clashes)


def _without_plan(problem: PlacementProblem, last: Answer) -> PlacementPlan:
    status = Status.INFEASIBLE if last.proven else Status.NO_PLAN_IN_TIME
    clashes = tuple(row.name for row in problem.rows) if last.proven else ()
    return PlacementPlan(status, np.zeros(0, dtype=np.int64), None, None, None, clashes=clashes)


def _out_of_time(problem: PlacementProblem, incumbent: Ints | None) -> PlacementPlan:
    """Return the incumbent with the bound that needs no prices: every leader's best pair."""
    if incumbent is None:
        return PlacementPlan(Status.NO_PLAN_IN_TIME, np.zeros(0, dtype=np.int64), None, None, None)
    post, row = np.zeros(len(problem.post_ids), dtype=np.int64), np.zeros(len(problem.rows), dtype=np.int64)
    best = best_of_leaders(problem, reduced_costs(problem, problem.benefit, post, row))
    bound = proven_bound(problem, best, post, row)
    value = int(problem.benefit[incumbent].sum())
    return PlacementPlan(
        Status.FEASIBLE, np.sort(incumbent), value, math.floor(bound), float(bound), post / 1.0, row / 1.0
    )
