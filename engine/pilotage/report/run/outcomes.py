"""What was forecast and what could not be, in a planner's words."""

from __future__ import annotations

from pilotage.case.record import RunRecord
from pilotage.domain.forecast import OutcomeState
from pilotage.domain.outcomes import title_of
from pilotage.report.lists.bands import need_bands
from pilotage.report.words import BANDS, band_counts, percent


def outcome_words(record: RunRecord) -> list[tuple[str, str]]:
    """Return each outcome's title, and whether it was forecast, on how much data, or why not; then the bands."""
    outcomes = record.forecast.outcomes.items()
    return [*((title_of(name), _sentence(record, name, state)) for name, state in outcomes), *_bands(record)]


def _bands(record: RunRecord) -> list[tuple[str, str]]:
    """Return how many schools are in each band by need; empty where no school has one."""
    found = need_bands(record)
    counts = {band: int((found == band).sum()) for band in BANDS}
    return [("What the model can tell apart", band_counts(counts))] if any(counts.values()) else []


def _sentence(record: RunRecord, name: str, state: OutcomeState) -> str:
    if not state.available:
        return f"Not available: {state.why.rstrip('.')}. It is left out of need; it is not counted as zero."
    chosen = {str(key): outcome for key, outcome in record.scenario.outcomes.items()}.get(name)
    horizon = f" over {chosen.horizon_months} months" if chosen else ""
    cases = f"learnt from {state.trained_on:,} past cases"
    base = f"; it happened to {percent(state.base_rate)} of them" if state.base_rate is not None else ""
    return f"Forecast{horizon}: {state.why or cases + base}."
