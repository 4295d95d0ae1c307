"""Plan the first of two runs again with some of its settings changed.

Its forecast is kept, unless a changed setting shapes it: then a new one is made, with the models that this computer
holds where it holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.read_back import ReadRun
from pilotage.case.reload import expect_same_inputs, scenario_again
from pilotage.config.overlay import Resolved
from pilotage.config.scenario import Scenario
from pilotage.domain.findings.comparison import Alone, Pair
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.inputs import FORECAST
from pilotage.domain.plan import Status
from pilotage.errors import DataError, InfeasibleError, NoPlanInTimeError, ScenarioError
from pilotage.study.compare.settings import Tree, scenario_of
from pilotage.study.counted import counted_benefit

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What came of planning: the plan's placements and its benefit in pupil-months, or why there is none.

    ``proven``: whether it is proven best.
    """

    alone: Alone
    placements: frozenset[Pair] = frozenset()
    benefit: float | None = None
    proven: bool = True


@dataclass(frozen=True)
class Again:
    """A run whose inputs are found again: its scenario as a tree, its files where they are now, and its forecast."""

    tree: Tree
    forecast: RiskForecast
    own_forecast: bool


def again(run: ReadRun) -> Again:
    """Return what is needed to plan a run again.

    Raises
    ------
    DataError
        Where an input is gone, or has changed since the run.
    """
    resolved = scenario_again(run)
    expect_same_inputs(run, pipeline.gather(resolved).inputs)
    given = any(each.role == FORECAST for each in run.manifest.inputs)
    return Again(resolved.scenario.model_dump(mode="json"), run.forecast, own_forecast=not given)


def outcome(run: Again, tree: Tree, say: Say, *, new_forecast: bool) -> Outcome:
    """Return what comes of a scenario that differs from the run's, with the run's forecast or a new one."""
    if new_forecast and not run.own_forecast:
        return Outcome(Alone.NOT_FORECAST)
    try:
        resolved = _resolved(scenario_of(tree))
        case = pipeline.gather(resolved, say)
        forecast = pipeline.foresee(resolved, case, say) if new_forecast else run.forecast
        return planned(resolved, case, forecast)
    except (ScenarioError, DataError):
        return Outcome(Alone.NOT_A_SCENARIO)
    except (InfeasibleError, NoPlanInTimeError):
        return Outcome(Alone.NO_PLAN)


def planned(resolved: Resolved, case: Case, forecast: RiskForecast) -> Outcome:
    """Return the best plan of a case: who is placed where, asks and support left out of the pairs."""
    stated = pipeline.state(case, forecast)
    decided = pipeline.decide(resolved, stated)
    chosen, problem = decided.plan.chosen, decided.problem
    placed = chosen[~stated.impact.asks(chosen) & ~stated.impact.supports(chosen)]
    pairs = ((problem.leader_ids[problem.leader[pair]], problem.post_ids[problem.post[pair]]) for pair in placed)
    proven = decided.plan.status is Status.OPTIMAL
    return Outcome(Alone.PLANNED, frozenset(pairs), counted_benefit(stated, chosen), proven)


def _resolved(scenario: Scenario) -> Resolved:
    return Resolved(scenario, {}, "")
