"""What was forecast and what could not be, in a planner's words."""

from __future__ import annotations

from pilotage.case.record import RunRecord
from pilotage.domain.forecast import OutcomeState
from pilotage.domain.need import need_draws
from pilotage.domain.outcomes import title_of
from pilotage.domain.panel import phases_of
from pilotage.domain.statistics.ranks import TIED, share_in_top, tie_band
from pilotage.report.words import percent, plural


def outcome_words(record: RunRecord) -> list[tuple[str, str]]:
    """Return each outcome's title, and whether it was forecast, on how much data, or why not; then a cut by need."""
    outcomes = record.forecast.outcomes.items()
    return [*((title_of(name), _sentence(record, name, state)) for name, state in outcomes), *_cut_off(record)]


def _cut_off(record: RunRecord) -> list[tuple[str, str]]:
    """Return how sharply need alone cuts the list after as many schools as the plan serves; empty without draws."""
    problem = record.problem
    served = len({int(problem.urns[post]) for post in problem.post[record.plan.chosen].tolist()})
    draws = need_draws(record.forecast, phases_of(record.panel, record.forecast.table["urn"]), record.scenario.outcomes)
    if not served or draws.shape[1] == 0:
        return []
    surely, between = int((share_in_top(draws, served) >= TIED[1]).sum()), int(tie_band(draws, served).sum())
    sentence = (
        f"Of a list cut after the {plural(served, 'school')} of highest need, as many as the plan serves, "
        f"{plural(surely, 'school')} would be above the line in nine draws of ten or more, {plural(between, 'school')} "
        "in one to nine of ten, and every other school in fewer. Need alone does not tell apart those in between."
    )
    return [("A line drawn by need", sentence)]


def _sentence(record: RunRecord, name: str, state: OutcomeState) -> str:
    if not state.available:
        return f"Not available: {state.why.rstrip('.')}. It is left out of need; it is not counted as zero."
    chosen = {str(key): outcome for key, outcome in record.scenario.outcomes.items()}.get(name)
    horizon = f" over {chosen.horizon_months} months" if chosen else ""
    cases = f"learnt from {state.trained_on:,} past cases"
    base = f"; it happened to {percent(state.base_rate)} of them" if state.base_rate is not None else ""
    return f"Forecast{horizon}: {state.why or cases + base}."
