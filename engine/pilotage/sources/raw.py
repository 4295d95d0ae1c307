"""Raw files as rows of cells: CSV of several encodings, workbooks, zips of one workbook. No meaning is given here."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pilotage.errors import DataError, Problem

LARGEST_BYTES = 400_000_000  # of a workbook unpacked: the largest real one has 9 million
LINK = re.compile(r'"?(\d+)"?,"?(\d+)"?,"?(.*)"?,"?([^",]*)"?,"?([^",]*)"?')
WORKBOOK = (".xlsx", ".xlsm", ".xls", ".ods")
DAY_WORDS = re.compile(
    r"(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})"
)


@dataclass(frozen=True)
class RawTable:
    """A header and its rows, as text (CSV) or cells (workbook); ``dated`` is the day that the workbook states."""

    header: list[Any]
    rows: list[list[Any]]
    sheet: str | None
    dated: date | None


def csv_header(path: Path) -> list[str]:
    """Return the first line of a CSV or tab-separated file as cells."""
    with path.open("rb") as stream:
        start = decoded(stream.read(65536)).splitlines()
    first = start[0] if start else ""
    return next(csv.reader([first], delimiter=_delimiter(first)), [])


def read_csv(path: Path, columns: list[int]) -> pd.DataFrame:
    """Return some columns of a CSV as text, nothing turned into null; rows cut off in the middle are an error."""
    text = decoded(path.read_bytes())
    first = text[: text.find("\n")]
    try:
        return pd.read_csv(
            io.StringIO(text), sep=_delimiter(first), dtype=str, keep_default_na=False, usecols=columns, header=0
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        found = f"not a table: {error}"
        raise DataError(Problem(str(path), found, "as many cells in every row", "download it again")) from None


def read_links_csv(path: Path) -> pd.DataFrame:
    """Return a links file as text: two URNs, a name that may hold unescaped quotes and commas, a type and a day."""
    lines = decoded(path.read_bytes()).splitlines()
    header = next(csv.reader(lines[:1]), [])
    rows = [LINK.fullmatch(line) for line in lines[1:]]
    broken = next((number for number, row in enumerate(rows, 2) if row is None and lines[number - 1].strip()), None)
    if broken is not None:
        found = f"not a link: {lines[broken - 1][:60]!r}"
        raise DataError(Problem(f"{path}, row {broken}", found, "URN, LinkURN, name, type, day", "download it again"))
    return pd.DataFrame([row.groups() for row in rows if row is not None], columns=header)


def decoded(raw: bytes) -> str:
    """Return text that is UTF-8 (with or without byte-order mark), else Windows Latin-1."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiter(line: str) -> str:
    return "\t" if line.count("\t") > line.count(",") else ","


def open_workbook(path: Path) -> CalamineWorkbook:
    """Return the workbook of a file, or the one workbook inside a zip.

    Raises
    ------
    DataError
        When the file is damaged, is not a workbook, holds several, or would unpack to more than ``LARGEST_BYTES``.
    """
    raw = _workbook_bytes(path)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except (CalamineError, OSError, ValueError) as error:
        found = "is protected by a password" if "assword" in str(error) else f"is not a readable workbook ({error})"
        raise DataError(Problem(str(path), found, "an Excel workbook", "download it again")) from None


def _workbook_bytes(path: Path) -> bytes:
    raw = path.read_bytes()
    if not raw.startswith(b"PK"):
        return raw
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _expect_size(path, archive)
            if "[Content_Types].xml" in archive.namelist():
                return raw
            inside = [name for name in archive.namelist() if name.lower().endswith(WORKBOOK)]
            if len(inside) != 1:
                found = f"a zip of {len(inside)} workbooks"
                raise DataError(Problem(str(path), found, "one workbook", "unpack it and keep the one"))
            return archive.read(inside[0])
    except (zipfile.BadZipFile, EOFError, OSError):
        raise DataError(Problem(str(path), "a truncated or damaged zip", "a whole file", "download it again")) from None


def _expect_size(path: Path, archive: zipfile.ZipFile) -> None:
    total = sum(entry.file_size for entry in archive.infolist())
    if total > LARGEST_BYTES:
        found = f"would unpack to {total / 1e6:,.0f} MB"
        allowed = f"at most {LARGEST_BYTES / 1e6:,.0f} MB"
        raise DataError(Problem(str(path), found, allowed, "check where the file comes from"))


def read_sheet(path: Path, wanted: str) -> RawTable:
    """Return the sheet whose name is ``wanted`` but for case and blanks, and the day that the workbook states."""
    workbook = open_workbook(path)
    named = {re.sub(r"\s+", " ", name).strip().lower(): name for name in workbook.sheet_names}
    if wanted not in named:
        allowed = f"a sheet {wanted!r}"
        found = f"sheets {', '.join(workbook.sheet_names)}"
        raise DataError(Problem(str(path), found, allowed, "choose the right workbook"))
    sheet = named[wanted]
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
    if not rows:
        raise DataError(Problem(f"{path}, sheet {sheet!r}", "is empty", "a header and rows", "download it again"))
    return RawTable(rows[0], rows[1:], sheet, _stated_day(workbook))


def _stated_day(workbook: CalamineWorkbook) -> date | None:
    """Return the day as at which a workbook of management information speaks: from its Cover, else its sheet Dates."""
    for name in ("Cover", "Dates"):
        if name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)[:15]
            found = _day_beside(rows)
            if found:
                return found
    return None


def _day_beside(rows: list[list[Any]]) -> date | None:
    """Return the day beside a label such as "End date", "As at Date" or "Period covered"."""
    for row in rows:
        label = " ".join(str(cell) for cell in row[:1]).lower()
        if label.startswith(("end date", "as at", "period covered")):
            for cell in row[1:]:
                if isinstance(cell, date):
                    return cell.date() if isinstance(cell, datetime) else cell
                words = DAY_WORDS.search(str(cell))
                if words:
                    return datetime.strptime(" ".join(words.groups()), "%d %B %Y").date()
    return None
