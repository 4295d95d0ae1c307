"""Cells -> values of a kind, and why each that is absent is so. A cell that is neither is a problem, never a guess."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pilotage.sources.files.column_maps import Column, codes, grade_codes

MOST = 1_000_000_000_000  # no official figure is larger
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
RANGES = {"percent": (0.0, 1.0), "share": (0.0, 1.0)}  # one table of 2025 has a share of 104%
ALLOWED = {
    "whole": "a whole number",
    "number": "a number",
    "percent": "a percentage from 0 to 100",
    "share": "a share from 0 to 1",
    "grade": "a grade from 1 to 4, in figures or words",
    "date": "a day, such as 31/08/2016",
    "british_date": "a day, such as 31/08/2016",
    "day_number": "a day, such as 20160831",
}


def values_of(cells: pd.Series, column: Column) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the column's values, the reason of each that is absent, and which cells are neither value nor code."""
    text = cells.astype("string").str.strip().fillna("")
    reason = text.str.upper().map(codes())
    if column.kind == "text":
        reason = reason.where(text == "")
        return text.where(text != "", None).astype(object), reason, pd.Series(False, index=cells.index)
    if column.kind == "grade":
        reason = reason.fillna(text.str.removesuffix(".0").map(grade_codes()))
    values = READERS[column.kind](text)
    if column.kind in RANGES:
        outside = ~values.between(*RANGES[column.kind]) & values.notna()
        values, reason = values.mask(outside), reason.mask(outside, "out_of_range")
    unread = values.isna() & reason.isna()
    return values, reason.where(values.isna()), unread


def dtype_of(column: Column) -> str:
    """Return the type of a column of which a table has none."""
    if column.kind in ("date", "british_date", "day_number"):
        return "datetime64[ns]"
    return "str" if column.kind == "text" else "float64"


def _numbers(text: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(text.str.replace(r"[%£,\s]", "", regex=True), errors="coerce").astype("float64")
    return numbers.where(numbers.abs() <= MOST)  # "inf" is no number; NaN compares as false


def _percents(text: pd.Series) -> pd.Series:
    return _numbers(text) / 100


def _grades(text: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    return numbers.where(numbers.isin([1, 2, 3, 4])).fillna(text.str.lower().map(GRADE_WORDS).astype("float64"))


def _days(text: pd.Series) -> pd.Series:
    """Return days from cells that are days, Excel's serial numbers, numbers as 20160831, or text (British, or ISO)."""
    number = pd.to_numeric(text, errors="coerce")
    serial = number.where(number.between(1, 80_000))
    run_on = _day_numbers(text.str.removesuffix(".0").where(number > 19_000_000))
    words = text.where(serial.isna()).str.slice(0, 10)
    iso = pd.to_datetime(words.where(words.str.match(r"\d{4}-")), errors="coerce", format="%Y-%m-%d")
    british = pd.to_datetime(words.str.replace("-", "/"), errors="coerce", format="%d/%m/%Y")
    days = (ZERO_DAY + pd.to_timedelta(serial, unit="D")).astype("datetime64[ns]")
    return iso.astype("datetime64[ns]").fillna(british.astype("datetime64[ns]")).fillna(days).fillna(run_on)


def _day_numbers(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, errors="coerce", format="%Y%m%d").astype("datetime64[ns]")


READERS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "whole": _numbers,
    "number": _numbers,
    "percent": _percents,
    "share": _numbers,
    "grade": _grades,
    "date": _days,
    "british_date": _days,
    "day_number": _day_numbers,
}
