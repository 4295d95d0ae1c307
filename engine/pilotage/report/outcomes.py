"""What was forecast and what could not be, in a planner's words."""

from __future__ import annotations

from pilotage.domain.forecast import OutcomeState
from pilotage.report.record import RunRecord
from pilotage.report.words import percent

TITLES = {
    "leadership_fall": "Leadership falls below good",
    "leadership_stuck": "Leadership stays below good",
    "gap_widening": "The disadvantage gap widens",
}


def outcome_lines(record: RunRecord) -> list[tuple[str, str]]:
    """Return each outcome's title, and whether it was forecast, on how much data, or why not."""
    return [(TITLES.get(name, name), _line(record, name, state)) for name, state in record.forecast.outcomes.items()]


def _line(record: RunRecord, name: str, state: OutcomeState) -> str:
    if not state.available:
        return f"Not available: {state.why.rstrip('.')}. It is left out of need; it is not counted as zero."
    chosen = {str(key): outcome for key, outcome in record.scenario.outcomes.items()}.get(name)
    horizon = f" over {chosen.horizon_months} months" if chosen else ""
    cases = f"learnt from {state.trained_on:,} past cases"
    base = f"; it happened to {percent(state.base_rate)} of them" if state.base_rate is not None else ""
    return f"Forecast{horizon}: {state.why or cases + base}."
