"""Tables of each official source, made from its column map: headers as publishers spell them, cells that fit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from pilotage.sources.files.column_maps import Column, column_maps
from pilotage.sources.schools.authorities import authorities
from pilotage.sources.schools.regimes import regimes

Draw = random.Random
Rows = list[list[str]]

FIRST_DAY = date(2004, 1, 1)
CODES = ("SUPP", "NE", "NP", "LOWCOV", "x", "..", "", "DNS", "NULL", "-")
WORDS: dict[str, tuple[str, ...]] = {
    "phase": ("Primary", "Secondary", "Special", "Nursery", "PRU", "Alternative provision", " primary ", "Primary"),
    "school_type": (
        *("Community School", "Academy Sponsor Led", "Academy Converter", "Free School", "Community special school"),
        *("Pupil referral unit", "LA nursery school", "Academy Alternative Provision Sponsor Led"),
    ),
    "school_group": ("Maintained school", "Academy", "Independent school", "Special school", "College", ""),
    "link_type": (
        "",
        *("Predecessor", "Successor", "Predecessor - merged", "Successor - amalgamated", "Result of Amalgamation"),
        *("Merged - expansion of school capacity", "Predecessor - Split School", "Successor - Split School", "Other"),
    ),
    "group_type": ("Multi-academy trust", "Single-academy trust", "Trust", "Federation", "Sponsor", ""),
    "group_name": ("Elm Trust", "Oak Learning", "", "Caf\u00e9 Trust"),
    "status": ("Open", "Closed", "Open, but proposed to close", "Proposed to open", ""),
    "district": ("Blackpool", "Derby", "Camden", "Bolsover", ""),
    "postcode": ("FY1 1AA", "FY1 2BB", "NW1 2CD", "DE1 1AA", "fy4 1aa", "", "x"),
    "urban_rural": ("Urban city and town", "Rural village", "Not recorded", ""),
    "academic_year": ("2018", "2017", "2014", "201617", ""),
    "time_period": ("201819", "202223", "2019"),
}
FIGURES: dict[str, tuple[float, float]] = {
    "easting": (300_000, 560_000),
    "northing": (100_000, 560_000),
    "latitude": (50.0, 55.5),
    "longitude": (-5.0, 1.5),
    "is_primary": (0, 1),
    "is_secondary": (0, 1),
    "value_added": (960, 1_040),
    "pupils": (20, 1_500),
}
WHOLE = ("easting", "northing", "is_primary", "is_secondary", "pupils")


def table_of(draw: Draw, source: str, urns: Sequence[int], around: date) -> Rows:
    """Return a whole table of a source: a header, and rows of some schools with days before ``around``."""
    columns = [column for column in column_maps()[source].columns if column.required or draw.random() < 0.7]
    around += timedelta(days=400 if draw.random() < 0.1 else 0)
    header = [draw.choice(column.headers) for column in columns]
    repeated = column_maps()[source].repeats or source == "dfe_spine"
    listed = draw.sample(list(urns), max(1, round(len(urns) * draw.choice((0.3, 1, 1, 1)))))
    rows = [urn for urn in listed for _ in range(draw.choice((1, 2)) if column_maps()[source].repeats else 1)]
    body = [[cell_of(draw, column, urn, urns, around) for column in columns] for urn in (rows if repeated else listed)]
    return [header, *body]


def cell_of(draw: Draw, column: Column, urn: int, urns: Sequence[int], around: date) -> str:
    """Return a cell that fits its column, in one of the ways in which publishers write it."""
    if column.name in ("urn", "link_urn", "urn_then", "previous_urn_then", "group"):
        return str(
            urn
            if column.name in ("urn", "group") or draw.random() < 0.4
            else draw.choice(urns) + draw.choice((0, 1, 5_000))
        )
    if column.name in ("authority", "region", "authority_code", "laestab", "laestab_authority", "laestab_number"):
        return _place(column.name, urn)
    if column.kind in ("date", "british_date", "day_number"):
        return _day(draw, column.kind, around)
    if column.kind == "grade":
        return draw.choice(("1", "2", "3", "4", "2", "Good", "Requires improvement", "Inadequate", "9", "NULL", ""))
    if column.kind == "text":
        judgement = column.name.endswith("_judgement")
        known = tuple(_report_card_words()) if judgement else WORDS.get(column.name, (f"{column.name} {urn}",))
        return draw.choice(known)
    return draw.choice(CODES) if column.name not in FIGURES and draw.random() < 0.08 else _figure(draw, column)


@cache
def _report_card_words() -> list[str]:
    points = (named["points"] for named in regimes()["crosswalks"].values())
    return [word for words in points for word in words] + ["NULL", "Not judged"]


def _place(name: str, urn: int) -> str:
    known = sorted(authorities())
    code = known[urn % len(known)]
    places = {"authority": authorities()[code][0], "region": authorities()[code][1]}
    numbers = {"authority_code": code, "laestab_authority": code, "laestab_number": urn % 5_000}
    return places.get(name) or str(numbers.get(name, code * 10_000 + urn % 5_000))


def _day(draw: Draw, kind: str, around: date) -> str:
    if draw.random() < 0.15:
        return draw.choice(("", "NULL"))
    day = around - timedelta(days=draw.choice((draw.randrange(900), draw.randrange((around - FIRST_DAY).days))))
    if kind == "day_number":
        return f"{day:%Y%m%d}"
    return draw.choice((f"{day:%d/%m/%Y}",) * 8 + (f"{day:%d-%m-%Y}", f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y} 00:00"))


def _figure(draw: Draw, column: Column) -> str:
    low, high = next((limits for name, limits in FIGURES.items() if column.name.startswith(name)), (0.0, 99.0))
    if column.kind == "share":
        low, high = 0.0, 1.0
    if "progress" in column.name and "pupils" not in column.name:
        low, high = -2.0, 2.0
    value = draw.uniform(low, high)
    if column.kind == "whole" or column.name in WHOLE or column.name.endswith("pupils"):
        return str(round(value))
    return f"{value:.2f}{'%' if column.kind == 'percent' and draw.random() < 0.1 else ''}"
