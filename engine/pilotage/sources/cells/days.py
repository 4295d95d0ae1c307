"""Days as people and Excel write them. Days in figures are British: the day before the month."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from pilotage.sources.cells.numbers import UnreadError

FIRST_YEAR, LAST_YEAR = 1900, 2200
SERIALS = (32_874, 73_050)  # Excel's numbers of 1 January 1990 and 31 December 2099; it counts from ZERO_DAY
ZERO_DAY = date(1899, 12, 30)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MIDNIGHT = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[- ](?:of )?([a-z]{3,9})\.?,?[- ](\d{4})")
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
SHORT_YEAR = re.compile(r".*[-/. ]\d{2}")


def day_of(text: str, *, from_1904: bool = False) -> pd.Timestamp:
    """Return the day that a cell holds; ``from_1904``: whether the workbook counts its days from 1904.

    Raises
    ------
    UnreadError
        When it is no day, there is no such day, or its year is written with two figures; in a workbook that counts
        from 1904, when it is a number: nobody can tell which of the two days is meant.
    """
    plain = MIDNIGHT.sub("", text.casefold().strip())
    if re.fullmatch(r"\d{5}", plain) and SERIALS[0] <= int(plain) <= SERIALS[1]:
        if from_1904:
            raise UnreadError(text, "the workbook counts days from 1904: format the cell as a date")
        return pd.Timestamp(ZERO_DAY + timedelta(days=int(plain)))
    year, month, day = _parts(plain, text)
    if month > 12 >= day and DAY_FIRST.fullmatch(plain):
        raise UnreadError(text, f"the day comes before the month: write {year}-{day:02d}-{month:02d} if that is meant")
    try:
        found = date(year, month, day)
    except ValueError:
        raise UnreadError(text, "there is no such day: correct it") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnreadError(text)
    return pd.Timestamp(found)


def _parts(plain: str, text: str) -> tuple[int, int, int]:
    """Return year, month and day as written."""
    if match := YEAR_FIRST.fullmatch(plain):
        return int(match[1]), int(match[3]), int(match[4])
    if match := DAY_FIRST.fullmatch(plain):
        return int(match[4]), int(match[3]), int(match[1])
    if match := IN_WORDS.fullmatch(plain):
        return int(match[3]), _month(match[2], text), int(match[1])
    if match := MONTH_FIRST.fullmatch(plain):
        return int(match[3]), _month(match[1], text), int(match[2])
    if match := RUN_TOGETHER.fullmatch(plain):
        return int(match[1]), int(match[2]), int(match[3])
    raise UnreadError(text, "write the year with four figures" if SHORT_YEAR.fullmatch(plain) else None)


def _month(word: str, text: str) -> int:
    """Return the number of a month: its name, or the first three letters of it (and "sept")."""
    for number, name in enumerate(MONTHS, 1):
        if word in (name, name[:3]) or (word == "sept" and number == 9):
            return number
    raise UnreadError(text)
