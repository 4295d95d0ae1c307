"""What stays in memory between two plans of a session: the schools and their forecast, while nothing changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved
from pilotage.domain.checksums import Checksum
from pilotage.domain.inputs import expect_unchanged
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
    rests_on = forecast_rests_on(resolved.scenario)
    if reading.foreseen is not None and reading.forecast_of == rests_on:
        return reading, reading.foreseen
    foreseen = pipeline.foresee_tested(resolved, case, say)
    return Reading(reading.panel_of, reading.panel, rests_on, foreseen), foreseen


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
