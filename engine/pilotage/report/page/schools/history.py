"""What was published of each school over the years, as one line of text a school: judgements, results, absence."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.judgements import current_judgements, judged_leadership
from pilotage.report.lists.judgements import judgement_words

MOST = 4  # years, or judgements
ATTAINMENT = {  # of a phase has its own; the column, its unit
    "ks2_expected_share": "{:.0%} reach the expected standard",
    "attainment8": "Attainment 8 of {:.0f}",
    "ks2_level4_share": "{:.0%} reach level 4",
    "five_good_gcses_share": "{:.0%} have five good GCSEs",
}
ABSENCE = ("persistent_absence_share", "absence_share")


def judged_before(record: RunRecord) -> pd.Series:
    """Return by URN the judgements of leadership before the current one, the newest first."""
    rows = judged_leadership(record.panel.inspections)
    current = current_judgements(record.panel)["inspected_on"].reindex(rows["urn"]).to_numpy()
    newest_first = rows[(rows["inspected_on"] < current).to_numpy()].iloc[::-1]
    earlier = newest_first[newest_first.groupby("urn").cumcount() < MOST]
    named = zip(earlier["leadership_grade"], earlier["leadership_judgement"], earlier["inspected_on"], strict=True)
    said = [f"{judgement_words(grade, judgement, day)}, {day:%b %Y}" for grade, judgement, day in named]
    return pd.Series(said, index=earlier["urn"], dtype=object).groupby(level=0).agg("; ".join)


def results_over_years(record: RunRecord) -> pd.Series:
    """Return by URN its pupils' results of the last years that were known by the date, the oldest first."""
    years = _known_years(record)
    parts = [_line(years, name, words) for name, words in ATTAINMENT.items() if name in years]
    return pd.concat(parts).groupby(level=0).first() if parts else pd.Series(dtype=object)


def absence_over_years(record: RunRecord) -> pd.Series:
    """Return by URN its absence of the last years that were known by the date, the oldest first."""
    years = _known_years(record)
    parts = [_line(years, name, "{:.0%}") for name in ABSENCE if name in years]
    return pd.concat(parts).groupby(level=0).first() if parts else pd.Series(dtype=object)


def _known_years(record: RunRecord) -> pd.DataFrame:
    years = record.panel.school_years
    if years.empty:
        return years
    return years[years["known_on"] <= pd.Timestamp(record.panel.as_of)].sort_values(["urn", "year"])


def _line(years: pd.DataFrame, name: str, words: str) -> pd.Series:
    """Return by URN ``2013/14 71%, 2014/15 74%`` of the last years in which a figure is known."""
    last = years.dropna(subset=[name]).groupby("urn").tail(MOST)
    said = [
        f"{int(year) - 1}/{int(year) % 100:02d}: {words.format(float(value))}"
        for year, value in zip(last["year"], last[name], strict=True)
    ]
    return pd.Series(said, index=last["urn"], dtype=object).groupby(level=0).agg(", ".join)
