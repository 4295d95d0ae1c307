"""The best plan by its mean and its worst draws, exactly, though no solver sees the draws one by one.

With b expected benefit, B(d) benefit in draw d, K the number of worst draws and t the sum of B over them, the objective
is ``(1 - w) sum(b) + w t / K``. Of Rockafellar and Uryasev's form, ``t = max over e of K e - sum over d of
max(0, e - B(d))``, the dual says that t is the least of the sums of B over any K draws: a row ``t <= sum of B over S``
for each set S of K draws. Nearly all are idle, so they are added as they are broken: solve, find the worst draws of the
answer, add their row, until the answer's own worst draws are already in force. Then the bound proven without the other
rows is reached by a true plan, which is therefore the best of all.

Everything is whole: the objective's unit is ``K x denominator of w`` times finer than that of the benefits.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.cvar import Tail, TailState
from pilotage.domain.explanation import Baseline
from pilotage.domain.plan import Auxiliary, PlacementPlan, PlacementProblem, Row, Status, closed
from pilotage.errors import Problem, ScenarioError
from pilotage.placement.formulation.shared_pupils import losses
from pilotage.placement.solver.column_generation import Relaxation, first_columns, relax
from pilotage.placement.solver.cp_sat import Choice, value_of
from pilotage.placement.solver.master_lp import NotSolvedError, OutOfTimeError, Rows
from pilotage.placement.solver.pricing import GRID_BITS
from pilotage.placement.solver.solve import solve

Ints = NDArray[np.int64]

RULE = "tail"  # the rule of the rows added here
EXPECTED_TIME = 0.4  # of the time, for the plan of highest expected benefit
HELD_BITS = 62  # a sum of prices must stay below 2 to this
BROKEN = 1e-7  # of the sum over the worst draws: a fractional answer that exceeds its own by more breaks a row


@dataclass(frozen=True)
class Weathered:
    """The problem with the rows that proved its answer, the plan, and the plan of highest expected benefit."""

    problem: PlacementProblem
    plan: PlacementPlan
    expected: PlacementPlan


def solve_tail(problem: PlacementProblem, tail: Tail, *, time_limit_seconds: float, seed: int) -> Weathered:
    """Return the best plan by mean and worst draws, with its proven bound; ``problem`` states expected benefit.

    Raises
    ------
    ScenarioError
        When the figures are too fine to be summed exactly in 64 bits.
    """
    deadline = time.monotonic() + time_limit_seconds
    _refuse_too_fine(problem, tail)
    expected = solve(problem, time_limit_seconds=EXPECTED_TIME * time_limit_seconds, seed=seed)
    if expected.objective is None:
        return Weathered(problem, expected, expected)
    best = with_tail_value(tail, Choice(expected.chosen, expected.auxiliary))
    stated = tail_problem(problem, tail, [tail.worst_draws(expected.chosen)])
    stated, bound = _linear_rounds(stated, tail, best, deadline)
    return Weathered(*solve_tail_rows(stated, tail, best, bound, deadline, seed), expected)


def tail_state(scale: int, tail: Tail, found: Weathered) -> TailState | None:
    """Return mean and worst draws of the plan and of the plan of highest expected benefit; None without a plan.

    What the leaders of one school would count twice is off all four: it is the same in every draw.

    ``scale``: integer units of a pupil-month in the problem of expected benefit.
    """
    if found.plan.objective is None:
        return None
    ours, theirs = (_mean_and_worst(scale, tail, found.problem, plan.chosen) for plan in (found.plan, found.expected))
    return TailState(len(tail.draws), tail.worst, float(tail.weight), *ours, *theirs)


def _mean_and_worst(scale: int, tail: Tail, problem: PlacementProblem, chosen: Ints) -> tuple[float, float]:
    lost = 0 if problem.shared is None else int(losses(problem.shared, chosen).sum())
    return (int(tail.mean[chosen].sum()) - lost) / scale, (tail.worst_sum(chosen) / tail.worst - lost) / scale


def rescored(tail: Tail, peer: Baseline) -> Baseline:
    """Return a baseline of the problem of expected benefit with its objective by mean and worst draws."""
    mean = int(tail.mean[peer.chosen].sum())
    others = peer.objective - mean
    worst = tail.weight.numerator * tail.worst_sum(peer.chosen)
    return replace(peer, objective=tail.benefit_factor * mean + worst + tail.factor * others)


def tail_problem(problem: PlacementProblem, tail: Tail, worst: list[Ints]) -> PlacementProblem:
    """Return the problem with the tail's sum as its last auxiliary, bounded by the rows of the given sets of draws."""
    reach = int(np.sort(problem.capacities)[::-1][: len(problem.post_ids)].sum()) * tail.worst
    low, high = (int(value) for value in (tail.draws.min(initial=0), tail.draws.max(initial=0)))
    worth = tail.weight.numerator
    ours = Auxiliary("worst draws", high * reach, worth, lower=low * reach, kind="worst_draws", key=RULE)
    others = [replace(one, benefit=one.benefit * tail.factor) for one in problem.auxiliaries]
    stated = replace(
        problem,
        benefit=tail.mean * tail.benefit_factor + (problem.benefit - tail.mean) * tail.factor,
        scale=problem.scale * tail.factor,
        auxiliaries=(*others, ours),
    )
    for some in worst:
        stated = with_row(stated, tail, some)
    return stated


def with_row(stated: PlacementProblem, tail: Tail, worst: Ints) -> PlacementProblem:
    """Return the problem with one row more: the tail's sum is at most the benefit summed over the draws ``worst``."""
    weights = -tail.draws[worst].sum(axis=0, dtype=np.int64)
    number = sum(row.rule == RULE for row in stated.rows) + 1
    everything, last = np.arange(len(weights)), np.array([len(stated.auxiliaries) - 1])
    one = np.ones(1, dtype=np.int64)
    label = f"draws {', '.join(str(draw) for draw in worst.tolist())}"
    part = tuple(worst.tolist())
    row = Row(f"tail {number}", RULE, label, "<=", 0, everything, weights, last, one, key=RULE, part=part)
    return replace(stated, rows=(*stated.rows, row))


def with_tail_value(tail: Tail, choice: Choice) -> Choice:
    """Return the plan with the true sum over its worst draws as one auxiliary more, the last."""
    return Choice(choice.chosen, np.append(choice.auxiliary, tail.worst_sum(choice.chosen)))


def _refuse_too_fine(problem: PlacementProblem, tail: Tail) -> None:
    largest = max(int(np.abs(problem.benefit).max(initial=1)) * tail.factor, 1)
    if math.log2(largest) + GRID_BITS + math.log2(max(1, len(problem.leader_ids))) > HELD_BITS:
        do = "take a rounder cvar_weight, such as 0.5, or fewer worst draws"
        raise ScenarioError(
            Problem("objective.cvar_weight", f"makes figures {tail.factor:,} times finer", "sums that fit 64 bits", do)
        )


def _linear_rounds(
    stated: PlacementProblem, tail: Tail, best: Choice, deadline: float
) -> tuple[PlacementProblem, int | None]:
    """Add the rows that the linear optimum breaks, until it breaks none; return what it proves."""
    columns, bound = first_columns(stated, best.chosen), None
    try:
        while True:
            found = relax(Rows(stated), columns, deadline)
            bound, columns = math.floor(found.prices.bound), found.columns
            worst = _broken(found, tail)
            if worst is None:
                return stated, bound
            stated = with_row(stated, tail, worst)
    except (OutOfTimeError, NotSolvedError):
        return stated, bound


def _broken(found: Relaxation, tail: Tail) -> Ints | None:
    """Return the worst draws of a fractional answer, if its tail exceeds what they sum to."""
    held = found.taken > 0
    totals = tail.draws[:, found.columns[held]] @ found.taken[held]
    worst = np.sort(np.argsort(totals, kind="stable")[: tail.worst])
    least, told = float(totals[worst].sum()), float(found.auxiliary[-1])
    return worst if told > least + BROKEN * max(1.0, abs(least)) else None


def solve_tail_rows(
    stated: PlacementProblem, tail: Tail, best: Choice, bound: int | None, deadline: float, seed: int
) -> tuple[PlacementProblem, PlacementPlan]:
    """Solve, add the row of the answer's own worst draws, and again, until the best plan reaches the bound.

    ``best`` is a plan of ``stated`` with its tail's true sum; ``bound`` is proven already, if any is.
    """
    while True:
        left = max(deadline - time.monotonic(), 0.01)
        answer = solve(stated, time_limit_seconds=left, seed=seed, known=best)
        true = with_tail_value(tail, Choice(answer.chosen, answer.auxiliary[:-1]))
        best = true if value_of(stated, true) > value_of(stated, best) else best
        bound = min(one for one in (bound, answer.bound) if one is not None)
        proven = answer.status is Status.OPTIMAL
        if value_of(stated, best) >= bound or not proven or value_of(stated, true) == answer.objective:
            return stated, _plan(stated, best, answer, bound)
        stated = with_row(stated, tail, tail.worst_draws(answer.chosen))


def _plan(stated: PlacementProblem, best: Choice, answer: PlacementPlan, bound: int) -> PlacementPlan:
    value = value_of(stated, best)
    return replace(
        answer,
        status=Status.OPTIMAL if closed(value, bound, stated.scale) else Status.FEASIBLE,
        chosen=best.chosen,
        auxiliary=best.auxiliary,
        objective=value,
        bound=max(value, bound),
    )
