"""The columns of tables of decisions, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from pilotage.domain import tables
from pilotage.domain.answers import DECISION, DECISIONS
from pilotage.domain.decision_rows import DECIDE_BY, ROW_CHECK, TICKED, TYPED
from pilotage.domain.support import SUPPORT
from pilotage.sources.cells.kinds import DAY, WHOLE, WORD, YES_NO, Kind, choice

SHEETS = ("decisions", "ledger", "placements", "asks", "ask next", "support in post")
PLACE = ("leader_id", "post_id", "urn", "level")
SAYING = (DECISION, *TICKED)
SUPPORTED_BY = "supported_by"  # column of the sheet of support, which names no leader
COLUMNS = (*PLACE, *SAYING, "reason", "by", "on", DECIDE_BY, "what", "holds", "source", ROW_CHECK, SUPPORTED_BY)
LEDGER = ("what", "holds")  # columns of a ledger, and of no other table of decisions
OF_A_LIST = ("acceptance", "starts_on")  # columns of placements.csv, whose decide_by is the last day for notice
CROSSES = ("x", "✓", "✔")


def _tick(text: str) -> date | bool:
    """Return the day of a tick, or whether there is one."""
    if text.strip().casefold() in CROSSES:
        return True
    try:
        return bool(YES_NO.parse(text))
    except ValueError:
        return pd.Timestamp(DAY.parse(text)).date()


TICK = Kind("yes, x or a day where it is so, else blank", _tick)
KINDS = {
    "urn": WHOLE,
    "level": choice("level", (*tables.LEVELS, SUPPORT)),
    "on": DAY,
    DECIDE_BY: DAY,
    DECISION: choice("answer", DECISIONS),
    "what": WORD,
    "holds": YES_NO,
} | dict.fromkeys(TICKED, TICK)


def renamed(frame: pd.DataFrame, headers: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose columns have our names, where another header stands for one that is not there itself.

    A copy of placements.csv has its own ``decide_by``, the last day for notice: nobody typed it.
    """
    own = frame.drop(columns=DECIDE_BY) if {DECIDE_BY, *OF_A_LIST} <= set(frame.columns) else frame
    names: dict[str, str] = {}
    for header, column in headers.items():
        if header in own and column not in own and column not in names.values():
            names[header] = column
    made = own.rename(columns=names)
    made.attrs = frame.attrs
    return made


def is_ledger(frame: pd.DataFrame) -> bool:
    """Return whether a table is the ledger of an earlier run."""
    return set(LEDGER) <= set(frame.columns)


def missing_typed(frame: pd.DataFrame) -> list[str]:
    """Return the columns to type in that a list of a run's workbook has lost; none of another table."""
    return [name for name in TYPED if name not in frame] if ROW_CHECK in frame else []
