"""Lists of Ofsted's that contradict each other: two of one day that differ, a report card before an older grade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd

from pilotage.domain.report_cards import REPORT_CARD_AREAS
from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.files.day_checks import as_at
from pilotage.sources.files.tables import at_most
from pilotage.sources.schools.snapshots import GRADES, Snapshot

SAID = ["inspected_on", *GRADES, *(f"{area}_judgement" for area in REPORT_CARD_AREAS)]


def expect_agreement(snapshots: list[Snapshot]) -> None:
    """Raise where two lists of one day say different things of a school, or a card comes before a grade of a list.

    Raises
    ------
    DataError
        With each school and the two files; at most twenty and a count.
    """
    problems = [*_of_one_day(snapshots), *_cards_before_grades(snapshots)]
    raise_all(DataError, at_most(problems, "Ofsted's lists"))


def _day(snapshot: Snapshot) -> date:
    return (as_at(snapshot.path) if snapshot.path else None) or snapshot.dated


def _of_one_day(snapshots: list[Snapshot]) -> Iterator[Problem]:
    for one, other in combinations(snapshots, 2):
        if _day(one) == _day(other) and one.path is not None and other.path is not None:
            yield from _differences(one, other)


def _differences(one: Snapshot, other: Snapshot) -> Iterator[Problem]:
    names = [name for name in SAID if name in one.table and name in other.table]
    both = [snapshot.table.drop_duplicates("urn").set_index("urn")[names] for snapshot in (one, other)]
    urns = both[0].index.intersection(both[1].index)
    first, second = (table.loc[urns] for table in both)
    differs = (first != second) & ~(first.isna() & second.isna())
    for urn in urns[differs.any(axis=1)]:
        name = next(name for name in names if differs.at[urn, name])
        what = (
            f"school {urn} has {name} = {_text(first.at[urn, name])}, and {_text(second.at[urn, name])} in {other.path}"
        )
        allowed = f"one answer in two lists of {_day(one)}"
        yield Problem(str(one.path), what, allowed, "take one of the two files away")


def _text(value: Any) -> str:
    if pd.isna(value):
        return "blank"
    return (
        f"{value:%d/%m/%Y}"
        if isinstance(value, pd.Timestamp)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _cards_before_grades(snapshots: list[Snapshot]) -> Iterator[Problem]:
    """Yield each report card that is older than a grade of another list: report cards came after all of them."""
    cards = [snapshot for snapshot in snapshots if snapshot.of_report_cards]
    graded = [snapshot for snapshot in snapshots if not snapshot.of_report_cards]
    for card in cards:
        judged = card.table[card.table["leadership_judgement"].notna()].set_index("urn")["inspected_on"]
        for older in graded:
            grades = older.table.drop_duplicates("urn").set_index("urn")["inspected_on"].reindex(judged.index)
            for urn in judged.index[judged < grades]:
                card_day, grade_day = _text(judged[urn]), _text(grades[urn])
                what = f"school {urn} has a report card of {card_day}, and a grade of {grade_day} in {older.path}"
                do = "correct the day, or download the files again"
                yield Problem(str(card.path), what, "report cards later than the grades before them", do)
