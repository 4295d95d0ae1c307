"""What names of places stand for, read again from the tables: school by school, apart from ``domain.place_names``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.placement.audit.case import AuditCase

KINDS = ("region", "authority", "district", "area")  # columns of the table of schools that a bare name may be in


@cache
def _lists() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load((assets.reference() / "areas.yaml").read_bytes())
    return read


def schools_in(case: AuditCase, names: Iterable[str]) -> set[int]:
    """Return the schools (URNs) that lie in any of the places named."""
    rows, own = _rows(case), case.scenario.data.area_list
    wanted = [(name, _columns(rows, name)) for name in names]
    return {int(row["urn"]) for row in rows if any(_lies_in(row, name, columns, own) for name, columns in wanted)}


def _columns(rows: list[dict[str, Any]], name: str) -> list[str]:
    """Return the columns that a bare name may be in: no district that is the authority of that name, or nearly."""
    there = [row["authority"] == name for row in rows if row["district"] == name]
    double = any(row["authority"] == name for row in rows) and 10 * sum(there) >= 9 * len(there)
    return [column for column in KINDS if not (double and column == "district")]


def schools_of_each(case: AuditCase, names: Iterable[str]) -> dict[str, set[int]]:
    """Return the schools of each place on its own, by what its row is called; a list stands for its areas."""
    own, found = case.scenario.data.area_list, dict[str, set[int]]()
    for name in tuple(names) or (own,):
        listed = name.removeprefix("list:").strip()
        if listed in _lists():
            by_area = _by_area(case, listed)
            for area in _lists()[listed]["areas"]:
                called = area if listed == own else f"{area} ({_lists()[listed]['label']})"
                found[called] = set(by_area.get(area, ()))
        else:
            kind, colon, rest = name.partition(":")
            plain = not colon or kind not in (*KINDS, "trust")
            found.setdefault(name if plain else f"the {kind} {rest.strip()}", schools_in(case, [name]))
    return found


def _by_area(case: AuditCase, list_name: str) -> dict[str, list[int]]:
    """Return the schools of each area of a list that has any."""
    found = dict[str, list[int]]()
    for row in _rows(case):
        for area in _areas(row, list_name, case.scenario.data.area_list):
            found.setdefault(area, []).append(int(row["urn"]))
    return found


def _rows(case: AuditCase) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = case.panel.schools[["urn", *KINDS, "trust", "postcode"]].to_dict("records")  # type: ignore[assignment]
    return rows


def _lies_in(row: dict[str, Any], name: str, columns: list[str], own: str) -> bool:
    """Return whether a school lies in a place: of any of some kinds, or of the one that the name states."""
    kind, colon, rest = name.partition(":")
    if colon and kind in (*KINDS, "trust", "list"):
        wanted = rest.strip()
        return bool(_areas(row, wanted, own)) if kind == "list" else row[kind] == wanted
    if name in _lists() and _areas(row, name, own):
        return True
    return any(row[column] == name for column in columns)


def _areas(row: dict[str, Any], list_name: str, own: str) -> list[str]:
    """Return the areas of a list that a school lies in, the last as the only one; those of the own list as given."""
    if list_name == own:
        return [] if pd.isna(row["area"]) else [row["area"]]
    postcode = "" if pd.isna(row["postcode"]) else str(row["postcode"]).upper().split()
    outcode = postcode[0] if postcode else None
    areas = _lists().get(list_name, {"areas": {}})["areas"].items()
    inside = [
        area
        for area, keys in areas
        if row["authority"] in keys.get("authorities", ())
        or row["district"] in keys.get("districts", ())
        or outcode in keys.get("outcodes", ())
    ]
    return inside[-1:]
