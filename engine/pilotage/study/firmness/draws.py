"""The best plan of each draw: the benefits of one possible future, every rule kept, solved again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.placement.analysis.recurrence import Holding, in_draw
from pilotage.placement.formulation.equity import expected, pair_weights
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit_draws import MOST_CELLS, benefit_draws
from pilotage.study.explain.opened import Opened
from pilotage.study.firmness.each import Workers, each

Ints = NDArray[np.int64]

LEAST = 2  # draws: the spread of one is not known


@dataclass(frozen=True)
class Again:
    """What came of a draw: the chosen pairs (None: no plan in time), and whether no plan is better in it."""

    chosen: Ints | None
    proven: bool


def to_be_had(forecast: RiskForecast, asked: int, pairs: int) -> int:
    """Return how many of the draws asked for can be taken: as many as the forecast has, and as memory lasts for."""
    held = [int(values.shape[1]) for values in forecast.draws.values()]
    return max(LEAST, min([asked, MOST_CELLS // max(1, pairs), *held]))


def plans_of_draws(opened: Opened, draws: int, work: Workers) -> list[Again]:
    """Return the best plan of each draw."""
    tasks = (partial(best_in_draw, problem, *_limits(opened)) for problem in _in_draws(opened, draws))
    return each(tasks, draws, "Planning again in each simulation of the forecast", work)


def _limits(opened: Opened) -> tuple[float, int, float]:
    solver = opened.case.scenario.solver
    return solver.time_limit_seconds, solver.seed, solver.gap


def _in_draws(opened: Opened, draws: int) -> Iterator[PlacementProblem]:
    """Yield the problem in each draw; the draws are those of the worst draws' objective, with its seed."""
    problem, case, forecast, impact = opened.problem, opened.case, opened.run.forecast, opened.stated.impact
    objective = case.scenario.objective.model_copy(update={"draws": draws})
    drawing = replace(case, scenario=case.scenario.model_copy(update={"objective": objective}))
    weight = pair_weights(case, problem, forecast.need)
    drawn = benefit_draws(drawing, forecast, impact, problem.scale * weight)
    mean = expected(impact, problem.scale, weight)
    return (in_draw(problem, mean, benefits) for benefits in drawn)


def best_in_draw(problem: PlacementProblem, seconds: float, seed: int, gap: float) -> Again:
    """Return the best plan of a problem in a draw."""
    plan: PlacementPlan = solve(problem, time_limit_seconds=seconds, seed=seed, gap=gap)
    return Again(None if plan.objective is None else plan.chosen, plan.status is Status.OPTIMAL)


def recurs(holding: Holding, plans: list[Again]) -> int:
    """Return in how many of the draws' plans a holding is again."""
    return sum(again.chosen is not None and holding.within(again.chosen) for again in plans)
