"""By which day somebody in post at a school has to give notice, from data/reference/notice.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from ruamel.yaml import YAML

from pilotage import assets

HEADS = ("head", "executive")  # levels with the longer notice


@dataclass(frozen=True)
class TermEnd:
    """An end of term at which people leave; each day is (month, day).

    Attributes
    ----------
    starts
        The first day of a post that somebody who leaves then can take.
    head, teacher
        The last day on which a head, or anybody else, can give notice.
    """

    starts: tuple[int, int]
    head: tuple[int, int]
    teacher: tuple[int, int]


@cache
def term_ends() -> tuple[TermEnd, ...]:
    """Return the ends of term of a year."""
    stated = YAML(typ="safe").load((assets.reference() / "notice.yaml").read_text(encoding="utf-8"))
    return tuple(
        TermEnd(*(_month_and_day(term[name]) for name in ("starts", "head", "teacher"))) for term in stated["terms"]
    )


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def decide_by(level: str, starts_on: date) -> date:
    """Return the last day on which somebody of a level, in post now, can give notice and start on a day.

    They leave at the last end of term that lets them start by then.
    """
    end = max(term_ends(), key=lambda each: _latest(each.starts, starts_on))
    first = _latest(end.starts, starts_on)
    return _latest(end.head if level in HEADS else end.teacher, first)


def _latest(day: tuple[int, int], until: date) -> date:
    """Return the last such day of a year on or before another."""
    this_year = date(until.year, *day)
    return this_year if this_year <= until else date(until.year - 1, *day)
