"""What an unquoted value means: nothing, true or false, a number, or a text."""

from __future__ import annotations

import math
import re
from datetime import date

NOTHING = ("", "~", "null", "Null", "NULL")
YES_OR_NO = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,29})")
NUMBER = re.compile(r"[-+]?([0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30})([eE][-+]?[0-9]{1,3})?")
LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
Scalar = str | int | float | bool | None


def scalar(text: str) -> Scalar:
    """Return what an unquoted value means.

    Only plain digits are numbers: ``007``, ``1_000``, ``0x10``, ``.inf`` and ``1e999`` are texts, and so is a date;
    where a number is asked for, such a text is refused.
    """
    if text in NOTHING:
        return None
    if text in YES_OR_NO:
        return YES_OR_NO[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text) and not LEADING_ZERO.match(text) and math.isfinite(float(text)):
        return float(text)
    return text


def is_impossible_day(text: str) -> bool:
    """Return whether a text has the form of a date, and the calendar has no such day."""
    parts = DAY.fullmatch(text)
    if parts is None:
        return False
    try:
        date(*(int(part) for part in parts.groups()))
    except ValueError:
        return True
    return False
