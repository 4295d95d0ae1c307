"""Cells -> values of a kind, and why each that is absent is so. A cell that is neither is a problem, never a guess."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pilotage.domain.report_cards import REPORT_CARD_POINTS
from pilotage.sources.cells.days import FIRST_YEAR, LAST_YEAR
from pilotage.sources.cells.numbers import MOST, Convention, Form, UnreadError, convention_of, number_of
from pilotage.sources.files.column_maps import Column, codes, grade_codes

NUMBER_KINDS = ("whole", "number", "percent", "share")
PUBLISHERS = Convention(".", sure=True)  # how the publishers write figures
COUNTED = Form(counted=True)
MEASURED = Form()
UNITS = "[%£\\s\u00a0\u202f]"
ZERO_DAY = pd.Timestamp("1899-12-30")  # Excel's serial numbers count from it
GRADE_WORDS = {
    "outstanding": 1,
    "good": 2,
    "satisfactory": 3,
    "requires improvement": 3,
    "inadequate": 4,
    "serious weaknesses": 4,
    "special measures": 4,
}
JUDGEMENTS = {word.replace("_", " "): word for word in REPORT_CARD_POINTS}
RANGES = {"percent": (0.0, 1.0), "share": (0.0, 1.0)}  # one table of 2025 has a share of 104%
ALLOWED = {
    "whole": "a whole number",
    "number": "a number",
    "percent": "a percentage from 0 to 100",
    "share": "a share from 0 to 1",
    "grade": "a grade from 1 to 4, in figures or words",
    "judgement": "Urgent improvement, Needs attention, Expected standard, Strong standard or Exceptional",
    "date": "a day, such as 31/08/2016",
    "british_date": "a day, such as 31/08/2016",
    "day_number": "a day, such as 20160831",
}


def convention(cells: Iterable[pd.Series], separator: str | None) -> Convention:
    """Return how the figures of a table are written, from its columns of numbers and what separates its cells.

    The publishers write a point and separate by commas; a file that was saved again in another country may not.
    """
    marked = (texts[texts.str.contains(r"[.,]", regex=True)] for texts in map(_bare, cells))
    shown = convention_of((text for texts in marked for text in texts.unique()), separator)
    return shown if shown.sure or separator == ";" else PUBLISHERS


def values_of(
    cells: pd.Series, column: Column, written: Convention = PUBLISHERS
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the column's values, the reason of each that is absent, and which cells are neither value nor code."""
    text = cells.astype("string").str.strip().fillna("")
    reason = text.str.upper().map(codes())
    if column.kind == "text":
        blank = text.str.upper().isin(["", "NULL"])  # other codes may be names
        return text.where(~blank, None).astype(object), reason.where(blank), pd.Series(False, index=cells.index)
    if column.kind == "judgement":
        words = text.str.lower().map(JUDGEMENTS)
        return words.astype(object), reason.where(words.isna()), words.isna() & reason.isna()
    if column.kind == "grade":
        reason = reason.fillna(text.str.removesuffix(".0").map(grade_codes()))
    values = _values(cells, text, column.kind, written)
    if column.kind in RANGES:
        outside = ~values.between(*RANGES[column.kind]) & values.notna()
        values, reason = values.mask(outside), reason.mask(outside, "out_of_range")
    unread = values.isna() & reason.isna()
    return values, reason.where(values.isna()), unread


def _values(cells: pd.Series, text: pd.Series, kind: str, written: Convention) -> pd.Series:
    if kind in NUMBER_KINDS:
        numbers = numbers_of(cells, written, COUNTED if kind == "whole" else MEASURED)
        return numbers / 100 if kind == "percent" else numbers
    if kind == "grade":
        return _grades(text)
    return _day_numbers(text) if kind == "day_number" else _days(text)


def dtype_of(column: Column) -> str:
    """Return the type of a column of which a table has none."""
    if column.kind in ("date", "british_date", "day_number"):
        return "datetime64[ns]"
    return "str" if column.kind in ("text", "judgement") else "float64"


def numbers_of(cells: pd.Series, written: Convention, form: Form) -> pd.Series:
    """Return the numbers that cells hold, null for none: those of a workbook, or texts as the file writes them."""
    held = cells.map(lambda cell: isinstance(cell, int | float) and not isinstance(cell, bool)).astype(bool)
    text = _bare(cells)
    odd = ~held & (text.str.contains(",", regex=False) | (text.str.contains(".", regex=False) & (written.mark != ".")))
    numbers = pd.to_numeric(text.mask(odd), errors="coerce").astype("float64")
    figures = {figure: _number(figure, form, written) for figure in text[odd].unique()}
    numbers = numbers.fillna(text.where(odd).map(figures).astype("float64"))
    return numbers.where(numbers.abs() <= MOST)  # "inf" is no number; NaN compares as false


def _bare(cells: pd.Series) -> pd.Series:
    """Return cells as texts without the signs of pounds and per cent."""
    return cells.astype("string").str.replace(UNITS, "", regex=True).fillna("")


def _number(figure: str, form: Form, written: Convention) -> float:
    try:
        return number_of(figure, form, written)
    except UnreadError:
        return np.nan


def _grades(text: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    return numbers.where(numbers.isin([1, 2, 3, 4])).fillna(text.str.lower().map(GRADE_WORDS).astype("float64"))


def _days(text: pd.Series) -> pd.Series:
    """Return days from cells that are days, Excel's serial numbers, numbers as 20160831, or text (British, or ISO)."""
    number = pd.to_numeric(text, errors="coerce")
    serial = number.where(number.between(1, 80_000))
    run_on = _day_numbers(text.str.removesuffix(".0").where(number > 19_000_000))
    words = text.where(serial.isna()).str.slice(0, 10)
    iso = _parsed(words.where(words.str.match(r"\d{4}-")), "%Y-%m-%d")
    british = _parsed(words.str.replace("-", "/"), "%d/%m/%Y")
    days = (ZERO_DAY + pd.to_timedelta(serial, unit="D")).astype("datetime64[ns]")
    return iso.fillna(british).fillna(days).fillna(run_on)


def _day_numbers(text: pd.Series) -> pd.Series:
    return _parsed(text, "%Y%m%d")


def _parsed(text: pd.Series, written: str) -> pd.Series:
    """Return the days of texts; null where there is none, or it is of a year that no official table is of."""
    days = pd.to_datetime(text, errors="coerce", format=written)
    return days.where(days.dt.year.between(FIRST_YEAR, LAST_YEAR)).astype("datetime64[ns]")
