"""What stays in memory between two plans of a session: the schools and their forecast, while nothing changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved
from pilotage.domain.checksums import Checksum
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.inputs import expect_unchanged
from pilotage.domain.need import reweighed
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.study.sweep.groups import forecast_rests_on

Say = Callable[[str], None]


@dataclass(frozen=True)
class Reading:
    """What was read and forecast last, each with a checksum of the settings that shape it; None = nothing yet."""

    panel_of: str = ""
    panel: SchoolPanel | None = None
    forecast_of: str = ""
    foreseen: pipeline.Foreseen | None = None


def with_panel(reading: Reading, resolved: Resolved, say: Say) -> Reading:
    """Return what was read with the schools of a scenario: those at hand, where no setting and no file has changed."""
    rests_on = _panel_rests_on(resolved)
    if reading.panel is not None and reading.panel_of == rests_on and _as_read(reading.panel):
        return reading
    say("Reading the schools")
    return Reading(rests_on, pipeline.read_panel(resolved, say))


def with_forecast(reading: Reading, resolved: Resolved, case: Case, say: Say) -> tuple[Reading, pipeline.Foreseen]:
    """Return what was read with the forecast of a case, and that forecast: the one at hand where it still holds."""
    forecast = forecast_at_hand(reading, resolved)
    if forecast is not None:
        assert reading.foreseen is not None
        return reading, replace(reading.foreseen, forecast=forecast)
    foreseen = pipeline.foresee_tested(resolved, case, say)
    return replace(reading, forecast_of=_forecast_rests_on(resolved), foreseen=foreseen), foreseen


def forecast_at_hand(reading: Reading, resolved: Resolved) -> RiskForecast | None:
    """Return the forecast that was made last, where it holds for a scenario too: weights may differ."""
    if reading.foreseen is None or reading.forecast_of != _forecast_rests_on(resolved):
        return None
    forecast = reading.foreseen.forecast
    if forecast.need.isna().all():  # not even that is known: whether weights are why
        return None
    return reweighed(forecast, resolved.scenario.outcomes)


def _forecast_rests_on(resolved: Resolved) -> str:
    """Return a checksum of the settings that shape a forecast, weights apart: these shape need alone."""
    scenario = resolved.scenario
    alike = {name: outcome.model_copy(update={"weight": 1.0}) for name, outcome in scenario.outcomes.items()}
    return forecast_rests_on(scenario.model_copy(update={"outcomes": alike}))


def gathered(reading: Reading, resolved: Resolved, say: Say) -> tuple[Reading, Case]:
    """Return the case of a scenario: its leaders and posts are read again each time.

    Raises
    ------
    ScenarioError, DataError
        With all that is wrong with the scenario and its tables.
    """
    reading = with_panel(reading, resolved, say)
    assert reading.panel is not None
    return reading, pipeline.gather_pool(resolved, reading.panel)


def _panel_rests_on(resolved: Resolved) -> str:
    """Return a checksum of the settings that shape the panel; it holds the schools of all England, whatever is asked.

    A scope or an outcome may ask for other files, so these count too.
    """
    tree = resolved.scenario.model_dump(mode="json")
    return Checksum().content([tree["as_of"], tree["data"], sorted(tree["outcomes"])]).hex


def _as_read(panel: SchoolPanel) -> bool:
    try:
        expect_unchanged(panel.inputs)
    except DataError:
        return False
    return True
