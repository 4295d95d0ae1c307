"""How people write the values of a table: decimal marks, thousands, units, days, yes and no, headers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from fuzz.table_rows import Column, Table

Draw = random.Random

MONTHS = ("January", "February", "March", "April", "May", "June")
MONTHS = (*MONTHS, "July", "August", "September", "October", "November", "December")
ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
DAYS = ("iso", "slashes", "dots", "hyphens", "words", "short", "ordinal", "month_first", "run_on", "midnight", "serial")
YES_NO = (("yes", "no"), ("True", "False"), ("Y", "N"), ("1", "0"), ("TRUE", "FALSE"), ("t", "f"))
HEADERS = ("plain", "title", "upper", "hyphens", "camel")
UNITS = ("", "before", "after")
FORMED = ("metres", "km", "yes_no", "day", "whole", "urn", "number", "gbp", "chance")  # kinds that a convention forms
ZERO_DAY = date(1899, 12, 30)


@dataclass(frozen=True)
class Convention:
    """How the values of a whole table are written."""

    decimal: str = "."
    thousands: str = ""
    days: str = "iso"
    yes_no: tuple[str, str] = YES_NO[0]
    units: str = ""
    percent: bool = False
    header: str = "plain"

    def can_be_told(self) -> bool:
        """Return whether its decimal mark and its mark of thousands differ."""
        return self.decimal != self.thousands


PLAIN = Convention()


def drawn_convention(draw: Draw) -> Convention:
    """Return a convention that can be told apart; often the plain one."""
    if draw.random() < 0.3:
        return PLAIN
    decimal = draw.choice((".", ".", ","))
    thousands = draw.choice(("", "", " ", "\u00a0", "\u202f", "." if decimal == "," else ","))
    days, yes_no = draw.choice(DAYS), draw.choice(YES_NO)
    percent = draw.random() < 0.3
    return Convention(decimal, thousands, days, yes_no, draw.choice(UNITS), percent, draw.choice(HEADERS))


def header_of(name: str, convention: Convention) -> str:
    """Return the header of a column."""
    words = name.split("_")
    spelt = {
        "title": " ".join(words).capitalize(),
        "upper": name.upper(),
        "hyphens": "-".join(words),
        "camel": words[0] + "".join(word.capitalize() for word in words[1:]),
    }
    return spelt.get(convention.header, name)


def grid_of(table: Table, convention: Convention) -> list[list[str]]:
    """Return a table as the texts of its cells, its header first."""
    header = [header_of(column.name, convention) for column in table.columns]
    return [
        header,
        *([text_of(value, column, convention) for value, column in _beside(row, table)] for row in table.rows),
    ]


def _beside(row: tuple[Any, ...], table: Table) -> zip[tuple[Any, Column]]:
    return zip(row, table.columns, strict=True)


def text_of(value: Any, column: Column, convention: Convention) -> str:
    """Return a value as a cell of the convention holds it."""
    if value is None:
        return ""
    if column.kind not in FORMED:
        return str(value)
    if isinstance(value, bool):
        return convention.yes_no[0 if value else 1]
    if isinstance(value, date):
        return day_text(value, convention.days)
    if isinstance(value, int | float):
        return _number_text(value, column.kind, convention)
    return str(value)


def _number_text(value: float, kind: str, convention: Convention) -> str:
    if kind == "chance" and convention.percent:
        return f"{_figure(round(value * 100, 9), convention)}{' ' if convention.units else ''}%"
    figure = _figure(value, convention)
    before, after = {"gbp": ("£", " GBP"), "km": ("", " km"), "metres": ("", "m")}.get(kind, ("", ""))
    return {"before": before + figure, "after": figure + after}.get(convention.units, figure)


def _figure(value: float, convention: Convention) -> str:
    whole, _, decimals = f"{abs(value):.9f}".rstrip("0").rstrip(".").partition(".")
    grouped = f"{int(whole):,}".replace(",", convention.thousands)
    sign = "-" if value < 0 else ""
    return f"{sign}{grouped}{convention.decimal}{decimals}" if decimals else f"{sign}{grouped}"


def day_text(day: date, style: str) -> str:
    """Return a day in one of the styles of ``DAYS``."""
    month, th = MONTHS[day.month - 1], ORDINALS.get(day.day, "th")
    return {
        "slashes": f"{day:%d/%m/%Y}",
        "dots": f"{day.day}.{day.month}.{day.year}",
        "hyphens": f"{day:%d-%m-%Y}",
        "words": f"{day.day} {month} {day.year}",
        "short": f"{day.day}-{month[:3]}-{day.year}",
        "ordinal": f"{day.day}{th} of {month} {day.year}",
        "month_first": f"{month} {day.day}, {day.year}",
        "run_on": f"{day:%Y%m%d}",
        "midnight": f"{day.isoformat()} 00:00:00",
        "serial": str((day - ZERO_DAY).days),
    }.get(style, day.isoformat())
