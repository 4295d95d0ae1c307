"""Survivors: school years whose labels come from a late list alone, so that what came first is missing.

A list shows of each school its last two inspections. A school that fell in 2015 and was inspected again in 2017 and
2020 shows in a list of 2025 no fall at all, so that those years look as if nobody had ever fallen. Such years are
measured on the pairs themselves, and are no training.
"""

from __future__ import annotations

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import BELOW_GOOD
from pilotage.errors import DataError, Problem
from pilotage.risk.spec.leadership import LeadershipSpec

LATE = pd.Timedelta(days=730)  # a list so long after an inspection is no witness of its time
MOST = 0.5  # of a year's pairs from such a list: the year is one of survivors
FEWEST = 100  # pairs of a year, to be judged
IMPLAUSIBLE = 1 / 3  # of the share found below good in the other years


def by_school_year(panel: SchoolPanel, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs, those found below good and those told by one late list alone, by the year their school year ends.

    Parameters
    ----------
    pairs
        Of one population, as ``labelled_pairs`` gives them.
    """
    keys = ["urn", "inspected_on"]
    seen = pairs.merge(panel.inspections[[*keys, "lists", "listed_on"]], on=keys, how="left")
    late = ((seen["lists"] == 1) & (seen["listed_on"] > seen["inspected_on"] + LATE)).fillna(False)
    year = (seen["inspected_on"] + pd.DateOffset(months=4)).dt.year
    rows = pd.DataFrame({"year": year, "below": seen["after"] >= BELOW_GOOD, "late": late.astype(bool)})
    return rows.groupby("year").agg(pairs=("below", "size"), below=("below", "sum"), late=("late", "sum"))


def refuse_survivors(panel: SchoolPanel, spec: LeadershipSpec, pairs: pd.DataFrame) -> None:
    """Raise where years of the training are of survivors, and implausibly few were found below good in them.

    Raises
    ------
    DataError
        With the years, what was found in them and in the others, and from which day to learn.
    """
    years = by_school_year(panel, pairs)
    of_late_list = (years["late"] > MOST * years["pairs"]) & (years["pairs"] >= FEWEST)
    if not of_late_list.any():
        return
    usual = _usual(years, of_late_list)
    bad = years[of_late_list & (years["below"] < IMPLAUSIBLE * usual * years["pairs"])]
    if len(bad):
        raise DataError(_problem(spec, bad, usual))


def _usual(years: pd.DataFrame, of_late_list: pd.Series) -> float:
    """Return the share found below good in the years that lists of the time show; without those, the highest share."""
    others = years[~of_late_list]
    if others["pairs"].sum() >= FEWEST:
        return float(others["below"].sum() / others["pairs"].sum())
    return float((years["below"] / years["pairs"])[of_late_list].max())


def _problem(spec: LeadershipSpec, bad: pd.DataFrame, usual: float) -> Problem:
    first, last = int(bad.index.min()), int(bad.index.max())
    pairs, below, late = (int(bad[name].sum()) for name in ("pairs", "below", "late"))
    return Problem(
        f"{spec.outcome}, inspections of the school years {first - 1}/{first % 100:02d} to {last - 1}/{last % 100:02d}",
        f"{below:,} of {pairs:,} found leadership below good, against {usual:.0%} in other years; {late:,} are told by "
        "one list alone of more than two years later, in which schools that were inspected again are missing",
        "school years whose inspections a list of their time shows",
        f"set risk.labels_from: {last}-09-01, or bring Ofsted's lists of those years",
        key=("risk", "labels_from"),
    )
