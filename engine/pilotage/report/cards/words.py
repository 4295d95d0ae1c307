"""The words of a model card: what a forecast is for, what it is not for, and what limits it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pilotage.domain.outcomes import Kind, Outcome
from pilotage.report.words import DASH, MINUS

MISUSE = (
    "To judge a school, a head or a teacher. A forecast is of a grade, not of the quality of a person.",
    "As an effect: a school at high risk is not one where a leader would change most.",
    "To publish a list of schools. Most schools at the top of the list will not fall.",
    "For one school without its interval and its reasons.",
)
SELECTION = (
    "Ofsted chooses whom it inspects. The grade if inspected is tested only on schools that were inspected, which "
    "differ from the rest; the fall within a window counts schools that were not inspected, or that closed, as not "
    "fallen."
)
NOISE = (
    "Grades are noisy: two inspectors at one school on one day agreed 92% of the time, so that no forecast can be "
    "right about every school."
)
RANGE = (
    "The range in the lists says how well the forecast of schools like this is known, not the school's own chance: "
    "schools that look alike differ by more. On invented schools the range holds what a model of the same kind learns "
    "from far more schools about eight times in ten, and the school's own chance about one time in seven."
)
PLACE = "Associations, not causes; learnt from the years tested here, under the inspection rules of those years."
FIRST_LIMITS: dict[Kind, tuple[str, ...]] = {"leadership": (SELECTION, NOISE), "gap": ()}
LAST_LIMITS: dict[Kind, tuple[str, ...]] = {"leadership": (RANGE, PLACE), "gap": (PLACE,)}
PROXY = (
    "**The overall grade stands for the leadership grade**, which the files of that time do not give: the two were "
    "equal for 91 to 92% of schools in each list of 2013 and 2014."
)
EARLIER = (
    "**In earlier pairs the overall grade stands for the leadership grade before**, which no file of that time gives, "
    "and an inspection counts as published {days} days after the visit. A part of the forecast, weight {weight}, is "
    "learnt from such pairs, of inspections from {starts} to the first list: {counts}."
)
SURVIVORS = (
    "The history of overall grades covers only schools that were open in 2020; schools that closed before, often after "
    "a poor inspection, are missed, so that falls are under-counted. Where no list of schools was public by a fold's "
    "day, the earliest later one stands for it, and misses those that had closed before it."
)
BEFORE_USE = (
    "The list of schools of each fold is that of its own day; schools that closed before their next inspection count "
    "as not fallen.",
)
TESTS = {
    "if_inspected": "among schools that were inspected",
    "within_horizon": "within the window, all schools, inspected or not",
    "within_horizon_by_region": "within the window, each region forecast from the other regions",
    "widens_in_time": "widening by over a month, from what was known on the day",
    "widens_by_authority": "widening by over a month, each authority forecast from the others",
}
METRIC_WORDS = {
    "auc": "area under the curve",
    "average_precision": "average precision",
    "precision_at_10": "hits in the top tenth",
    "recall_at_20": "found in the top fifth",
    "brier": "Brier score (lower is better)",
    "brier_skill": "Brier skill over the base rate",
    "log_loss": "log loss (lower is better)",
    "log_loss_without_drift": "log loss, drift taken out",
}


def limits(outcome: Outcome) -> tuple[str, ...]:
    """Return what limits the forecast of an outcome: what its kind has, around what it alone has."""
    return (*FIRST_LIMITS[outcome.kind], *outcome.limits, *LAST_LIMITS[outcome.kind])


def test_title(outcome: str, kind: str) -> str:
    """Return what a kind of test tests."""
    return TESTS.get(kind, kind.replace("_", " "))


def figure(value: Any, form: str) -> str:
    """Return a value, or the value of an interval, as a share, points or a number; a dash where missing."""
    plain = value["value"] if isinstance(value, dict) else value
    return DASH if plain is None else _formed(plain, form)


def ranged(value: dict[str, Any], form: str, *, bare: bool = False) -> str:
    """Return ``0.66 (0.62 to 0.70)``; with ``bare``, only the range."""
    if value["value"] is None:
        return DASH
    if value["low"] is None:
        return _formed(value["value"], form)
    span = f"{_formed(value['low'], form)} to {_formed(value['high'], form)}"
    return span if bare else f"{_formed(value['value'], form)} ({span})"


def signed(value: dict[str, Any], *, won: bool) -> str:
    """Return ``+0.08 (+0.05 to +0.12)``, marked where the interval is not above zero."""
    if value["value"] is None or value["low"] is None:
        return DASH
    span = f"{_plus(value['value'])} ({_plus(value['low'])} to {_plus(value['high'])})"
    return span if won else f"{span} **not beaten**"


def _formed(value: float, form: str) -> str:
    if form == "share":
        decimals = 1 if abs(value) < 0.1 else 0
        return f"{value:.{decimals}%}".replace("-", MINUS)
    if form == "points":
        return f"{value * 100:+.1f}".replace("-", MINUS)
    return f"{value:.3f}".replace("-", MINUS)


def _plus(value: float) -> str:
    return f"{value:+.3f}".replace("-", MINUS)


def day(iso: str) -> str:
    """Return a date as ``30 April 2014``."""
    when = date.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"
