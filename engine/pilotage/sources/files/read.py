"""A raw file and its column map -> a canonical table, with the reason of every value that is absent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.errors import DataError, Problem, raise_all
from pilotage.sources.files.column_maps import ColumnMap, column_maps, plain_header
from pilotage.sources.files.header import DEEPEST, Header, found_header, lacking, nearest_source
from pilotage.sources.files.raw import WORKBOOK, Raw, Sheet, opened, plain_name
from pilotage.sources.files.values import ALLOWED, dtype_of, values_of

YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
MOST_TOLD = 20
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
    """What a file is: its source and, for a yearly table, its year; ``why_not`` where it is not recognised."""

    path: Path
    source: str | None
    year: int | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Canonical:
    """A canonical table, why values are absent (urn, field, reason), the day the file states, and what was left out.

    ``left_out`` counts rows by why they are none of the table's: without a key (totals, blank rows), or given twice.
    """

    table: pd.DataFrame
    absent: pd.DataFrame
    dated: date | None
    left_out: dict[str, int]


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
    return Recognised(path, None, year_of_name(path), _why_not(sheets))


def _likely(raw: Raw) -> list[Sheet]:
    """Return the sheet that a map names, where there is one, else every sheet."""
    named = {column_map.sheet for column_map in column_maps().values() if column_map.sheet}
    wanted = next((plain_name(name) for name in raw.names if plain_name(name) in named), None)
    return list(raw.sheets(wanted))


def _why_not(sheets: list[Sheet]) -> str:
    rows = next((sheet.rows for sheet in sheets if sheet.rows), [])
    if not rows:
        return "it is empty"
    first = [str(cell) for cell in rows[0] if str(cell).strip()]
    if any(words <= {plain_header(cell) for cell in first} for words in DESCRIBES):
        return "it describes the columns or codes of other files"
    near = nearest_source(rows)
    hint = f"; nearest is {near[0].label}, of which it lacks {', '.join(near[1])}" if near else ""
    return f"its columns are of no known source: {', '.join(first[:6])}, ...{hint}"


def _year(path: Path, column_map: ColumnMap, header: Header, sheet: Sheet) -> int | None:
    """Return the year of a table: fixed by its map, of its first row, or of its folder or name."""
    if column_map.year is not None:
        return column_map.year
    if column_map.year_from is not None and len(sheet.rows) > header.body:
        text = str(sheet.rows[header.body][header.positions[column_map.year_from]]).strip()
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
    keys = pd.to_numeric(_without_thousands(frame[column_map.key_column]), errors="coerce")
    keyed = frame[keys.notna()]
    once = keyed[~keyed.duplicated()]  # a row given twice, word for word, says nothing more (census of 2018)
    left_out = {"without a key": len(frame) - len(keyed), "given twice": len(keyed) - len(once)}
    rows = once.index + header.body
    frame = once.reset_index(drop=True)
    key = keys[once.index].astype("int64").reset_index(drop=True)
    if not column_map.repeats and column_map.key != "laestab":
        _expect_once(path, sheet, key, rows, column_map.key_column)
    problems: list[Problem] = []
    table, absent = {column_map.key_column: key}, []
    for column in column_map.columns:
        if column.name == column_map.key_column:
            continue
        if column.name not in frame:
            table[column.name] = pd.Series(None, index=frame.index, dtype=dtype_of(column))
            continue
        table[column.name], reasons, unread = values_of(frame[column.name], column)
        absent.append(pd.DataFrame({"urn": key, "field": column.name, "reason": reasons}).dropna())
        for place in unread.index[unread][: MOST_TOLD - len(problems)]:
            what = f"{column.name} = {frame.at[place, column.name]!r}"
            problems.append(Problem(sheet.where(path, rows[place]), what, *_do(column.kind)))
    raise_all(DataError, problems)
    return Canonical(pd.DataFrame(table), pd.concat(absent, ignore_index=True), dated, left_out)


def _without_thousands(keys: pd.Series) -> pd.Series:
    """Return keys without the comma that Excel puts into 110,000 where a column is formatted so."""
    grouped = keys.astype("string").str.fullmatch(r"\s*\d{1,3}(,\d{3})+\s*").fillna(False)
    return keys.mask(grouped.astype(bool), keys.astype("string").str.replace(",", "")) if grouped.any() else keys


def _do(kind: str) -> tuple[str, str]:
    return f"{ALLOWED[kind]}, or a code for none", "correct the cell, or download the file again"


def _picked(rows: list[list[object]], positions: dict[str, int]) -> pd.DataFrame:
    """Return the columns of the map; a row that is shorter has blanks at its end."""
    return pd.DataFrame(
        {name: [row[place] if place < len(row) else "" for row in rows] for name, place in positions.items()}
    )


def _expect_once(path: Path, sheet: Sheet, keys: pd.Series, rows: pd.Index, name: str) -> None:
    repeated = keys[keys.duplicated()]
    if len(repeated):
        what = "URN" if name == "urn" else name
        again = f"{what} {repeated.iloc[0]} again, and {len(repeated) - 1:,} more repeated"
        where = sheet.where(path, rows[repeated.index[0]])
        do = "remove all but the right row"
        raise DataError(Problem(where, again, f"each {what} once, or the very same row", do))
