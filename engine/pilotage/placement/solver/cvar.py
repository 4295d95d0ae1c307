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

from pilotage.domain.cvar import Cvar, CvarState
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

RULE = "worst_draws"  # the rule of the rows added here
EXPECTED_TIME = 0.4  # of the time, for the plan of highest expected benefit
HELD_BITS = 62  # a sum of prices must stay below 2 to this
BROKEN = 1e-7  # of the sum over the worst draws: a fractional answer that exceeds its own by more breaks a row


@dataclass(frozen=True)
class CvarAnswer:
    """The problem with the rows that proved its answer, the plan, and the plan of highest expected benefit."""

    problem: PlacementProblem
    plan: PlacementPlan
    expected: PlacementPlan


def solve_cvar(problem: PlacementProblem, cvar: Cvar, *, time_limit_seconds: float, seed: int) -> CvarAnswer:
    """Return the best plan by mean and worst draws, with its proven bound; ``problem`` states expected benefit.

    Raises
    ------
    ScenarioError
        When the figures are too fine to be summed exactly in 64 bits.
    """
    deadline = time.monotonic() + time_limit_seconds
    _refuse_too_fine(problem, cvar)
    expected = solve(problem, time_limit_seconds=EXPECTED_TIME * time_limit_seconds, seed=seed)
    if expected.objective is None:
        return CvarAnswer(problem, expected, expected)
    best = with_worst_sum(cvar, Choice(expected.chosen, expected.auxiliary))
    stated = cvar_problem(problem, cvar, [cvar.worst_draws(expected.chosen)])
    stated, bound = _linear_optimum(stated, cvar, best, deadline)
    return CvarAnswer(*solve_cvar_rows(stated, cvar, best, bound, deadline, seed), expected)


def cvar_state(scale: int, cvar: Cvar, answer: CvarAnswer) -> CvarState | None:
    """Return mean and worst draws of the plan and of the plan of highest expected benefit; None without a plan.

    What the leaders of one school would count twice is off all four: it is the same in every draw.

    ``scale``: integer units of a pupil-month in the problem of expected benefit.
    """
    if answer.plan.objective is None:
        return None
    ours, theirs = (
        _mean_and_worst(scale, cvar, answer.problem, plan.chosen) for plan in (answer.plan, answer.expected)
    )
    return CvarState(len(cvar.draws), cvar.worst, float(cvar.weight), *ours, *theirs)


def _mean_and_worst(scale: int, cvar: Cvar, problem: PlacementProblem, chosen: Ints) -> tuple[float, float]:
    lost = 0 if problem.shared is None else int(losses(problem.shared, chosen).sum())
    return (int(cvar.mean[chosen].sum()) - lost) / scale, (cvar.worst_sum(chosen) / cvar.worst - lost) / scale


def rescored(cvar: Cvar, peer: Baseline) -> Baseline:
    """Return a baseline of the problem of expected benefit with its objective by mean and worst draws."""
    mean = int(cvar.mean[peer.chosen].sum())
    beside = peer.objective - mean
    worst = cvar.weight.numerator * cvar.worst_sum(peer.chosen)
    return replace(peer, objective=cvar.benefit_factor * mean + worst + cvar.factor * beside)


def cvar_problem(problem: PlacementProblem, cvar: Cvar, worst: list[Ints]) -> PlacementProblem:
    """Return the problem with the sum over the worst draws as its last auxiliary, and a row for each set of draws."""
    reach = int(np.sort(problem.capacities)[::-1][: len(problem.post_ids)].sum()) * cvar.worst
    low, high = (int(value) for value in (cvar.draws.min(initial=0), cvar.draws.max(initial=0)))
    worth = cvar.weight.numerator
    ours = Auxiliary("worst draws", high * reach, worth, lower=low * reach, kind="worst_draws", key=RULE)
    scaled = [replace(auxiliary, benefit=auxiliary.benefit * cvar.factor) for auxiliary in problem.auxiliaries]
    stated = replace(
        problem,
        benefit=cvar.mean * cvar.benefit_factor + (problem.benefit - cvar.mean) * cvar.factor,
        scale=problem.scale * cvar.factor,
        auxiliaries=(*scaled, ours),
    )
    for some in worst:
        stated = with_row(stated, cvar, some)
    return stated


def with_row(stated: PlacementProblem, cvar: Cvar, worst: Ints) -> PlacementProblem:
    """Return the problem with one row more: the last auxiliary is at most the benefit over the draws ``worst``."""
    weights = -cvar.draws[worst].sum(axis=0, dtype=np.int64)
    number = sum(row.rule == RULE for row in stated.rows) + 1
    everything, last = np.arange(len(weights)), np.array([len(stated.auxiliaries) - 1])
    unit = np.ones(1, dtype=np.int64)
    label = f"draws {', '.join(str(draw) for draw in worst.tolist())}"
    part = tuple(worst.tolist())
    row = Row(f"worst draws {number}", RULE, label, "<=", 0, everything, weights, last, unit, key=RULE, part=part)
    return replace(stated, rows=(*stated.rows, row))


def with_worst_sum(cvar: Cvar, choice: Choice) -> Choice:
    """Return the plan with the true sum over its worst draws as one auxiliary more, the last."""
    return Choice(choice.chosen, np.append(choice.auxiliary, cvar.worst_sum(choice.chosen)))


def _refuse_too_fine(problem: PlacementProblem, cvar: Cvar) -> None:
    largest = max(int(np.abs(problem.benefit).max(initial=1)) * cvar.factor, 1)
    if math.log2(largest) + GRID_BITS + math.log2(max(1, len(problem.leader_ids))) > HELD_BITS:
        do = "take a rounder cvar_weight, such as 0.5, or fewer worst draws"
        raise ScenarioError(
            Problem("objective.cvar_weight", f"makes figures {cvar.factor:,} times finer", "sums that fit 64 bits", do)
        )


def _linear_optimum(
    stated: PlacementProblem, cvar: Cvar, best: Choice, deadline: float
) -> tuple[PlacementProblem, int | None]:
    """Add the rows that the linear optimum breaks, until it breaks none; return what it proves."""
    columns, bound = first_columns(stated, best.chosen), None
    try:
        while True:
            relaxation = relax(Rows(stated), columns, deadline)
            bound, columns = math.floor(relaxation.prices.bound), relaxation.columns
            worst = _broken(relaxation, cvar)
            if worst is None:
                return stated, bound
            stated = with_row(stated, cvar, worst)
    except (OutOfTimeError, NotSolvedError):
        return stated, bound


def _broken(relaxation: Relaxation, cvar: Cvar) -> Ints | None:
    """Return the worst draws of a fractional answer, if the sum that it claims exceeds theirs."""
    held = relaxation.taken > 0
    totals = cvar.draws[:, relaxation.columns[held]] @ relaxation.taken[held]
    worst = np.sort(np.argsort(totals, kind="stable")[: cvar.worst])
    least, claimed = float(totals[worst].sum()), float(relaxation.auxiliary[-1])
    return worst if claimed > least + BROKEN * max(1.0, abs(least)) else None


def solve_cvar_rows(
    stated: PlacementProblem, cvar: Cvar, best: Choice, bound: int | None, deadline: float, seed: int
) -> tuple[PlacementProblem, PlacementPlan]:
    """Solve, add the row of the answer's own worst draws, and again, until the best plan reaches the bound.

    ``best`` is a plan of ``stated`` with the true sum over its worst draws; ``bound`` is proven already, if any is.
    """
    while True:
        left = max(deadline - time.monotonic(), 0.01)
        answer = solve(stated, time_limit_seconds=left, seed=seed, known=best)
        true = with_worst_sum(cvar, Choice(answer.chosen, answer.auxiliary[:-1]))
        best = true if value_of(stated, true) > value_of(stated, best) else best
        bound = min(known for known in (bound, answer.bound) if known is not None)
        proven = answer.status is Status.OPTIMAL
        if value_of(stated, best) >= bound or not proven or value_of(stated, true) == answer.objective:
            return stated, _plan(stated, best, answer, bound)
        stated = with_row(stated, cvar, cvar.worst_draws(answer.chosen))


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
