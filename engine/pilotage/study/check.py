"""Check a scenario and its tables without training: all that a run would read and state, short of what it forecasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pilotage import assets, pipeline
from pilotage.case.case import Case
from pilotage.config.objective import Objective
from pilotage.config.overlay import Resolved
from pilotage.config.refusals.located import located
from pilotage.domain.forecast import RiskForecast
from pilotage.errors import InfeasibleError
from pilotage.placement.rules.catalogue import rules_of


@dataclass(frozen=True)
class Checked:
    """What a check read and stated; ``unchecked``: the rules that need a forecast, where none is kept."""

    case: Case
    pairs: int
    unchecked: tuple[str, ...] = ()
    forecast_kept: bool = True


def check(resolved: Resolved, say: Callable[[str], None]) -> Checked:
    """Do everything short of forecasting and solving: nothing is trained, and a forecast is used if it is kept."""
    return checked(resolved, pipeline.gather(resolved, say), say)


def checked(resolved: Resolved, case: Case, say: Callable[[str], None]) -> Checked:
    """Check a case that is read already, as ``check``.

    Raises
    ------
    InfeasibleError
        Where no plan keeps the rules together.
    """
    try:
        forecast = pipeline.foresee(resolved, case, say, assets.kept_store())
    except assets.NotKeptError:
        return _checked_without_forecast(resolved, case)
    return Checked(case, _pairs(resolved, case, forecast))


def _checked_without_forecast(resolved: Resolved, case: Case) -> Checked:
    """State the decision without rules on need, as if nothing were known of any school."""
    closes = {named.key: named.traits.closes for named in rules_of(case.scenario)}
    on_need = tuple(key for key, closing in closes.items() if closing is not None and closing.needs_need)
    rules = {key: rule for key, rule in case.scenario.rules.items() if key not in on_need}
    scenario = case.scenario.model_copy(update={"rules": rules, "objective": Objective()})
    nothing = RiskForecast.of_nothing(case.panel.as_of, case.urns)
    pairs = _pairs(resolved, replace(case, scenario=scenario), nothing)
    return Checked(case, pairs, on_need, forecast_kept=False)


def _pairs(resolved: Resolved, case: Case, forecast: RiskForecast) -> int:
    """State the decision, and return over how many pairs."""
    try:
        with located(resolved.leaves):
            return len(pipeline.state(case, forecast).problem.benefit)
    except InfeasibleError as error:
        raise pipeline.NoPlanKeepsError(error, case, forecast) from None
