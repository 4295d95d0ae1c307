"""Kinds of cells: what each allows, and the value that its text stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pilotage.sources.cells.choices import listed, one_of, several_of
from pilotage.sources.cells.days import FIRST_YEAR, LAST_YEAR, day_of
from pilotage.sources.cells.numbers import KM_PER_MILE, MOST, Convention, Form, number_of

YES_OR_NO = ("yes", "no")


@dataclass(frozen=True)
class Kind:
    """How a cell's text becomes a value.

    Attributes
    ----------
    allowed
        What is allowed, for a message.
    parse
        Returns the value of a text, and raises ValueError on what is not allowed.
    form
        For numbers: what they may look like. The convention of the whole file then counts too.
    """

    allowed: str
    parse: Callable[[str], Any]
    form: Form | None = None

    def value(self, text: str, convention: Convention) -> Any:
        """Return the value of a cell in a file of a convention."""
        if self.form is None:
            return self.parse(text)
        value = number_of(text, self.form, convention)
        return int(value) if self.form.whole else value


def number_kind(allowed: str, form: Form) -> Kind:
    """Return a kind of numbers; alone, its ``parse`` takes the point as the decimal mark."""
    kind = Kind(allowed, float, form)
    return Kind(allowed, partial(kind.value, convention=Convention()), form)


def choice(subject: str, allowed: Sequence[str]) -> Kind:
    """Return a kind of one word among some; synonyms of the ``subject`` are read as the word that they stand for."""
    return Kind(listed(allowed), partial(one_of, subject=subject, allowed=allowed))


def choices(subject: str, allowed: Sequence[str]) -> Kind:
    """Return a kind of one or several words among some, separated by ``;``."""
    return Kind(f"{listed(allowed)}, separated by ;", partial(several_of, subject=subject, allowed=allowed))


def _yes_no(text: str) -> bool:
    return one_of(text, "yes_no", YES_OR_NO) == "yes"


WHOLE = number_kind(f"a whole number up to {MOST:,}", Form(whole=True, counted=True))
NUMBER = number_kind("a number", Form())
CHANCE = number_kind("a number from 0 to 1, or per cent as 8.3%", Form(units=((r"(.*)%", 1, 100),)))
KM = number_kind(
    "a number of kilometres",
    Form(units=((r"(.*?) ?(?:km|kms|kilomet(?:re|er)s?)", 1, 1), (r"(.*?) ?(?:mi|miles?)", KM_PER_MILE, 1))),
)
METRES = number_kind("a number of metres", Form(counted=True, units=((r"(.*?) ?(?:m|met(?:re|er)s?)", 1, 1),)))
GBP = number_kind(
    "a number of pounds",
    Form(counted=True, units=((r"([+-]?)(?:£|GBP) ?(.*)", 1, 1), (r"(.*?) ?(?:£|GBP|pounds?)", 1, 1))),
)
DAY = Kind(f"a date as 2016-09-01 or 01/09/2016 (day first), from {FIRST_YEAR} to {LAST_YEAR}", day_of)
DAY_IN_1904_BOOK = Kind(DAY.allowed, partial(day_of, from_1904=True))
YES_NO = Kind("yes or no", _yes_no)
WORD = Kind("a word", str.lower)
