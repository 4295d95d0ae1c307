"""Check a scenario and its tables without training: all that a run would read and state, and whether a plan exists."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pilotage import assets, pipeline
from pilotage.case.case import Case
from pilotage.config.objective import Objective
from pilotage.config.overlay import Resolved
from pilotage.config.refusals.located import located
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import Status
from pilotage.errors import InfeasibleError
from pilotage.placement.analysis.conflicts import no_plan
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError, any_plan
from pilotage.placement.rules.catalogue import rules_of


@dataclass(frozen=True)
class Checked:
    """What a check read and stated.

    Attributes
    ----------
    unchecked
        The rules that need a forecast, where none is kept.
    settled
        Whether some plan is known to keep the rules together; False where the time limit came first.
    """

    case: Case
    pairs: int
    unchecked: tuple[str, ...] = ()
    forecast_kept: bool = True
    settled: bool = True


def check(resolved: Resolved, say: Callable[[str], None]) -> Checked:
    """Do everything short of forecasting and solving: nothing is trained, and a forecast is used if it is kept."""
    return checked(resolved, pipeline.gather(resolved, say), say)


def checked(
    resolved: Resolved, case: Case, say: Callable[[str], None], forecast: RiskForecast | None = None
) -> Checked:
    """Check a case that is read already, as ``check``; ``forecast``: its forecast, where one is at hand.

    Raises
    ------
    InfeasibleError
        Where no plan keeps the rules together.
    """
    try:
        known = forecast if forecast is not None else pipeline.foresee(resolved, case, say, assets.kept_store())
    except assets.NotKeptError:
        return _checked_without_forecast(resolved, case)
    return _stated(resolved, case, known)


def _checked_without_forecast(resolved: Resolved, case: Case) -> Checked:
    """State the decision without rules on need, as if nothing were known of any school."""
    closes = {named.key: named.traits.closes for named in rules_of(case.scenario)}
    on_need = tuple(key for key, closing in closes.items() if closing is not None and closing.needs_need)
    rules = {key: rule for key, rule in case.scenario.rules.items() if key not in on_need}
    scenario = case.scenario.model_copy(update={"rules": rules, "objective": Objective()})
    nothing = RiskForecast.of_nothing(case.panel.as_of, case.urns)
    found = _stated(resolved, replace(case, scenario=scenario), nothing)
    return replace(found, case=case, unchecked=on_need, forecast_kept=False)


def _stated(resolved: Resolved, case: Case, forecast: RiskForecast) -> Checked:
    """State the decision, and find whether some plan keeps its rules."""
    try:
        with located(resolved.leaves):
            stated = pipeline.state(case, forecast)
            settled = _some_plan_keeps(resolved, stated)
    except InfeasibleError as error:
        raise pipeline.NoPlanKeepsError(error, case, forecast) from None
    return Checked(case, len(stated.problem.benefit), settled=settled)


def _some_plan_keeps(resolved: Resolved, stated: pipeline.Stated) -> bool:
    solver = resolved.scenario.solver
    try:
        found = any_plan(stated.problem, time.monotonic() + solver.time_limit_seconds, solver.seed)
    except OutOfTimeError:
        return False
    if found.status is Status.INFEASIBLE:
        raise no_plan(resolved.scenario.name, stated.problem, solver.seed, stated.answered)
    return True
