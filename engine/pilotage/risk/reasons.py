"""Per-school reasons: exact contributions to the calibrated logit, in plain words with the school's own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.features.declared import Feature

RAISING = 3
LOWERING = 1
FEWEST_COMPARED = 10  # with fewer rows, such as the single school of `explain`, every category is said
SMALLEST = 0.03  # contributions to the logit below it are not said
COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
PHASE_WORDS = {"pru": "pupil referral unit", "nursery": "nursery school", "sixteen_plus": "sixteen-plus institution"}
GRADE_WORDS = {1: "outstanding", 2: "good", 3: "requires improvement", 4: "inadequate"}


def reasons(asked: pd.DataFrame, declared: Mapping[str, Feature], contributions: NDArray[np.float64]) -> list[str]:
    """Return a text per row: what raises its risk most and what lowers it, of what is known; empty without forecast.

    A category that more than half of the rows share is left out: it does not set a school apart.
    """
    order = np.argsort(-np.nan_to_num(contributions), axis=1, kind="stable")
    names = tuple(declared)
    columns = {name: _telling(asked[name], declared[name]) for name in names}
    return [
        _sentence(row, order[row], declared, columns, contributions[row])
        if np.isfinite(contributions[row]).all()
        else ""
        for row in range(len(asked))
    ]


def _telling(values: pd.Series, feature: Feature) -> NDArray[np.object_]:
    """Return the values of a feature, null where they are a category that more than half of the rows share."""
    telling: NDArray[np.object_] = values.to_numpy(dtype=object).copy()
    if feature.kind != "nominal" or len(telling) < FEWEST_COMPARED:
        return telling
    shares = values.value_counts(normalize=True)
    common = shares.index[shares > 0.5]
    telling[values.isin(common).to_numpy()] = None
    return telling


def _sentence(
    row: int,
    order: NDArray[np.int64],
    declared: Mapping[str, Feature],
    columns: dict[str, NDArray[np.object_]],
    values: NDArray[np.float64],
) -> str:
    names = tuple(declared)
    known = [t for t in order if not pd.isna(columns[names[t]][row])]
    up = [phrase(declared[names[t]], columns[names[t]][row]) for t in known[:RAISING] if values[t] >= SMALLEST]
    down = [
        phrase(declared[names[t]], columns[names[t]][row]) for t in known[::-1][:LOWERING] if values[t] <= -SMALLEST
    ]
    parts = [f"Raises the risk: {'; '.join(up)}." if up else "", f"Lowers it: {'; '.join(down)}." if down else ""]
    return " ".join(part for part in parts if part)


def phrase(feature: Feature, value: Any) -> str:
    """Return a known value of a feature in words."""
    return feature.words.format(
        value=shown(feature.unit, value), years=_counted(feature.years), nearest=_counted(feature.nearest)
    )


def _counted(number: int | None) -> str:
    """Return a whole number as prose has it."""
    return "" if number is None else COUNT_WORDS[number] if number < len(COUNT_WORDS) else str(number)


def shown(unit: str, value: Any) -> str:
    """Return a value of a unit as a reason says it."""
    if unit == "phase":
        return PHASE_WORDS.get(str(value), f"{str(value).replace('_', '-')} school")
    if unit == "text":
        return str(value).replace("_", "-")
    number = float(value)
    if unit == "grade":
        return GRADE_WORDS[round(number)]
    if unit == "better":
        return {True: "better than", False: "worse than"}[number > 0] if number else "the same as"
    side = "above" if number >= 0 else "below"
    texts = {
        "share": f"{number:.1%}",
        "points": f"{'up' if number >= 0 else 'down'} {abs(number) * 100:.1f} points",
        "months": f"{number:.0f}",
        "pounds": f"£{number:,.0f}",
        "ratio": f"{number:.1f}",
        "score": f"{number:.2f}",
        "points_apart": f"{abs(number) * 100:.1f} points {side}",
        "pounds_apart": f"£{abs(number):,.0f} {side}",
        "km": f"{number:.1f} km",
        "change": f"{'up' if number >= 0 else 'down'} {abs(number):,.1f}".removesuffix(".0"),
        "sd_change": f"{'up' if number >= 0 else 'down'} {abs(number):.2f} SD",
        "sd": f"{abs(number):.2f} SD {'above' if number >= 0 else 'below'} the national average",
    }
    return texts.get(unit, f"{number:,.0f}")


def of_proxy(text: str, grade_proxy: str | None) -> str:
    """Return a reason that names the grade which stands for leadership, where one does."""
    return text if grade_proxy is None else text.replace("leadership", grade_proxy.replace("_", " "))


def gap_reason(gap_months: float, raw_months: float, change_months: float, why: str = "") -> str:
    """Return what the gap says, null-safe; ``why`` is what moves its forecast."""
    if pd.isna(gap_months):
        return ""
    turn = f"{'widening' if change_months >= 0 else 'narrowing'} by {abs(change_months):.1f} months"
    turn = turn if abs(change_months) >= 0.05 else "not likely to change"
    text = (
        f"Gap: disadvantaged pupils about {_behind(gap_months)} other pupils nationally ({_behind(raw_months)} them in "
        f"the last year alone), {turn} over the horizon."
    )
    return f"{text} {why}" if why else text


def _behind(months: float) -> str:
    """Return ``3 months behind`` or ``1 month ahead of``."""
    count = f"{abs(months):.0f} {'month' if round(abs(months)) == 1 else 'months'}"
    return f"{count} behind" if months >= 0 else f"{count} ahead of"
