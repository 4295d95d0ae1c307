"""Labelled pairs: what was known of a school before an inspection, and what the inspection found."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.tables import SHORT_VISIT, UNCLEAR
from pilotage.domain.units import DAYS_A_MONTH
from pilotage.risk.features.compute import known_grades
from pilotage.risk.spec.leadership import EarlierPairs

UNSEEN = pd.Timedelta(days=730)  # longer without a list, an inspection may have come and gone unseen
COLUMNS = ["urn", "on", "before", "after", "inspected_on", "known_on"]


def labelled_pairs(panel: SchoolPanel, by: pd.Timestamp) -> pd.DataFrame:
    """Return consecutive leadership grades of a school, both known by ``by``.

    Columns: ``urn``; ``on``, the last day on which a forecaster did not know the later grade (the day before the
    inspection or, where grades are known from snapshots, the snapshot before the one that first shows it); ``before``
    and ``after``, the grades; ``inspected_on`` and ``known_on`` of the later inspection. A pair whose earlier grade
    was not known on ``on`` is left out, and so is one whose later inspection may have been a short visit, and a pair
    between whose inspections others may be missing: no list shows both, and the last list that shows the earlier is
    of more than ``UNSEEN`` before the later. Such pairs are of schools that were soon inspected again, often since
    they had fallen.
    """
    graded = known_grades(panel.inspections)
    previous = graded.groupby("urn")[["leadership_grade", "known_on", "last_listed_on"]].shift()
    pairs = graded.assign(before=previous["leadership_grade"], before_known_on=previous["known_on"])
    consecutive = _surely_consecutive(pairs, previous["last_listed_on"])
    pairs = pairs[pairs["before"].notna() & (pairs["known_on"] <= by) & surely_graded(pairs) & consecutive]
    pairs = pairs.assign(on=_last_day(panel, pairs), after=pairs["leadership_grade"])
    pairs = pairs[pairs["on"].notna() & (pairs["before_known_on"] <= pairs["on"])]
    return pairs[COLUMNS].astype({"before": int, "after": int}).reset_index(drop=True)


def _surely_consecutive(pairs: pd.DataFrame, before_last_listed_on: pd.Series) -> pd.Series:
    """Return which pairs surely have no inspection between: one list shows both, or one shortly before the later."""
    together = before_last_listed_on >= pairs["listed_on"]
    seen = before_last_listed_on + UNSEEN >= pairs["inspected_on"]
    return together | seen | before_last_listed_on.isna() | pairs["listed_on"].isna()


def surely_graded(inspections: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which inspections were no short visit for sure, whatever they found: the others label no pair."""
    return ~inspections["kind"].isin([SHORT_VISIT, UNCLEAR]).to_numpy(dtype=bool)


def _last_day(panel: SchoolPanel, pairs: pd.DataFrame) -> pd.Series:
    """Return the day before each later inspection or, where a snapshot made it known, the snapshot before that."""
    if not panel.snapshots:
        return pairs["inspected_on"] - pd.Timedelta(days=1)
    snapshots = np.array(sorted(panel.snapshots), dtype="datetime64[ns]")
    position = np.searchsorted(snapshots, pairs["known_on"].to_numpy(dtype="datetime64[ns]"), side="left") - 1
    days = pd.Series(snapshots[np.maximum(position, 0)], index=pairs.index).where(position >= 0)
    shown = pairs["known_on"].isin(snapshots)
    return days.where(shown, pairs["inspected_on"] - pd.Timedelta(days=1))


def earlier_pairs(panel: SchoolPanel, asked: EarlierPairs, by: pd.Timestamp) -> pd.DataFrame:
    """Return the previous overall grade and the latest leadership grade of each school in the first snapshot.

    The columns are those of ``labelled_pairs``; ``on`` is ``lead_months`` before the inspection, and the grade before
    was published by then, if ``published_after_days`` after its visit. Empty without snapshots, before the first of
    them, and where another grade stands for leadership.
    """
    shown = panel.inspections[_in_first_snapshot(panel, by)].sort_values(["urn", "inspected_on"])
    before = shown.groupby("urn")[["overall_grade", "inspected_on"]].shift()
    pairs = shown.assign(before=before["overall_grade"], after=shown["leadership_grade"])
    pairs = pairs.assign(on=pairs["inspected_on"] - pd.to_timedelta(round(asked.lead_months * DAYS_A_MONTH), unit="D"))
    published = before["inspected_on"] + pd.to_timedelta(asked.published_after_days, unit="D")
    latest = ~pairs["urn"].duplicated(keep="last") & pairs["before"].notna() & pairs["after"].notna()
    pairs = pairs[latest & (pairs["inspected_on"] >= pd.Timestamp(asked.starts)) & (published <= pairs["on"])]
    return pairs[COLUMNS].astype({"before": int, "after": int}).reset_index(drop=True)


def _in_first_snapshot(panel: SchoolPanel, by: pd.Timestamp) -> pd.Series:
    """Return which inspections the first snapshot shows; none where it is later than ``by``."""
    first = pd.Timestamp(min(panel.snapshots)) if panel.snapshots and panel.grade_proxy is None else None
    return panel.inspections["known_on"] == (first if first is not None and first <= by else pd.NaT)
