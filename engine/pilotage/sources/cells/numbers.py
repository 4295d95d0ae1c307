"""Numbers as people write them: which mark is the decimal one, thousands, units. What is not clear is refused.

"2,5" can only be 2.5 and "1,234,567" only a million. "1,500" is one or the other: the other numbers of the file tell,
or it is refused. Where numbers are counted in ones (a URN, pounds) a group of three figures is thousands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Mark = Literal[".", ","]
MOST = 1_000_000_000_000  # floats hold whole numbers up to it exactly, and sums of it fit 64 bits
KM_PER_MILE = 1.609344

# Most cells are of this form, and read fast: a point that can't be a mark of thousands.
CLEAR = re.compile(r"-?(?:[0-9]{1,12}|[0-9]+\.(?![0-9]{3}$)[0-9]+|(?:0|[0-9]{4,})\.[0-9]{3})", re.ASCII)
TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
WHOLE = re.compile(r"[+-]?[0-9]+")
SIMPLE = re.compile(r"([+-]?)([0-9]*)([.,])([0-9]+)")
GROUPED = re.compile(r"([+-]?[0-9]{1,3})((?:([.,])[0-9]{3})(?:\3[0-9]{3})*)(?:([.,])([0-9]+))?")
SPACED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}")


class UnreadError(ValueError):
    """A cell that can't be read; ``hint`` says what to do where more can be said than to correct it."""

    def __init__(self, text: str, hint: str | None = None) -> None:
        super().__init__(text)
        self.hint = hint


@dataclass(frozen=True)
class Convention:
    """The decimal mark of a file: null where its numbers contradict each other; ``sure`` where its numbers tell it."""

    mark: Mark | None = "."
    sure: bool = False


@dataclass(frozen=True)
class Form:
    """What a column of numbers may hold.

    Attributes
    ----------
    whole
        Whether only whole numbers are allowed ("3.0" is one).
    counted
        Whether it is counted in ones, so that three figures after one mark are thousands.
    units
        What may stand beside the figure, as a pattern without case; what the figure is multiplied by, and divided by.
    """

    whole: bool = False
    counted: bool = False
    units: tuple[tuple[str, float, float], ...] = ()

    def bare(self, text: str) -> tuple[str, float, float]:
        """Return the figure without its unit, what to multiply it by, and what to divide it by."""
        plain = text.replace("\u2212", "-").strip()
        for pattern, times, per in self.units:
            match = re.fullmatch(pattern, plain, re.IGNORECASE)
            if match:
                return "".join(part or "" for part in match.groups()).strip(), times, per
        return plain, 1.0, 1.0


def has_two_readings(figure: str) -> bool:
    """Return whether the convention of the file decides what a figure (without its unit) is: "1,500"."""
    return TWO_WAYS.fullmatch(figure) is not None


def convention_of(figures: Iterable[str], separator: str | None) -> Convention:
    """Return the convention of a file by all its figures (without units) and what separates its cells.

    A workbook (``separator`` null) holds numbers itself, and shows them with a point: only its texts with a comma tell.
    """
    marks = {_decimal_mark(figure) for figure in figures if separator is not None or "," in figure} - {None}
    if marks:
        return Convention(marks.pop() if len(marks) == 1 else None, sure=True)
    return Convention("," if separator == ";" else ".")


def _decimal_mark(figure: str) -> Mark | None:
    """Return the decimal mark that a figure must be written with, null where it may be either."""
    simple = SIMPLE.fullmatch(figure)
    if simple:
        return None if has_two_readings(figure) else _mark(simple.group(3))
    grouped = GROUPED.fullmatch(figure)
    if grouped and grouped.group(4) != grouped.group(3):
        return "." if grouped.group(3) == "," else ","
    return None


def _mark(text: str) -> Mark:
    return "," if text == "," else "."


def number_of(text: str, form: Form, convention: Convention) -> float:
    """Return the number that a cell holds.

    Raises
    ------
    UnreadError
        When it is no number of the form, is not clear, or is larger than ``MOST``.
    """
    if CLEAR.fullmatch(text):
        value = float(text)
    else:
        figure, times, per = form.bare(text)
        value = _value(figure, form, convention) * times / per
    if not math.isfinite(value) or abs(value) > MOST or (form.whole and not value.is_integer()):
        raise UnreadError(text)
    return value


def _value(figure: str, form: Form, convention: Convention) -> float:
    figure = figure.replace(" ", "") if SPACED.fullmatch(figure) else figure
    if WHOLE.fullmatch(figure):
        return float(figure)
    simple = SIMPLE.fullmatch(figure)
    if simple:
        return _simple_value(simple, form, convention)
    grouped = GROUPED.fullmatch(figure)
    if grouped and grouped.group(4) != grouped.group(3):
        start, groups, _, _, decimals = grouped.groups()
        return float(start + re.sub("[.,]", "", groups) + f".{decimals or 0}")
    if SCIENTIFIC.fullmatch(figure) and not form.counted:
        return float(figure)
    raise UnreadError(figure)


def _simple_value(simple: re.Match[str], form: Form, convention: Convention) -> float:
    sign, before, mark, after = simple.groups()
    decimal, thousands = float(f"{sign}{before or 0}.{after}"), float(f"{sign}{before}{after}")
    if not has_two_readings(simple.group()):
        return decimal
    if convention.mark is None:
        raise UnreadError(simple.group(), _either(thousands, decimal))
    if mark != convention.mark and (convention.sure or form.counted):
        return thousands
    if mark == convention.mark == "." and (convention.sure or not form.counted):
        return decimal
    if mark == convention.mark and convention.sure and not form.counted:
        return decimal
    raise UnreadError(simple.group(), _either(thousands, decimal))


def _either(thousands: float, decimal: float) -> str:
    return f"write {thousands:.0f} or {decimal:g}: it can be read as both"
