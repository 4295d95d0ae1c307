"""The data strip: each kind of data with its age and cover, in words and by a mark that the words explain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain import deprivation
from pilotage.domain.findings.accuracy import OutcomeAccuracy
from pilotage.domain.judgements import judged_leadership
from pilotage.domain.outcomes import OUTCOMES
from pilotage.domain.units import DAYS_A_YEAR
from pilotage.report.run.data import known_share, school_year

FRESH_YEARS, OLD_YEARS = 1.0, 2.0  # newest data up to this age is recent; from this age on, old
MOST_GAPS = 0.9  # data that is known of fewer schools than this share has gaps


class State(StrEnum):
    """How far a kind of data can be leant on; the words stand beside the colour."""

    RECENT = "recent"
    AGEING = "ageing"
    OLD = "old"
    GAPS = "has gaps"
    MISSING = "not known"
    TESTED = "tested"
    UNTESTED = "not tested"


GOOD, POOR = (State.RECENT, State.TESTED), (State.OLD, State.MISSING, State.UNTESTED)


@dataclass(frozen=True)
class Item:
    """One part of the strip: ``title`` of the data, its ``state``, and what is known of it in ``words``."""

    title: str
    state: State
    words: str

    @property
    def look(self) -> str:
        """Return the class of its colour: ``good``, ``fair`` or ``poor``."""
        return "good" if self.state in GOOD else "poor" if self.state in POOR else "fair"


def data_strip(record: RunRecord) -> list[Item]:
    """Return the parts of the strip: judgements, results, intake, and how well such forecasts did."""
    return [_judgements(record), _results(record), _intake(record), *_tested(record)]


def _judgements(record: RunRecord) -> Item:
    known = judged_leadership(record.panel.inspections)
    known = known[known["known_on"] <= pd.Timestamp(record.panel.as_of)]
    title = "Ofsted" if not record.panel.synthetic else "Inspections"
    newest = known["inspected_on"].max().date() if len(known) else None
    words = "" if newest is None else f"to {newest.day} {newest:%b %Y}"
    return _item(record, title, newest, known["urn"], words)


def _results(record: RunRecord) -> Item:
    results = record.panel.results
    if not len(results):
        return Item("Gaps", State.MISSING, "no results by pupil group")
    poor = results[(results["pupil_group"] == "disadvantaged") & results["progress_sd"].notna()]
    poor = poor[poor["known_on"] <= pd.Timestamp(record.panel.as_of)]
    year = int(poor["year"].max()) if len(poor) else None
    day = None if year is None else date(year, 8, 31)
    return _item(record, "Gaps", day, poor["urn"], "" if year is None else f"of {school_year(year)}")


def _intake(record: RunRecord) -> Item:
    years = record.panel.school_years
    known = years[years["known_on"] <= pd.Timestamp(record.panel.as_of)] if len(years) else years
    year = int(known["year"].max()) if len(known) else None
    shares = deprivation.shares(record.panel).dropna()
    day = None if year is None else date(year, 8, 31)
    words = "" if year is None else f"of {school_year(year)}"
    return _item(record, "Disadvantaged pupils", day, pd.Series(shares.index), words)


def _item(record: RunRecord, title: str, newest: date | None, urns: pd.Series, words: str) -> Item:
    schools = pd.Series(record.urns)
    if newest is None or not len(urns):
        return Item(title, State.MISSING, "nothing known by the date")
    cover = float(schools.isin(urns).mean())
    age = (record.panel.as_of - newest).days / DAYS_A_YEAR
    state = State.OLD if age >= OLD_YEARS else State.AGEING if age > FRESH_YEARS else State.RECENT
    if cover < MOST_GAPS and state is not State.OLD:
        state = State.GAPS
    return Item(title, state, f"{words}, {known_share(schools, urns)} of schools")


def _tested(record: RunRecord) -> list[Item]:
    """Return how often what was forecast happened in the tenth ranked riskiest, of each outcome that was tested."""
    if record.accuracy.own_file:
        return [Item("Forecast", State.UNTESTED, "a file of your own")]
    if not record.accuracy.tested:
        return [Item("Forecast", State.UNTESTED, "no back-test of it")] if record.forecast.outcomes else []
    first: OutcomeAccuracy = record.accuracy.tested[0]
    happened = OUTCOMES[first.outcome].happened
    rate = f"{100 * first.happened_in_top_tenth.value:.0f}"
    invented = " (invented schools)" if first.synthetic else ""
    return [Item("Forecast", State.TESTED, f"of the tenth ranked riskiest, {rate} in 100 {happened}{invented}")]
