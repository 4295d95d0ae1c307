"""Area lists of data/reference/areas.yaml, and which area of a list each school lies in."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.errors import Problem, ScenarioError


@cache
def area_lists() -> dict[str, dict[str, Any]]:
    """Return every area list: name -> ``label`` and ``areas`` (area -> districts, authorities, outcodes)."""
    text = (assets.reference() / "areas.yaml").read_text(encoding="utf-8")
    lists: dict[str, dict[str, Any]] = YAML(typ="safe").load(text)
    return lists


def area_list(name: str) -> dict[str, dict[str, list[str]]]:
    """Return the areas of a list.

    Raises
    ------
    ScenarioError
        When there is no list of that name.
    """
    lists = area_lists()
    if name not in lists:
        near = get_close_matches(name, lists, 1)
        hint = f"did you mean {near[0]!r}?" if near else "choose one of them"
        raise ScenarioError(
            Problem("data.area_list", f"no area list {name!r}", ", ".join(lists), hint, key=("data", "area_list"))
        )
    areas: dict[str, dict[str, list[str]]] = lists[name]["areas"]
    return areas


def area_of_schools(schools: pd.DataFrame, list_name: str) -> pd.Series:
    """Return the area of a list that each school lies in, null for none; in the order of ``schools``."""
    areas = pd.Series(None, index=schools.index, dtype=object)
    outcode = schools["postcode"].astype("string").str.strip().str.upper().str.split(" ").str[0]
    for area, keys in area_list(list_name).items():
        inside = schools["authority"].isin(keys.get("authorities", []))
        inside |= schools["district"].isin(keys.get("districts", []))
        inside |= outcode.isin(keys.get("outcodes", [])).fillna(False).astype(bool)
        areas[inside] = area
    return areas
