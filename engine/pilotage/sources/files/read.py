"""A raw file and its column map -> a canonical table, with the reason of every value that is absent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.cells.grid import LONGEST_SHOWN, clean, shown
from pilotage.sources.files.column_maps import ColumnMap, column_maps, plain_header
from pilotage.sources.files.day_checks import day_problems
from pilotage.sources.files.header import DEEPEST, Header, Near, found_header, lacking, nearest_source
from pilotage.sources.files.raw import Raw, Sheet, opened, plain_name
from pilotage.sources.files.tables import at_most
from pilotage.sources.files.values import (
    ALLOWED,
    COUNTED,
    NUMBER_KINDS,
    PUBLISHERS,
    convention,
    dtype_of,
    numbers_of,
    values_of,
)
from pilotage.sources.opening.contents import WORKBOOK

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
LARGEST_KEY = 9_999_999  # a URN has six figures, an authority's and school's number together seven
FIX = "please correct this cell, or download the file again"
MOST_LACKING = 3  # columns that a file may lack and still be meant for a source
READ = (*WORKBOOK, ".zip", ".csv", ".txt", ".tsv")
DESCRIBES = (  # headers of a file that describes columns or codes
    {"metafile heading"},
    {"variable", "label"},
    {"field name", "description"},
    {"field reference"},
    {"lea", "la name"},
)


@dataclass(frozen=True)
class Recognised:
    """What a file is: its source and, for a yearly table, its year; ``why_not`` where it is not recognised.

    ``almost`` is the source of which a file that is not recognised lacks a few columns alone.
    """

    path: Path
    source: str | None
    year: int | None = None
    why_not: str = ""
    almost: str | None = None


@dataclass(frozen=True)
class Canonical:
    """A canonical table, why values are absent (urn, field, reason), the day the file states, and what was left out.

    ``left_out`` counts rows by why they are none of the table's: without a key (totals, blank rows), or given twice.
    ``unread`` are the headers of columns that are not read.
    """

    table: pd.DataFrame
    absent: pd.DataFrame
    dated: date | None
    left_out: dict[str, int]
    unread: tuple[str, ...] = ()


def recognise(path: Path) -> Recognised:
    """Return what a file is, by its content; only the year of a yearly table may come from its folder or name."""
    if path.suffix.lower() not in READ:
        return Recognised(path, None, why_not=f"files of type {path.suffix or 'none'} are not read")
    try:
        return _recognised(path, opened(path, start_only=True))
    except DataError as error:
        return Recognised(path, None, why_not=error.problems[0].what)


def _recognised(path: Path, raw: Raw) -> Recognised:
    sheets: list[Sheet] = []
    for sheet in _likely(raw):
        header = found_header(sheet.rows[:DEEPEST])
        if header:
            column_map = column_maps()[header.source]
            year = _year(path, column_map, header, sheet) if column_map.yearly else None
            if column_map.yearly and year is None:
                lost = f"looks like {column_map.label}, but neither folder nor name gives its year"
                return Recognised(path, None, why_not=lost)
            return Recognised(path, header.source, year)
        sheets.append(sheet)
    rows = next((sheet.rows for sheet in sheets if any(map(any, sheet.rows))), [])
    near = None if _describes(rows) else nearest_source(rows)
    almost = near.column_map.source if near and len(near.lacks) <= MOST_LACKING else None
    return Recognised(path, None, year_of_name(path), _why_not(rows, near), almost)


def _likely(raw: Raw) -> list[Sheet]:
    """Return the sheet that a map names, where there is one, else every sheet."""
    named = {column_map.sheet for column_map in column_maps().values() if column_map.sheet}
    wanted = next((plain_name(name) for name in raw.names if plain_name(name) in named), None)
    return list(raw.sheets(wanted))


def _describes(rows: list[list[Any]]) -> bool:
    """Return whether a table describes the columns or codes of other files."""
    return bool(rows) and any(words <= {plain_header(cell) for cell in rows[0]} for words in DESCRIBES)


def _why_not(rows: list[list[Any]], near: Near | None) -> str:
    if not rows:
        return "it is empty"
    if _describes(rows):
        return "it describes the columns or codes of other files"
    first = [text[:LONGEST_SHOWN] for cell in rows[0] if (text := clean(str(cell)))]
    hint = f"; nearest is {near.column_map.label}, of which it lacks {', '.join(near.lacks)}" if near else ""
    hint += f" (it has {', '.join(near.alike)})" if near and near.alike else ""
    return f"its columns are of no known source: {', '.join(first[:6])}, ...{hint}"


def _year(path: Path, column_map: ColumnMap, header: Header, sheet: Sheet) -> int | None:
    """Return the year of a table: fixed by its map, of its first row, or of its folder or name."""
    if column_map.year is not None:
        return column_map.year
    if column_map.year_from is not None and len(sheet.rows) > header.body:
        place = header.positions[column_map.year_from]
        text = next((str(cell).strip() for cell in sheet.rows[header.body][place : place + 1]), "")
        return 2000 + int(text[4:6]) if re.fullmatch(r"20\d{4}", text) else _number(text)
    return year_of_name(path)


def _number(text: str) -> int | None:
    return int(float(text)) if re.fullmatch(r"20\d\d(\.0)?", text) else None


def year_of_name(path: Path) -> int | None:
    """Return the year that a file's folder or name gives, None where neither does."""
    match = YEAR.search(path.parent.name) or YEAR.search(path.stem)
    return int(match.group(1)) if match else None


def read_source(path: Path, source: str) -> Canonical:
    """Return the canonical table of a file of a source.

    Raises
    ------
    DataError
        When a required column is lacking or given twice, a key repeats, a cell is neither value nor code, or the file
        is damaged; it names file, sheet and row.
    """
    column_map = column_maps()[source]
    raw = opened(path)
    sheets = list(raw.sheets(column_map.sheet))
    if not sheets:
        what = f"sheets {', '.join(raw.names)}"
        raise DataError(Problem(str(path), what, f"a sheet {column_map.sheet!r}", "choose the right workbook"))
    for sheet in sheets:
        header = found_header(sheet.rows)
        if header and header.source == source:
            return _canonical(path, sheet, header, column_map, raw.stated_day())
    raise _no_header(path, column_map, sheets[0])


def _no_header(path: Path, column_map: ColumnMap, sheet: Sheet) -> DataError:
    where = sheet.where(path)
    if not sheet.rows:
        return DataError(Problem(where, "is empty", "a header and rows", "download it again"))
    wanted = lacking(sheet.rows, column_map)
    columns = [f"{column.name} (as {' or '.join(repr(text) for text in column.headers)})" for column in wanted]
    what = f"no column {'; '.join(columns)}"
    return DataError(Problem(where, what, f"the columns of {column_map.label}", "choose the right file"))


def _canonical(path: Path, sheet: Sheet, header: Header, column_map: ColumnMap, dated: date | None) -> Canonical:
    if header.repeated:
        what = f"columns given twice: {', '.join(header.repeated)}"
        raise DataError(Problem(sheet.where(path), what, "each column once", "remove all but the right one"))
    frame = _picked(sheet.rows[header.body :], header.positions)
    keyed, left_out = _keyed(path, sheet, frame.set_index(frame.index + header.body), column_map)
    rows, frame = keyed.index, keyed.reset_index(drop=True)
    key = frame[column_map.key_column].astype("int64")
    numbers = [column.name for column in column_map.columns if column.kind in NUMBER_KINDS and column.name in frame]
    written = convention((frame[name] for name in numbers if name != column_map.key_column), sheet.separator)
    problems: list[Problem] = []
    table, absent = {column_map.key_column: key}, []
    for column in column_map.columns:
        if column.name == column_map.key_column:
            continue
        if column.name not in frame:
            table[column.name] = pd.Series(None, index=frame.index, dtype=dtype_of(column))
            continue
        table[column.name], reasons, unread = values_of(frame[column.name], column, written)
        absent.append(pd.DataFrame({"urn": key, "field": column.name, "reason": reasons}).dropna())
        for place in unread.index[unread]:
            what = f"{column.name} = {shown(str(frame.at[place, column.name]))}"
            problems.append(Problem(sheet.where(path, rows[place]), what, *_do(column.kind)))
    made, named = pd.DataFrame(table), _named(sheet, header)
    problems += day_problems(path, made, column_map, named, lambda place: sheet.where(path, rows[place]))
    raise_all(DataError, at_most(problems, sheet.where(path)))
    return Canonical(made, pd.concat(absent, ignore_index=True), dated, left_out, header.unread)


def _named(sheet: Sheet, header: Header) -> dict[str, str]:
    """Return the header of each canonical column as the file writes it."""
    cells = sheet.rows[header.body - 1]
    return {name: clean(str(cells[place])) for name, place in header.positions.items() if place < len(cells)}


def _keyed(path: Path, sheet: Sheet, frame: pd.DataFrame, column_map: ColumnMap) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows that have a key, which is then a number, each once, and how many rows were left out and why.

    Raises
    ------
    DataError
        For a key with figures in it that is none, and where rows of one key differ.
    """
    name = column_map.key_column
    cells = frame[name]
    keys = numbers_of(cells, PUBLISHERS, COUNTED)
    keys = keys.where(keys.between(1, LARGEST_KEY) & (keys % 1 == 0))
    unread = keys.isna() & cells.astype("string").str.contains(r"\d", regex=True).fillna(False)
    problems = [
        Problem(
            sheet.where(path, row), f"{name} = {shown(str(cells[row]))}", f"a whole number up to {LARGEST_KEY:,}", FIX
        )
        for row in unread.index[unread]
    ]
    raise_all(DataError, at_most(problems, sheet.where(path)))
    keyed = frame.assign(**{name: keys})[keys.notna()]
    once = keyed[~keyed.duplicated()]  # a row given twice, word for word, says nothing more (census of 2018)
    if not column_map.repeats and column_map.key != "laestab":
        _expect_once(path, sheet, once[name].astype("int64"), name)
    return once, {"without a key": len(frame) - len(keyed), "given twice": len(keyed) - len(once)}


def _do(kind: str) -> tuple[str, str]:
    return f"{ALLOWED[kind]}, or a code for none", FIX


def _picked(rows: list[list[object]], positions: dict[str, int]) -> pd.DataFrame:
    """Return the columns of the map; a row that is shorter has blanks at its end."""
    return pd.DataFrame(
        {name: [row[place] if place < len(row) else "" for row in rows] for name, place in positions.items()}
    )


def _expect_once(path: Path, sheet: Sheet, keys: pd.Series, name: str) -> None:
    """Raise where a key repeats; ``keys`` are by the position of their rows."""
    repeated = keys[keys.duplicated()]
    if len(repeated):
        what = "URN" if name == "urn" else name
        again = f"{what} {repeated.iloc[0]} again, and {len(repeated) - 1:,} more repeated"
        do = "remove all but the right row"
        raise DataError(
            Problem(sheet.where(path, repeated.index[0]), again, f"each {what} once, or the very same row", do)
        )
