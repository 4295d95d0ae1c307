"""Why a school is at risk, in one line: what raises its risk, each beside similar schools, in a planner's words.

A feature is named only where it raises the school's risk, and the school lies on the side of similar schools on which
the spec says that risk rises. So no reason goes against common sense, whatever a model has learnt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.features.declared import Feature
from pilotage.risk.similar import Middle, Usual

SMALLEST = 0.03  # contributions to the logit below it are not said
LEAST_RISK = 0.05  # below it nothing is said
LONGEST = 140  # characters of a line
MOST_PARTS = 3
LEAST_APART = {"share": 0.005, "points": 0.005, "points_apart": 0.005}  # nearer to similar schools is no reason
COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
GRADE_WORDS = {1: "outstanding", 2: "good", 3: "requires improvement", 4: "inadequate"}


def reasons(
    values: pd.DataFrame,
    declared: Mapping[str, Feature],
    contributions: NDArray[np.float64],
    usual: Mapping[str, Usual],
) -> list[tuple[str, ...]]:
    """Return, by row of ``values``, what may be said of the school, the largest contribution to its risk first.

    Parameters
    ----------
    values
        The features ``declared``, one column each.
    contributions
        To the logit, shape (rows, features), infinite for what outweighs all else; null without a forecast.
    usual
        What is usual of each row's similar schools, of every feature that may be named.
    """
    named = list(usual)
    weights = contributions[:, [list(declared).index(name) for name in named]]
    sayable = np.column_stack([_risky(values[name], declared[name], usual[name]) for name in named] or [weights > 0])
    sayable &= np.nan_to_num(weights) >= SMALLEST
    order = np.argsort(-np.nan_to_num(weights), axis=1, kind="stable")
    columns = [values[name].to_numpy(dtype=object) for name in named]

    def phrases(row: int) -> Iterator[str]:
        for place in (place for place in order[row] if sayable[row, place]):
            yield phrase(declared[named[place]], float(columns[place][row]), usual[named[place]], row)

    return [tuple(text for text in phrases(row) if text) for row in range(len(values))]


def middle_value(feature: Feature) -> Middle:
    """Return which of two middle values stands for the median: of grades, the one nearer to the side of risk.

    So most similar schools are better than a school on that side.
    """
    if feature.unit != "grade":
        return "midpoint"
    return "higher" if feature.risk_rises_with == "higher" else "lower"


def _risky(values: pd.Series, feature: Feature, usual: Usual) -> NDArray[np.bool_]:
    """Return which schools lie on the side of similar schools on which risk rises; False where either is unknown.

    They lie there by more than ``LEAST_APART`` of the feature's unit.
    """
    apart = values.to_numpy(dtype=np.float64, na_value=np.nan) - usual.middle
    least = LEAST_APART.get(feature.unit, 0.0)
    risky: NDArray[np.bool_] = (apart > least) if feature.risk_rises_with == "higher" else (apart < -least)
    return risky


def phrase(feature: Feature, value: float, usual: Usual, row: int) -> str:
    """Return a value beside what is usual of the row's similar schools; empty where the two read the same."""
    middle, whose = float(usual.middle[row]), whose_words(bool(usual.similar[row]))
    own = feature.words.format(
        value=shown(feature.unit, value), years=_counted(feature.years), nearest=_counted(feature.nearest)
    )
    if feature.unit == "grade":
        plainly = usual.shared[row] and GRADE_WORDS[round(middle)] in ("outstanding", "good")
        return f"{own}, most {whose} {GRADE_WORDS[round(middle)] if plainly else 'better'}"
    apart = apart_words(feature.unit, abs(value - middle))
    side = "above" if value > middle else "below"
    return "" if apart == apart_words(feature.unit, 0.0) else f"{own}, {apart} {side} {whose}"


def whose_words(similar: bool) -> str:
    """Return whom a school is compared with."""
    return "similar schools" if similar else "schools of its phase"


def one_line(parts: Sequence[str], gap: str) -> str:
    """Return at most three parts as one sentence of at most 140 characters; empty without any.

    The first part comes first, then what is said of the gap, then the others; one that does not fit is left out.
    """
    chosen: list[str] = []
    for part in (text for text in (*parts[:1], gap, *parts[1:]) if text):
        if len(chosen) < MOST_PARTS and len("; ".join([*chosen, part])) < LONGEST:
            chosen.append(part)
    text = "; ".join(chosen)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def of_proxy(text: str, grade_proxy: str | None) -> str:
    """Return a reason that names the grade which stands for leadership, where one does."""
    return text if grade_proxy is None else text.replace("leadership", grade_proxy.replace("_", " "))


def _counted(number: int | None) -> str:
    """Return a whole number as prose has it."""
    return "" if number is None else COUNT_WORDS[number] if number < len(COUNT_WORDS) else str(number)


def shown(unit: str, value: float) -> str:
    """Return a value of a unit as a reason says it."""
    if unit == "grade":
        return GRADE_WORDS[round(value)]
    side, turn = ("above", "up") if value >= 0 else ("below", "down")
    size = apart_words(unit, abs(value))
    texts = {
        "share": f"{value:.1%}",
        "points": f"{turn} {size}",
        "change": f"{turn} {size}",
        "sd_change": f"{turn} {size}",
        "points_apart": f"{size} {side}",
        "pounds_apart": f"{size} {side}",
        "sd": f"{size} {side} the national average",
    }
    return texts.get(unit, size if value >= 0 else f"-{size}")


def apart_words(unit: str, size: float) -> str:
    """Return a size of a unit, at least 0, such as how far two values are apart."""
    texts = {
        "share": f"{size * 100:.1f} points",
        "points": f"{size * 100:.1f} points",
        "points_apart": f"{size * 100:.1f} points",
        "pounds": f"£{size:,.0f}",
        "pounds_apart": f"£{size:,.0f}",
        "months": f"{size:.0f}",
        "ratio": f"{size:.1f}",
        "score": f"{size:.2f}",
        "km": f"{size:.1f} km",
        "change": f"{size:,.1f}".removesuffix(".0"),
        "sd": f"{size:.2f} SD",
        "sd_change": f"{size:.2f} SD",
    }
    return texts.get(unit, f"{size:,.0f}")
