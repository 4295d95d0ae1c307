"""Schools of a list -> how much of England it covers: its authorities, and its schools of each phase."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain.cover import Cover
from pilotage.sources.schools.authorities import authorities

AROUND = timedelta(days=730)  # around a reorganisation a list may name either the old authorities or the new
PHASES = {"primary": ("primary",), "secondary": ("secondary", "all_through")}
TITLES = re.compile(r"\(.*\)|\b(?:city|county) of\b|\bcounty\b")


@cache
def _england() -> dict[str, Any]:
    text = (assets.reference() / "england.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = YAML(typ="safe").load(text)
    return content


def cover_of(schools: pd.DataFrame, listed_on: date | None, as_of: date) -> Cover:
    """Return how much of England a list covers (``domain.tables.SCHOOLS``); ``listed_on`` is the day that it states."""
    there = {plain_authority(name) for name in schools["authority"].dropna().unique()}
    expected = _expected(listed_on or as_of)
    absent: dict[str, list[str]] = defaultdict(list)
    for name, region in expected:
        if plain_authority(name) not in there:
            absent[region].append(name)
    regions = [region for _, region in expected]
    named = [
        part
        for region in sorted(absent)
        for part in ([f"all of {region}"] if len(absent[region]) == regions.count(region) else sorted(absent[region]))
    ]
    count = sum(len(names) for names in absent.values())
    return Cover(listed_on, len(expected), tuple(named), count, _short(schools["phase"]))


def plain_authority(name: str) -> str:
    """Return an authority's name as publishers' spellings agree on it: "Bristol, City of" as "bristol"."""
    return re.sub(r"[^a-z]", "", TITLES.sub(" ", name.casefold().replace("&", "and")))


def _expected(day: date) -> list[tuple[str, str]]:
    """Return name and region of the authorities that a list of England of the day has schools of."""
    england = _england()
    made, ended, small = england["made"], england["ended"], england["one_school"]
    return [
        place
        for code, place in authorities().items()
        if code not in small and day >= made.get(code, date.min) + _grace(code, made) and _lasts(code, day, ended)
    ]


def _grace(code: int, made: dict[int, date]) -> timedelta:
    return AROUND if code in made else timedelta(0)


def _lasts(code: int, day: date, ended: dict[int, date]) -> bool:
    return code not in ended or day <= ended[code] - AROUND


def _short(phases: pd.Series) -> tuple[tuple[str, int, int], ...]:
    """Return the phases with too few schools: phase, schools, the fewest that England had."""
    england = _england()
    counts = {phase: int(phases.isin(names).sum()) for phase, names in PHASES.items()}
    return tuple(
        (phase, counts[phase], fewest)
        for phase, fewest in england["lowest"].items()
        if counts[phase] < england["share"] * fewest
    )
