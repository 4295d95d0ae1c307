"""Yearly values as of a day: arrays of shape (rows, years), null where a value was not known on the row's day."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.units import DAYS_A_YEAR

Floats = NDArray[np.float64]
OLDEST_YEARS = 3  # a newest value older than so many years before the newest table known of any school is not used


@dataclass(frozen=True)
class Asked:
    """The schools and days asked for: ``urn`` and ``day`` (datetime64[ns]), each of shape (rows,).

    ``until`` is the day to which time between inspections is counted: that of the later inspection of a labelled pair,
    else ``day``. No value is known by it.
    """

    urn: NDArray[np.int64]
    day: NDArray[np.datetime64]
    until: NDArray[np.datetime64] | None = None


@dataclass(frozen=True)
class Yearly:
    """A table with one row per school and year, laid out as (schools, years).

    ``known`` is the date on which each row became known (NaT: no row), ``row`` its position in ``frame`` (-1: none).
    """

    frame: pd.DataFrame
    urns: NDArray[np.int64]
    years: NDArray[np.int64]
    row: NDArray[np.int64]
    known: NDArray[np.datetime64]
    _columns: dict[str, Floats] = field(default_factory=dict)

    def column(self, name: str) -> Floats:
        """Return a column, shape (schools + 1, years); the last row, of a school that is not here, is null."""
        if name not in self._columns:
            values = np.append(self.frame[name].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
            self._columns[name] = np.vstack([values[self.row], np.full((1, len(self.years)), np.nan)])
        return self._columns[name]

    def as_known(self, name: str, asked: Asked) -> Floats:
        """Return the values known on each day, shape (rows, years)."""
        place = places(self.urns, asked.urn)
        never = np.full((1, len(self.years)), np.datetime64("NaT"), dtype="datetime64[ns]")
        known = np.vstack([self.known, never])[place] <= asked.day[:, None]
        values: Floats = np.where(known, self.column(name)[place], np.nan)
        return values


def yearly(frame: pd.DataFrame) -> Yearly:
    """Return the layout of a table with columns urn, year, known_on, one row per urn and year."""
    urns = np.unique(frame["urn"].to_numpy(dtype=np.int64))
    seen = frame["year"].to_numpy(dtype=np.int64)
    years = np.arange(seen.min(), seen.max() + 1) if len(seen) else np.zeros(0, dtype=np.int64)
    row = np.full((len(urns), len(years)), -1, dtype=np.int64)
    known = np.full(row.shape, np.datetime64("NaT"), dtype="datetime64[ns]")
    if len(seen):
        at = (np.searchsorted(urns, frame["urn"].to_numpy(dtype=np.int64)), seen - years[0])
        row[at] = np.arange(len(frame))
        known[at] = frame["known_on"].to_numpy(dtype="datetime64[ns]")
    return Yearly(frame.reset_index(drop=True), urns, years, row, known)


def places(urns: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position of each wanted urn in ascending ``urns``; ``len(urns)`` where it is not there."""
    if len(urns) == 0:
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(urns, wanted), len(urns) - 1)
    return np.where(urns[at] == wanted, at, len(urns)).astype(np.int64)


def newest(values: Floats) -> NDArray[np.int64]:
    """Return the position of the newest known value of each row; -1 where none is known, or all are too old."""
    if values.shape[1] == 0:
        return np.full(len(values), -1, dtype=np.int64)
    known = np.isfinite(values)
    last = values.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    reached = np.flatnonzero(known.any(axis=0))
    oldest = reached.max() - OLDEST_YEARS if len(reached) else 0
    return np.where(known.any(axis=1) & (last > oldest), last, -1).astype(np.int64)


def _at(values: Floats, position: NDArray[np.int64]) -> Floats:
    inside = position >= 0
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    taken: Floats = np.where(inside, values[np.arange(len(values)), np.maximum(position, 0)], np.nan)
    return taken


def last(values: Floats) -> Floats:
    """Return the newest value known."""
    return _at(values, newest(values))


def lag(values: Floats, years: int) -> Floats:
    """Return the value ``years`` years before the newest known."""
    return _at(values, np.where(newest(values) >= 0, newest(values) - years, -1))


def years_old(values: Floats, years: NDArray[np.int64], day: NDArray[np.datetime64]) -> Floats:
    """Return years from 31 August of the newest known value's school year to the day."""
    position = newest(values)
    inside = position >= 0
    if not inside.any():
        return np.full(len(values), np.nan)
    ends = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(8, "M")
    since = day - ends[np.maximum(position, 0)].astype("datetime64[D]").astype(day.dtype)
    days = since.astype("timedelta64[D]").astype(np.float64)
    return np.where(inside, np.round(days / DAYS_A_YEAR, 2), np.nan)


def change(values: Floats, years: int) -> Floats:
    """Return the newest value less that of ``years`` years before."""
    return last(values) - lag(values, years)


def _window(values: Floats, years: int) -> Floats:
    """Return the values with all but the last ``years`` years up to each row's newest made null."""
    position = np.arange(values.shape[1])[None, :]
    end = newest(values)[:, None]
    inside: Floats = np.where((end >= 0) & (position > end - years) & (position <= end), values, np.nan)
    return inside


def pooled_mean(values: Floats, years: int, weight: Floats | None = None) -> Floats:
    """Return the mean of the last ``years`` years, weighted where weights are given."""
    inside = _window(values, years)
    known = np.isfinite(inside)
    weights = known.astype(float) if weight is None else np.where(known, np.nan_to_num(weight), 0.0)
    return _over((np.nan_to_num(inside) * weights).sum(axis=1), weights.sum(axis=1))


def trend(values: Floats, years: int) -> Floats:
    """Return the slope a year of a straight line through the last ``years`` years; null with under three values."""
    inside = _window(values, years)
    known = np.isfinite(inside)
    count = known.sum(axis=1)
    time = np.where(known, np.arange(values.shape[1])[None, :], 0.0)
    centre = _over(time.sum(axis=1), count)
    off = np.where(known, time - centre[:, None], 0.0)
    slope = _over((off * np.nan_to_num(inside)).sum(axis=1), (off**2).sum(axis=1))
    return np.where(count >= min(3, years), slope, np.nan)


def _over(top: Floats, bottom: Floats) -> Floats:
    """Return a ratio, null where the divisor is zero."""
    result: Floats = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0)
    return result


def ratio(values: Floats, divisors: Floats) -> Floats:
    """Return the newest value over the other's of the same year, null where that is zero or not known."""
    position = newest(values)
    divisor = _at(divisors, position)
    return _over(_at(values, position), np.where(np.isfinite(divisor), divisor, 0.0))
