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
    case = pipeline.gather(resolved, say)
    try:
        forecast = pipeline.foresee(resolved, case, say, assets.kept_store())
    except assets.NotKeptError:
        return _checked_without_forecast(resolved, case)
    with located(resolved.leaves):
        return Checked(case, len(pipeline.state(case, forecast).problem.benefit))


def _checked_without_forecast(resolved: Resolved, case: Case) -> Checked:
    """State the decision without rules on need, as if nothing were known of any school."""
    closes = {named.key: named.traits.closes for named in rules_of(case.scenario)}
    on_need = tuple(key for key, closing in closes.items() if closing is not None and closing.needs_need)
    rules = {key: rule for key, rule in case.scenario.rules.items() if key not in on_need}
    scenario = case.scenario.model_copy(update={"rules": rules, "objective": Objective()})
    with located(resolved.leaves):
        stated = pipeline.state(replace(case, scenario=scenario), RiskForecast.of_nothing(case.panel.as_of, case.urns))
    return Checked(case, len(stated.problem.benefit), on_need, forecast_kept=False)
