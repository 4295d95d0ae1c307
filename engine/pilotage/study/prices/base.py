"""What prices start from: a case with its forecast, the problem stated and its best plan."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.valuation.benefit import valued_pairs
from pilotage.study.explain.opened import Opened


@dataclass(frozen=True)
class Base:
    """A decision as it was made. ``written``: the scenario before answers in tables made pins and bans of it.

    ``solved``: the problem as solved, whose ``scale`` is that of the plan's objective.
    """

    case: Case
    written: Scenario
    forecast: RiskForecast
    stated: pipeline.Stated
    solved: PlacementProblem
    plan: PlacementPlan

    @property
    def problem(self) -> PlacementProblem:
        """Return the problem as stated."""
        return self.stated.problem


def base_of(opened: Opened) -> Base:
    """Return a run opened again as what prices start from."""
    forecast = opened.run.forecast
    return Base(opened.case, opened.resolved.scenario, forecast, opened.stated, opened.solved, opened.plan)


def stated_under(base: Base, case: Case) -> pipeline.Stated:
    """Return the decision stated under another scenario, or with other leaders, with the same forecast.

    Raises
    ------
    ScenarioError, DataError, InfeasibleError
        Where it can't be stated so.
    """
    return pipeline.state(case, base.forecast, valued_pairs(case, base.forecast))
