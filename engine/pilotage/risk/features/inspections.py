"""Inspections as of a day: arrays of shape (rows, slots), oldest first, nothing that was not known on the row's day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.tables import SHORT_VISIT
from pilotage.domain.units import BELOW_GOOD, DAYS_A_MONTH
from pilotage.risk.features.yearly import Asked, places

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
GRADES = ("leadership_grade", "overall_grade", "teaching_grade", "behaviour_grade", "achievement_grade")
NEVER = np.datetime64("NaT")


@dataclass(frozen=True)
class History:
    """Every inspection of each school, oldest first: (schools + 1, slots); the last row is of a school not here."""

    urns: NDArray[np.int64]
    inspected_on: Dates
    known_on: Dates
    grades: dict[str, Floats]


@dataclass(frozen=True)
class Known:
    """What was known of inspections on each row's day, shape (rows, slots).

    ``graded`` is the slot of the last inspection with a leadership grade (-1: none), shape (rows,).
    """

    day: Dates
    known: NDArray[np.bool_]
    inspected_on: Dates
    grades: dict[str, Floats]
    graded: NDArray[np.int64]

    def at(self, values: Floats, slot: NDArray[np.int64]) -> Floats:
        """Return the value in each row's slot; null in slot -1."""
        taken: Floats = np.where(slot >= 0, values[np.arange(len(slot)), np.maximum(slot, 0)], np.nan)
        return taken


def history(inspections: pd.DataFrame) -> History:
    """Return the layout of a table of inspections; a short visit, which confirms the grade before, is none of them."""
    held = inspections[~inspections["kind"].isin([SHORT_VISIT])]
    ordered = held.sort_values(["urn", "inspected_on", "known_on"], kind="stable")
    urns, place = np.unique(ordered["urn"].to_numpy(dtype=np.int64), return_inverse=True)
    slot = ordered.groupby("urn").cumcount().to_numpy()
    shape = (len(urns) + 1, int(slot.max()) + 1 if len(slot) else 1)
    inspected, known = (np.full(shape, NEVER, dtype="datetime64[ns]") for _ in range(2))
    inspected[place, slot] = ordered["inspected_on"].to_numpy(dtype="datetime64[ns]")
    known[place, slot] = ordered["known_on"].to_numpy(dtype="datetime64[ns]")
    grades = {}
    for name in GRADES:
        grades[name] = np.full(shape, np.nan)
        grades[name][place, slot] = ordered[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return History(urns, inspected, known, grades)


def as_known(past: History, asked: Asked) -> Known:
    """Return what was known on each day."""
    place = places(past.urns, asked.urn)
    known = past.known_on[place] <= asked.day[:, None]
    grades = {name: np.where(known, values[place], np.nan) for name, values in past.grades.items()}
    inspected = np.where(known, past.inspected_on[place], NEVER)
    return Known(asked.day, known, inspected, grades, _last(np.isfinite(grades["leadership_grade"])))


def _last(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the last slot that is true; -1 where none is."""
    slot = there.shape[1] - 1 - np.argmax(there[:, ::-1], axis=1)
    return np.where(there.any(axis=1), slot, -1).astype(np.int64)


def last(inspections: Known, name: str) -> Floats:
    """Return a grade of the last inspection with a leadership grade."""
    return inspections.at(inspections.grades[name], inspections.graded)


def before_last(inspections: Known, name: str) -> Floats:
    """Return a grade in all slots before the last graded inspection, null from it on; overall is else leadership."""
    values = inspections.grades[name]
    if name == "overall_grade":
        values = np.where(np.isfinite(values), values, inspections.grades["leadership_grade"])
    past: Floats = np.where(np.arange(values.shape[1])[None, :] < inspections.graded[:, None], values, np.nan)
    return past


def before(inspections: Known, name: str) -> Floats:
    """Return the newest grade known before the last graded inspection."""
    past = before_last(inspections, name)
    return inspections.at(past, _last(np.isfinite(past)))


def worst(inspections: Known, name: str) -> Floats:
    """Return the worst grade known before the last graded inspection."""
    past = before_last(inspections, name)
    highest = np.nan_to_num(past).max(axis=1)
    return np.where(highest > 0, highest, np.nan)


def last_inspected_on(inspections: Known) -> Dates:
    """Return the date of the last inspection with a leadership grade."""
    rows = np.arange(len(inspections.graded))
    return np.where(inspections.graded >= 0, inspections.inspected_on[rows, np.maximum(inspections.graded, 0)], NEVER)


def months_since(inspections: Known, until: Dates | None = None) -> Floats:
    """Return months since the last inspection with a leadership grade, counted to the row's day or ``until``."""
    return _months(inspections.day if until is None else until, last_inspected_on(inspections))


def months_since_below_good(inspections: Known, name: str) -> Floats:
    """Return months since the last inspection known that found the grade below good; null where none did."""
    slot = _last(np.nan_to_num(inspections.grades[name]) >= BELOW_GOOD)
    when = np.where(slot >= 0, inspections.inspected_on[np.arange(len(slot)), np.maximum(slot, 0)], NEVER)
    return _months(inspections.day, when)


def _months(day: Dates, since: Dates) -> Floats:
    days = (day - since).astype("timedelta64[D]")
    months = np.where(np.isnat(days), np.nan, days.astype(np.float64) / DAYS_A_MONTH)
    return np.asarray(np.round(months, 1), dtype=np.float64)


def known_count(inspections: Known, name: str) -> Floats:
    """Return how many grades are known."""
    count: Floats = np.isfinite(inspections.grades[name]).sum(axis=1).astype(np.float64)
    return count
