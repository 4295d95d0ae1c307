"""Where leaders live: metres on the national grid, or a postcode, which stands for its outcode's schools."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.tables import ENGLAND_EAST, ENGLAND_NORTH
from pilotage.errors import Problem
from pilotage.sources.cells.grid import shown
from pilotage.sources.files.tables import numbered
from pilotage.sources.sample.map import sample_places

OUTCODE = r"(?P<area>[A-Z]{1,2})[0-9][0-9A-Z]?"
POSTCODE = re.compile(rf"(?P<outcode>{OUTCODE})(?: ?[0-9][A-Z]{{2}}| [0-9])?")
PLACE = ("easting", "northing")
GIVE = "give easting and northing instead"
# The westernmost and easternmost metres of England, by hundred kilometres from the south, rounded outwards.
REACH = ((80, 600), (210, 645), (290, 656), (295, 656), (310, 555), (285, 525), (350, 430))


def with_places(frame: pd.DataFrame, panel: SchoolPanel, where: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the leaders with easting and northing, from ``base`` where they are not given, and what is wrong.

    A base is a postcode or its first half, with or without the space. It stands for the middle of the schools of its
    outcode, to 100 metres; in the sample, whose schools have no postcodes, for the middle of its postcode area.
    """
    given = frame.reindex(columns=[*frame.columns.difference(list(PLACE)), *PLACE])
    problems = [*_wrong_places(given, where)]
    if "base" not in frame:
        return frame, problems
    middles = _middles(panel)
    placed = given[list(PLACE)].notna().any(axis=1)
    for row, base in numbered(frame, "base"):
        if base is None or placed[row]:
            continue
        match = POSTCODE.fullmatch(base.upper())
        middle = middles.get(match["outcode"], middles.get(match["area"])) if match else None
        if middle is None:
            problems.append(_no_base(base, (where, row), panel, readable=match is not None))
        else:
            given.loc[row, "easting"], given.loc[row, "northing"] = middle
    return given, problems


def _middles(panel: SchoolPanel) -> dict[str, tuple[float, float]]:
    outcode = panel.schools["postcode"].astype("string").str.strip().str.upper().str.split(" ").str[0]
    middles = panel.schools.groupby(outcode)[list(PLACE)].mean().round(-2).dropna()
    sample = _sample_areas() if panel.synthetic else {}
    return sample | {str(name): (float(east), float(north)) for name, east, north in middles.itertuples()}


def _sample_areas() -> dict[str, tuple[float, float]]:
    """Return the middle of each postcode area in which a place of the sample lies."""
    middles = sample_places().groupby("postcode_area")[["easting_km", "northing_km"]].mean() * 1000
    return {str(name): (float(east), float(north)) for name, east, north in middles.round(-2).itertuples()}


def _no_base(base: str, at: tuple[str, int], panel: SchoolPanel, *, readable: bool) -> Problem:
    where, row = at
    cells = tuple((where, row, column) for column in ("base", *PLACE))
    what = f"base = {shown(base)}"
    if not readable:
        allowed, do = "a postcode or its first half, as FY1", f"correct it, or {GIVE}"
    elif panel.synthetic:
        allowed, do = f"a postcode of one of the sample's areas: {', '.join(_sample_areas())}", GIVE
    elif panel.schools["postcode"].isna().all():
        allowed, do = "no base: the schools' data has no postcodes", GIVE
    else:
        allowed, do = "a postcode whose first half a school of the data has", f"correct it, or {GIVE}"
    return Problem(f"{where}, row {row + 2}", what, allowed, do, cells)


def _wrong_places(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield each place that is no place in England: out of the grid, in another unit, or turned round."""
    for row, east, north in zip(frame.index.tolist(), frame["easting"], frame["northing"], strict=True):
        here, cells = f"{where}, row {row + 2}", tuple((where, row, column) for column in PLACE)
        if pd.isna(east) and pd.isna(north):
            continue
        if pd.isna(east) or pd.isna(north):
            blank = "easting" if pd.isna(east) else "northing"
            what, do = f"{blank} = blank, and the other of the two is given", "give both, or neither and a base"
            yield Problem(here, what, "both easting and northing", do, ((where, row, blank),))
        elif not _in_england(east, north):
            what = f"easting = {east:.10g}, northing = {north:.10g}"
            allowed = "easting from {:,} to {:,} and northing from {:,} to {:,}".format(*ENGLAND_EAST, *ENGLAND_NORTH)
            yield Problem(here, what, f"a place in England: {allowed} metres", _mistake(east, north), cells)


def _in_england(east: float, north: float) -> bool:
    """Return whether a place is within the grid's range, and not one that is in England only when turned round."""
    inside = ENGLAND_EAST[0] <= east <= ENGLAND_EAST[1] and ENGLAND_NORTH[0] <= north <= ENGLAND_NORTH[1]
    return inside and (_in_reach(east, north) or not _in_reach(north, east))


def _in_reach(east: float, north: float) -> bool:
    if not ENGLAND_NORTH[0] <= north <= ENGLAND_NORTH[1]:
        return False
    west_km, east_km = REACH[int(north // 100_000)]
    return west_km <= east / 1000 <= east_km


def _mistake(east: float, north: float) -> str:
    """Return what to do about a place outside England, by what it looks like."""
    low, high = sorted((east, north))
    if -7 <= low <= 3 and 49 <= high <= 56.5:
        return "these look like latitude and longitude: give a postcode in base instead"
    if _in_reach(north, east):
        return "these look turned round: exchange easting and northing"
    if _in_reach(east * 1000, north * 1000):
        return "these look like kilometres: give metres"
    return "correct them, or give a postcode in base instead"
