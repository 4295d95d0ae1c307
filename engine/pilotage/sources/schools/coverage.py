"""What the files say of a scenario's schools: each figure, for how many schools, and which source gives the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain import tables
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.files.column_maps import column_maps

MADE_FROM = {"sen_share": ("sen_statement_share",), "balance_share": ("balance_gbp",)}
NOT_FIGURES = ("urn", "year", "known_on")
PLACE = "place exact to the postcode or better"
LEADERSHIP, EARLIER = "leadership grade", "an earlier leadership grade"


@dataclass(frozen=True)
class Coverage:
    """One figure: how many schools in scope have it by the date, its newest year, and the sources that give it."""

    figure: str
    schools: int
    of: int
    newest_year: int | None
    sources: tuple[str, ...]

    @property
    def lacking(self) -> bool:
        """Return whether no school has it."""
        return self.schools == 0


def coverage(panel: SchoolPanel, urns: NDArray[np.int64]) -> list[Coverage]:
    """Return what is known by the panel's date of the schools ``urns``: standing, yearly figures, results by group."""
    return [*_standing(panel, urns), *_figures(panel, urns), *_results(panel, urns)]


def _standing(panel: SchoolPanel, urns: NDArray[np.int64]) -> list[Coverage]:
    schools = panel.schools[panel.schools["urn"].isin(urns)]
    known = panel.inspections[panel.inspections["known_on"] <= pd.Timestamp(panel.as_of)]
    grades = known.loc[known["leadership_grade"].notna() & known["urn"].isin(urns), "urn"].value_counts()
    ofsted = _labels("leadership_grade", "leadership_judgement")
    exact = ~schools["place_source"].isin(["outcode", "none"])
    return [
        Coverage(LEADERSHIP, len(grades), len(urns), None, ofsted),
        Coverage(EARLIER, int((grades > 1).sum()), len(urns), None, ofsted),
        Coverage(PLACE, int(exact.sum()), len(urns), None, _labels("easting", "latitude")),
        Coverage("trust", int(schools["trust"].notna().sum()), len(urns), None, _labels("group_name")),
    ]


def _figures(panel: SchoolPanel, urns: NDArray[np.int64]) -> list[Coverage]:
    years = panel.school_years
    known = years[years["urn"].isin(urns) & (years["known_on"] <= pd.Timestamp(panel.as_of))]
    names = [name for name in tables.SCHOOL_YEARS.columns if name not in NOT_FIGURES]
    return [
        _covered(name.replace("_", " "), known[known[name].notna()], len(urns), _labels(*MADE_FROM.get(name, (name,))))
        for name in names
    ]


def _results(panel: SchoolPanel, urns: NDArray[np.int64]) -> list[Coverage]:
    """Return the results by disadvantage, without which no gap is forecast."""
    if panel.results.empty:
        known = pd.DataFrame(columns=["urn", "year", "key_stage", "pupil_group"])
    else:
        known = panel.results[panel.results["urn"].isin(urns) & panel.results["progress_sd"].notna()]
        known = known[known["known_on"] <= pd.Timestamp(panel.as_of)]
    figures = []
    for stage in ("ks2", "ks4"):
        part = known[(known["key_stage"] == stage) & (known["pupil_group"] == "disadvantaged")]
        name = f"progress of disadvantaged pupils at key stage {stage[2]}"
        columns = ("progress8_disadvantaged", "value_added_disadvantaged") if stage == "ks4" else ()
        columns = columns or ("ks2_reading_progress_disadvantaged", "ks2_maths_progress_disadvantaged")
        figures.append(_covered(name, part, len(urns), _labels(*columns)))
    return figures


def _covered(figure: str, rows: pd.DataFrame, of: int, sources: tuple[str, ...]) -> Coverage:
    newest = int(rows["year"].max()) if len(rows) else None
    return Coverage(figure, int(rows["urn"].nunique()), of, newest, sources)


def _labels(*columns: str) -> tuple[str, ...]:
    """Return the labels of the sources that give one of the columns."""
    return tuple(
        table.label for table in column_maps().values() if any(column.of in columns for column in table.columns)
    )
