"""Planners' tables, CSV or Excel, read as text and turned into types, every bad cell reported at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pilotage.errors import DataError, Problem, raise_all

MOST = 1_000_000_000_000  # of a whole number in a table: floats hold it exactly, and sums of it fit 64 bits
FIRST_YEAR, LAST_YEAR = 1900, 2200
TEMPLATE_SHEETS = ("leaders", "posts", "pairs", "asks")
WORDS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}


def read_text_table(path: Path) -> pd.DataFrame:
    """Return a CSV file or a workbook's sheet (leaders or posts, else the first) as text, headers in lower case.

    Raises
    ------
    DataError
        When the file is missing, unreadable, empty, or repeats a column.
    """
    if not path.is_file():
        raise DataError(Problem(str(path), "no such file", "a CSV or Excel file", "check the path in the scenario"))
    frame = _from_workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods") else _from_csv(path)
    frame.columns = pd.Index([str(name).strip().lower() for name in frame.columns])
    repeated = sorted(set(frame.columns[frame.columns.duplicated()]))
    raise_all(DataError, (Problem(str(path), f"column {name!r} twice", "each once", "remove one") for name in repeated))
    stripped: pd.DataFrame = frame.apply(lambda column: column.astype("string").str.strip())
    full = stripped.notna() & (stripped != "")
    return stripped.astype(object).where(full, None)


def _from_csv(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(StringIO(_decoded(path.read_bytes())), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        fault = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        allowed = "a table with one header row and as many cells in each row"
        raise DataError(Problem(str(path), f"not a table: {fault}", allowed, "correct the row")) from None
    return frame


def _decoded(raw: bytes) -> str:
    """Return the text of a CSV file: UTF-8 with or without byte-order mark, else Windows Latin-1 (Excel's default)."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _from_workbook(path: Path) -> pd.DataFrame:
    try:
        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_name(_sheet(book.sheet_names)).to_python(skip_empty_area=True)
    except (CalamineError, OSError) as error:
        what = f"not a readable workbook ({error})"
        raise DataError(Problem(str(path), what, "an Excel or ODS file", "save it again")) from None
    if not rows:
        raise DataError(Problem(str(path), "its sheet is empty", "a header row and data", "move the table there"))
    return pd.DataFrame([[_cell_text(value) for value in row] for row in rows[1:]], columns=[str(c) for c in rows[0]])


def _sheet(names: list[str]) -> str:
    """Return the sheet to read: the one named as the templates name it, else the first."""
    return next((name for name in names if name.strip().lower() in TEMPLATE_SHEETS), names[0])


def _cell_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@dataclass(frozen=True)
class Kind:
    """How a cell's text becomes a value: ``parse`` raises ValueError on what is not allowed."""

    allowed: str
    parse: Callable[[str], Any]


def _whole(text: str) -> int:
    value = int(text.removesuffix(".0"))
    if abs(value) > MOST:
        raise ValueError(text)
    return value


def _number(text: str) -> float:
    value = float(text.replace(",", "").replace("£", ""))
    if not math.isfinite(value):  # Python reads "nan", "inf" and 1e999 as numbers
        raise ValueError(text)
    return value


def _day(text: str) -> pd.Timestamp:
    pattern = "%d/%m/%Y" if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text) else "%Y-%m-%d"
    day = datetime.strptime(text[:10], pattern)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return pd.Timestamp(day)


def _yes_no(text: str) -> bool:
    if text.lower() not in WORDS:
        raise ValueError(text)
    return WORDS[text.lower()]


WHOLE = Kind(f"a whole number up to {MOST:,}", _whole)
NUMBER = Kind("a number", _number)
DAY = Kind(f"a date as 2016-09-01 or 01/09/2016, from {FIRST_YEAR} to {LAST_YEAR}", _day)
YES_NO = Kind("yes or no", _yes_no)
WORD = Kind("a word", str.lower)


def typed(frame: pd.DataFrame, kinds: dict[str, Kind], where: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return ``frame`` with the columns of ``kinds`` parsed, and one problem for each cell that could not be.

    Row numbers are those of a spreadsheet: the header is row 1.
    """
    problems: list[Problem] = []
    columns = {
        name: [_parsed(text, kind, f"{where}, row {row}", name, problems) for row, text in enumerate(frame[name], 2)]
        for name, kind in kinds.items()
        if name in frame
    }
    return frame.assign(**{name: pd.Series(values, index=frame.index) for name, values in columns.items()}), problems


def _parsed(text: str | None, kind: Kind, where: str, column: str, problems: list[Problem]) -> Any:
    if text is None:
        return None
    try:
        return kind.parse(text)
    except ValueError:
        problems.append(Problem(where, f"{column} = {text!r}", kind.allowed, "correct the cell"))
        return None
