"""What every report says of the lists that a panel was made from: age, witnesses, trusts, report cards."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotage.domain.units import DAYS_A_YEAR
from pilotage.sources.schools.regimes import crosswalk_label
from pilotage.sources.schools.snapshots import Snapshot

STALE_YEARS = 1.0
SURVIVED = pd.Timedelta(days=730)


def stale_note(snapshots: list[Snapshot], as_of: date) -> tuple[str, ...]:
    """Return the warning that the list of schools is old, where it is."""
    latest = max(snapshot.dated for snapshot in snapshots if snapshot.dated <= as_of)
    years = (as_of - latest).days / DAYS_A_YEAR
    if years < STALE_YEARS:
        return ()
    return (
        f"The latest list of schools known by the date is of {latest}, {years:.1f} years before it: bring a newer one.",
    )


def list_notes(
    snapshots: list[Snapshot], history: pd.DataFrame, homes: dict[int, int], *, by_list: bool
) -> tuple[str, ...]:
    """Return from which lists the grades are, what was left out of them, and whence the trusts (``by_list``)."""
    away = int((~history["urn"].isin(list(homes))).sum())
    trusts = (
        "Multi-academy trusts are those that the list of schools gives, as at its day, single-academy trusts apart."
        if by_list
        else "Trusts are those that a school's record says it had joined by the date; schools that left one are missed."
    )
    return (
        f"Grades come from {len(snapshots)} Ofsted files, {snapshots[0].dated} to {snapshots[-1].dated}; "
        "an inspection is known from its publication or, where that is not given, from the first file that shows it.",
        f"{away:,} of {len(history):,} inspections belong to schools that are none of this date's, and are left out.",
        trusts,
        *_one_witness(history),
    )


def _one_witness(history: pd.DataFrame) -> tuple[str, ...]:
    """Return how many inspections are told by one list of more than two years later alone."""
    late = (history["lists"] == 1) & (history["listed_on"] > history["inspected_on"] + SURVIVED)
    late &= history["leadership_grade"].notna()
    if not late.any():
        return ()
    return (
        f"{int(late.sum()):,} inspections are told by one list alone, of more than two years later: it has the schools "
        "that were still open then, and of each only its last two inspections. Grades that fell and rose again between "
        "are missing, so falls of those years look rarer than they were.",
    )


def report_card_note(snapshots: list[Snapshot], as_of: date, crosswalk_name: str | None) -> tuple[str, ...]:
    """Return how report cards count, where a list known by the date has them."""
    cards = [snapshot for snapshot in snapshots if snapshot.of_report_cards and snapshot.dated <= as_of]
    if not cards:
        return ()
    if crosswalk_name is None:
        return (
            "Report cards (from November 2025) are not compared with the four grades: leadership judged by one counts "
            "as unknown. A scenario may name a crosswalk in data.crosswalk.",
        )
    return (f"Assumption: {crosswalk_label(crosswalk_name)}. Ofsted says that the two cannot be compared.",)
