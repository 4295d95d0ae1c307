"""The chance of being inspected: a discrete-time hazard by last grade and time since the last inspection.

Ofsted chooses whom it inspects, so a forecast of the grade *if inspected* is not one of what will be published. The
hazard is the share inspected in the twelve months after a cut date, by leadership grade and years since the last
inspection, shrunk to the grade's share; the chance within a horizon follows the school as the years since grow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features import DAYS_A_MONTH, known_grades

Floats = NDArray[np.float64]
PERIOD_MONTHS = 12
LAST_YEAR = 6  # years since the last inspection are counted up to here
PRIOR_ROWS = 20.0  # weight of the grade's own share in each cell


@dataclass(frozen=True)
class Hazard:
    """Share inspected in twelve months, shape (4 grades, LAST_YEAR + 1 years since), and the rows it rests on."""

    table: Floats
    rows: int

    def within(self, grade: Floats, months_since: Floats, horizon_months: int) -> Floats:
        """Return the chance of an inspection within the horizon; null where grade or time is not known."""
        known = np.isfinite(grade) & np.isfinite(months_since)
        row = np.where(known, grade, 1).astype(int) - 1
        year = np.where(known, months_since, 0) // PERIOD_MONTHS
        spared = np.ones(len(grade))
        left = horizon_months
        while left > 0:
            column = np.clip(year, 0, LAST_YEAR).astype(int)
            spared *= (1 - self.table[row, column]) ** (min(left, PERIOD_MONTHS) / PERIOD_MONTHS)
            year, left = year + 1, left - PERIOD_MONTHS
        return np.where(known, 1 - spared, np.nan)


def learned_hazard(panel: SchoolPanel) -> Hazard | None:
    """Return the hazard seen in the twelve months after each cut date known by the panel's date; None without one."""
    as_of = pd.Timestamp(panel.as_of)
    graded = known_grades(panel.inspections)
    graded = graded[graded["known_on"] <= as_of]
    rows = [_period(graded, cut) for cut in _cuts(panel, graded, as_of)]
    if not rows or not sum(map(len, rows)):
        return None
    return _smoothed(pd.concat(rows))


def _cuts(panel: SchoolPanel, graded: pd.DataFrame, as_of: pd.Timestamp) -> list[pd.Timestamp]:
    """Return dates a year apart, the last one year before the panel's date, none before grades were known."""
    first = pd.Timestamp(min(panel.snapshots)) if panel.snapshots else graded["known_on"].quantile(0.3)
    cuts: list[pd.Timestamp] = []
    cut = as_of - pd.DateOffset(months=PERIOD_MONTHS)
    while cut >= first and len(cuts) < LAST_YEAR:
        cuts.append(cut)
        cut -= pd.DateOffset(months=PERIOD_MONTHS)
    return cuts


def _period(graded: pd.DataFrame, cut: pd.Timestamp) -> pd.DataFrame:
    """Return one row per school with a grade known at the cut: grade, years since, inspected in the next year."""
    last = graded[graded["known_on"] <= cut].groupby("urn").last()
    end = cut + pd.DateOffset(months=PERIOD_MONTHS)
    later = graded[(graded["inspected_on"] > last["inspected_on"].reindex(graded["urn"]).to_numpy())]
    seen = later[(later["known_on"] > cut) & (later["known_on"] <= end)]["urn"]
    months = (cut - last["inspected_on"]).dt.days / DAYS_A_MONTH
    year = np.clip(months // PERIOD_MONTHS, 0, LAST_YEAR).astype(int)
    return pd.DataFrame({"grade": last["leadership_grade"].astype(int), "year": year, "seen": last.index.isin(seen)})


def _smoothed(rows: pd.DataFrame) -> Hazard:
    overall = rows["seen"].mean()
    table = np.zeros((4, LAST_YEAR + 1))
    for grade in range(1, 5):
        own = rows[rows["grade"] == grade]
        share = (own["seen"].sum() + PRIOR_ROWS * overall) / (len(own) + PRIOR_ROWS)
        for year in range(LAST_YEAR + 1):
            cell = own[own["year"] == year]["seen"]
            table[grade - 1, year] = (cell.sum() + PRIOR_ROWS * share) / (len(cell) + PRIOR_ROWS)
    return Hazard(table, len(rows))
