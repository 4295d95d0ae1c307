"""A raw file and its column map -> a canonical table, with the reason of every value that is absent."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pilotage.errors import DataError, Problem
from pilotage.sources.column_maps import Column, ColumnMap, codes, column_maps
from pilotage.sources.raw import WORKBOOK, csv_header, open_workbook, read_csv, read_links_csv, read_sheet

ZERO_DAY = pd.Timestamp("1899-12-30")  # Excel's serial numbers count from it
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@dataclass(frozen=True)
class Recognised:
    """What a file is: its source and, for a yearly table, its year; ``why_not`` where it is not recognised."""

    path: Path
    source: str | None
    year: int | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Canonical:
    """A canonical table, the reasons of absent values (urn, field, reason), and the day the file states."""

    table: pd.DataFrame
    absent: pd.DataFrame
    dated: date | None


def recognise(path: Path) -> Recognised:
    """Return what a file is, by its content; only the year of a yearly table comes from its folder or name."""
    if path.suffix.lower() in (*WORKBOOK, ".zip"):
        return _recognised_workbook(path)
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return Recognised(path, None, why_not=f"files of type {path.suffix or 'none'} are not read")
    return _recognised_csv(path)


def _recognised_workbook(path: Path) -> Recognised:
    try:
        sheets = {re.sub(r"\s+", " ", name).strip().lower() for name in open_workbook(path).sheet_names}
    except DataError as error:
        return Recognised(path, None, why_not=error.problems[0].found)
    found = next((m.source for m in column_maps().values() if m.form == "workbook" and m.sheet in sheets), None)
    return Recognised(path, found, why_not="" if found else f"no known sheet among {', '.join(sorted(sheets))}")


def _recognised_csv(path: Path) -> Recognised:
    header = csv_header(path)
    fits = [m for m in column_maps().values() if m.form == "csv" and not m.lacking(header)]
    if not fits:
        return Recognised(path, None, _year(path), f"its columns are of no known source: {', '.join(header[:6])}, ...")
    best = max(fits, key=lambda one: len(one.positions(header)))
    year = _year(path) if best.source.startswith("dfe_") else None
    if best.source.startswith("dfe_") and year is None:
        return Recognised(path, None, why_not=f"looks like {best.label}, but neither folder nor name gives its year")
    return Recognised(path, best.source, year)


def _year(path: Path) -> int | None:
    found = YEAR.search(path.parent.name) or YEAR.search(path.stem)
    return int(found.group(1)) if found else None


def read_source(path: Path, source: str) -> Canonical:
    """Return the canonical table of a file of a source.

    Raises
    ------
    DataError
        When a required column is lacking, a URN repeats, or the file is damaged; it names file, sheet and row.
    """
    column_map = column_maps()[source]
    if column_map.form == "workbook":
        raw = read_sheet(path, column_map.sheet or "")
        where = f"{path}, sheet {raw.sheet!r}"
        _expect_columns(where, column_map, raw.header)
        there = column_map.positions(raw.header)
        cells = {name: [row[place] for row in raw.rows] for name, place in there.items()}
        return _canonical(where, column_map, pd.DataFrame(cells), raw.dated)
    header = csv_header(path)
    _expect_columns(str(path), column_map, header)
    there = column_map.positions(header)
    if source == "gias_links":
        table = read_links_csv(path)
        return _canonical(str(path), column_map, _picked(table, there), None)
    frame = read_csv(path, sorted(set(there.values())))
    names = {header[place]: name for name, place in there.items()}
    return _canonical(str(path), column_map, frame.set_axis([names[h] for h in _kept(header, there)], axis=1), None)


def _kept(header: list[str], there: dict[str, int]) -> list[str]:
    return [header[place] for place in sorted(set(there.values()))]


def _picked(table: pd.DataFrame, there: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({name: table.iloc[:, place] for name, place in there.items()})


def _expect_columns(where: str, column_map: ColumnMap, header: list[Any]) -> None:
    lacking = column_map.lacking(header)
    if lacking:
        wanted = [f"{column.name} (as {' or '.join(repr(h) for h in column.headers)})" for column in lacking]
        found = f"no column {'; '.join(wanted)}"
        raise DataError(Problem(where, found, f"the columns of {column_map.label}", "choose the right file"))


def _canonical(where: str, column_map: ColumnMap, frame: pd.DataFrame, dated: date | None) -> Canonical:
    schools = pd.to_numeric(frame["urn"], errors="coerce").notna()
    frame = frame[schools]  # rows of totals, and blank rows, have no URN
    frame = frame[~frame.duplicated()]  # a row given twice, word for word, says nothing more (census of 2018)
    lines = frame.index + 2
    frame = frame.reset_index(drop=True)
    urns = pd.to_numeric(frame["urn"]).astype("int64")
    if column_map.source not in ("gias_links", "gias_group_links"):
        _expect_once(where, urns, lines)
    table, absent = {"urn": urns}, []
    for column in column_map.columns:
        if column.name in frame and column.name != "urn":
            values, reasons = _values(frame[column.name], column)
            table[column.name] = values
            absent.append(pd.DataFrame({"urn": urns, "field": column.name, "reason": reasons}).dropna())
        elif column.name != "urn":
            table[column.name] = pd.Series(None, index=frame.index, dtype=_dtype(column))
    return Canonical(pd.DataFrame(table), pd.concat(absent, ignore_index=True), dated)


def _expect_once(where: str, urns: pd.Series, lines: pd.Index) -> None:
    repeated = urns[urns.duplicated()]
    if len(repeated):
        row, first = lines[repeated.index[0]], int(repeated.iloc[0])
        found = f"URN {first} again, and {len(repeated) - 1:,} more repeated"
        raise DataError(
            Problem(f"{where}, row {row}", found, "each URN once, or the very same row", "remove all but the right row")
        )


def _dtype(column: Column) -> str:
    return {"text": "str", "date": "datetime64[ns]", "british_date": "datetime64[ns]"}.get(column.kind, "float64")


def _values(cells: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    """Return the column's values, and the reason of each that is absent (null where there is a value)."""
    text = cells.astype("string").str.strip().fillna("")
    reason = text.str.upper().map(codes())
    if column.kind == "text":
        return text.where(text != "", None).astype(object), reason.where(text == "")
    values = _numbers(cells, text, column) if "date" not in column.kind else _days(cells, text, column)
    unread = values.isna() & reason.isna()
    return values, reason.where(values.isna()).where(~unread, "not_published")


def _numbers(cells: pd.Series, text: pd.Series, column: Column) -> pd.Series:
    numbers = pd.to_numeric(text.str.replace(r"[%£,]", "", regex=True), errors="coerce").astype("float64")
    if column.kind == "percent":
        return numbers.where(numbers.between(0, 100)) / 100
    if column.kind == "grade":
        return numbers.where(numbers.isin([1, 2, 3, 4]))
    return numbers


def _days(cells: pd.Series, text: pd.Series, column: Column) -> pd.Series:
    """Return days from cells that are days, Excel's serial numbers, or text (British order, or ISO)."""
    serial = pd.to_numeric(text, errors="coerce")
    serial = serial.where(serial.between(1, 80_000))
    words = text.where(serial.isna()).str.slice(0, 10)
    iso = pd.to_datetime(words.where(words.str.match(r"\d{4}-")), errors="coerce", format="%Y-%m-%d")
    british = pd.to_datetime(words.str.replace("-", "/"), errors="coerce", format="%d/%m/%Y")
    days = (ZERO_DAY + pd.to_timedelta(serial, unit="D")).astype("datetime64[ns]")
    return iso.astype("datetime64[ns]").fillna(british.astype("datetime64[ns]")).fillna(days)


def sha256(path: Path) -> str:
    """Return the checksum of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
