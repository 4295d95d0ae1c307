"""The lists of the workbook: which columns come first, and so are printed, and where planners type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.answers import ANSWER_COLUMNS
from pilotage.report.columns import FACT, PLACEMENTS, RANKED, SUPPORTED, UNPLACED, Column
from pilotage.report.lists.alternatives import ALTERNATIVE_PLACEMENTS
from pilotage.report.lists.ask_next import ASK_NEXT
from pilotage.report.lists.asks import ASKS, answered_words
from pilotage.report.lists.asks import asks as asks_list
from pilotage.report.lists.ledger import LEDGER
from pilotage.report.lists.supply_by_area import SUPPLY
from pilotage.report.lists.worry_about import WORRY_ABOUT
from pilotage.report.run.four_lists import ASK_NEXT as ASK_SHEET
from pilotage.report.run.four_lists import PLACEMENTS as PLACED_SHEET
from pilotage.report.run.four_lists import SUPPORT as SUPPORT_SHEET
from pilotage.report.run.four_lists import WORRY as WORRY_SHEET
from pilotage.report.workbook.lists import ListSheet

ANSWERED = Column(
    *("answered", "Answered so far", FACT, "text", 24),
    "What the tables of answers say of the ask. To note a new answer by party, use asks.csv.",
)
WORRY = ListSheet(
    WORRY_SHEET,
    (
        *("need_rank", "urn", "name", "authority", "phase", "need", "band"),
        *("current_grade", "inspected_on", "reasons", "missing", "marks"),
    ),
)
ASK = ListSheet(
    ASK_SHEET,
    ("body", "school", "ask_rank", "level", "urn", "leader_id", "value_if_asked", "why", "step", "marks"),
    typed_after=6,
    frozen=2,
)
PLACED = ListSheet(
    PLACED_SHEET,
    (
        *("leader_id", "name", "level", "urn"),
        *("starts_on", "decide_by", "benefit", "placement_reason", "post_id", "authority", "marks"),
    ),
    typed_after=4,
    frozen=2,
)
SUPPORTING = ListSheet(
    SUPPORT_SHEET,
    ("urn", "name", "authority", "leader_id", "starts_on", "benefit", "placement_reason"),
    typed_after=4,
    frozen=2,
)
ASKED = ListSheet(
    "Asks",
    (
        *("leader_id", "name", "level", "urn", "responsible_body"),
        *("decide_by", "benefit", "answered", "marks"),
    ),
    typed_after=5,
    frozen=2,
)
WITHOUT = ListSheet("Without a post", ("leader_id", "level", "phases", "reason"), frozen=1)
SETTLED = ListSheet("Ledger")
RANK = ListSheet(
    "Ranked schools",
    (
        *("rank", "urn", "name", "authority", "phase", "status", "need", "band", "benefit"),
        *("current_grade", "reasons", "placement_reason"),
    ),
)
APART = replace(RANK, name="Special schools and PRUs")  # Excel allows 31 characters
OTHER_PLANS = ListSheet("Alternatives", ("alternative", "leader_id", "name", "level", "urn", "authority"), frozen=3)
AREAS = ListSheet("Supply by area", frozen=1)


def with_place(columns: tuple[Column, ...], after: int) -> tuple[Column, ...]:
    """Return columns of placements with the school's name and place after its URN, which is number ``after``."""
    school = tuple(column for column in RANKED if column.name in ("name", "authority", "region", "phase"))
    return columns[:after] + school + columns[after:]


COLUMNS: dict[ListSheet, tuple[Column, ...]] = {
    WORRY: WORRY_ABOUT,
    ASK: ASK_NEXT,
    PLACED: with_place(tuple(column for column in PLACEMENTS if column.name != "intervention"), 3),
    SUPPORTING: with_place(SUPPORTED, 2),
    ASKED: (
        *(column for column in ASKS if column.name not in ANSWER_COLUMNS),
        ANSWERED,
    ),
    WITHOUT: UNPLACED,
    SETTLED: LEDGER,
    RANK: RANKED,
    APART: RANKED,
    OTHER_PLANS: with_place(ALTERNATIVE_PLACEMENTS, 4),
    AREAS: SUPPLY,
}


def asks_for_people(record: RunRecord) -> pd.DataFrame:
    """Return the asks with what was answered so far in words, in place of the columns of each party."""
    frame = asks_list(record)
    words = [answered_words(ask) for _, ask in frame.iterrows()]
    return frame.assign(answered=pd.Series(words, index=frame.index, dtype=object))


def with_something(columns: Sequence[Column], frame: pd.DataFrame) -> list[Column]:
    """Return the columns without ``ANSWERED`` where nothing has been answered."""
    return [column for column in columns if column is not ANSWERED or frame[column.name].any()]
