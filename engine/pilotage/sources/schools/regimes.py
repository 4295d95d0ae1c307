"""Eras of data/reference/regimes.yaml: years without results, crosswalks between kinds of grade, spread of scores."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.errors import Problem, ScenarioError


@cache
def regimes() -> dict[str, Any]:
    """Return the reference file."""
    content: dict[str, Any] = YAML(typ="safe").load((assets.reference() / "regimes.yaml").read_text(encoding="utf-8"))
    return content


def why_no_result(field: str, year: int) -> str | None:
    """Return why no school has a figure of a year; None where it may have."""
    return next((e["reason"] for e in regimes()["no_results"] if field in e["fields"] and year in e["years"]), None)


def without_missing_years(years: pd.DataFrame) -> pd.DataFrame:
    """Return yearly rows without the figures of years in which there was no such measure, whatever a file says."""
    blank: dict[str, pd.Series] = {}
    for entry in regimes()["no_results"]:
        outside = years["year"].isin(entry["years"])
        for field in (name for name in entry["fields"] if name in years):
            blank[field] = blank.get(field, years[field]).mask(outside)
    return years.assign(**blank)


def concerns() -> dict[str, str]:
    """Return Ofsted's codes of categories of concern -> ``domain.tables.CONCERNS``."""
    codes: dict[str, str] = regimes()["concerns"]
    return codes


def visit_outcomes() -> dict[str, str]:
    """Return what an ungraded visit found, in Ofsted's words in lower case -> ``domain.tables.VISIT_OUTCOMES``."""
    words: dict[str, list[str]] = regimes()["visit_outcomes"]
    return {text: outcome for outcome, texts in words.items() for text in texts}


def crosswalk(name: str | None) -> dict[str, int]:
    """Return a crosswalk: points of a report card to a grade; empty for none.

    Raises
    ------
    ScenarioError
        When there is no crosswalk of that name.
    """
    known: dict[str, Any] = regimes()["crosswalks"]
    if name is None:
        return {}
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "leave it empty for none"
        raise ScenarioError(
            Problem("data.crosswalk", f"no crosswalk {name!r}", ", ".join(known), hint, key=("data", "crosswalk"))
        )
    points: dict[str, int] = known[name]["points"]
    return points


def crosswalk_label(name: str) -> str:
    """Return a crosswalk in words."""
    label: str = regimes()["crosswalks"][name]["label"]
    return label
