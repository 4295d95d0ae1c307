"""Days of a table that cannot be: one before the day that comes first, or one after the list was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pilotage.errors import Problem
from pilotage.sources.files.column_maps import Column, ColumnMap

AS_AT = re.compile(
    r"as[-_ ]+at[-_ ]+(\d{1,2})[-_ ]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-_ ]+(20\d\d)",
    re.IGNORECASE,
)
PUBLISHED_WITHIN = pd.Timedelta(days=100)  # of the day of a list; its reports are out within two months
FIX = "please correct this cell, or download the file again"


def as_at(path: Path) -> date | None:
    """Return the day as at which a list speaks by its name ("... as at 31 August 2025"); None where it gives none."""
    match = AS_AT.search(path.stem.replace("%20", " "))
    if not match:
        return None
    try:
        return datetime.strptime(" ".join(match.groups()), "%d %b %Y").date()
    except ValueError:
        return None


def day_problems(
    path: Path, table: pd.DataFrame, column_map: ColumnMap, named: dict[str, str], where: Callable[[int], str]
) -> list[Problem]:
    """Return what is wrong with the days of a table.

    ``named`` are the headers that the file has for its columns; ``where`` names the row at a position.

    A list whose name gives no day speaks of no day after the last publication in it.
    """
    columns = {column.name: column for column in column_map.columns if column.name in named}
    limits = _limits(path, table, columns)
    return [
        problem
        for column in columns.values()
        for problem in (*_too_early(table, column, named, where), *_too_late(table, column, limits, named, where))
    ]


def _limits(path: Path, table: pd.DataFrame, columns: dict[str, Column]) -> dict[str | None, pd.Timestamp]:
    stated = as_at(path)
    if stated is not None:
        return {"list": pd.Timestamp(stated), "publication": pd.Timestamp(stated) + PUBLISHED_WITHIN}
    days = [table[name].max() for name, column in columns.items() if column.latest == "publication"]
    known = [day for day in days if pd.notna(day)]
    return {"list": max(known)} if known else {}


def _too_early(
    table: pd.DataFrame, column: Column, named: dict[str, str], where: Callable[[int], str]
) -> Iterator[Problem]:
    if column.not_before is None or column.not_before not in named:
        return
    first, days = table[column.not_before], table[column.name]
    for row in table.index[days < first]:
        what = f"{named[column.name]} = {_day(days[row])}, before {named[column.not_before]}"
        yield Problem(where(row), what, f"{_day(first[row])} or later", FIX)


def _too_late(
    table: pd.DataFrame,
    column: Column,
    limits: dict[str | None, pd.Timestamp],
    named: dict[str, str],
    where: Callable[[int], str],
) -> Iterator[Problem]:
    limit = limits.get(column.latest)
    if limit is None:
        return
    days = table[column.name]
    for row in table.index[days > limit]:
        what = f"{named[column.name]} = {_day(days[row])}, after the day of the list"
        yield Problem(where(row), what, f"{_day(limit)} or earlier", FIX)


def _day(day: pd.Timestamp) -> str:
    return f"{day:%d/%m/%Y}"
