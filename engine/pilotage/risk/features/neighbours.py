"""Other schools: the nearest of the phase by place, those nearest in intake, and those of the trust or authority."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pilotage.domain.units import BELOW_GOOD
from pilotage.risk.features import inspections as past
from pilotage.risk.features.yearly import Asked, Yearly, last, places

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
METRES_A_KM = 1000.0
INTAKE = ("fsm6_share", "fsm_share", "eal_share", "sen_share", "pupils", "prior_attainment")
MOST_DAYS = 40  # above so many different days, what needs all schools on each is made by month
FEWEST_IN_RECORD = 3  # a record of fewer other schools is not known


@dataclass(frozen=True)
class Nearest:
    """The nearest schools of the phase by place: positions in ``urns`` (-1: none) and km, shape (schools, nearest)."""

    urns: Whole
    position: Whole
    km: Floats


def nearest_by_place(schools: pd.DataFrame, count: int) -> Nearest:
    """Return the ``count`` nearest other schools of each school's phase."""
    ordered = schools.sort_values("urn")
    points = ordered[["easting", "northing"]].to_numpy(dtype=np.float64)
    position, metres = nearest(points, ordered["phase"].to_numpy(dtype=object), count)
    return Nearest(ordered["urn"].to_numpy(dtype=np.int64), position, metres / METRES_A_KM)


def nearest(points: Floats, kind: NDArray[np.object_], count: int) -> tuple[Whole, Floats]:
    """Return positions and distances of the nearest other points of the same kind; -1 and null where there are few.

    Points with a null are no one's neighbours and have none. Ties go to the earlier point.
    """
    position, distance = np.full((len(points), count), -1, dtype=np.int64), np.full((len(points), count), np.nan)
    whole = np.isfinite(points).all(axis=1)
    for name in sorted(set(kind)):
        inside = np.flatnonzero(whole & (kind == name))
        if len(inside) > 1:
            size = min(count + 1, len(inside))
            far, at = cKDTree(points[inside]).query(points[inside], k=size)
            rows, columns = _without_self(np.asarray(far), np.asarray(at, dtype=np.int64))
            position[inside, : size - 1] = inside[columns]
            distance[inside, : size - 1] = rows
    return position, distance


def _without_self(far: Floats, at: Whole) -> tuple[Floats, Whole]:
    """Return distances and positions less each point itself (which coincident points may push back), ties ordered."""
    own = at == np.arange(len(at))[:, None]
    own[~own.any(axis=1), -1] = True
    rest = ~own
    far, at = far[rest].reshape(len(far), -1), at[rest].reshape(len(at), -1)
    order = np.lexsort((at, far), axis=1)
    return np.take_along_axis(far, order, axis=1), np.take_along_axis(at, order, axis=1)


def neighbours_of(near: Nearest, asked: Asked) -> tuple[Asked, NDArray[np.bool_]]:
    """Return the neighbours of each row on its day, flattened (rows x nearest), and which of them there are."""
    place = places(near.urns, asked.urn)
    width = near.position.shape[1]
    position = np.vstack([near.position, np.full((1, width), -1, dtype=np.int64)])[place]
    return Asked(near.urns[np.maximum(position, 0)].ravel(), np.repeat(asked.day, width)), position >= 0


def mean_of(values: Floats, there: NDArray[np.bool_]) -> Floats:
    """Return the mean of what is known of ``there``, shape (rows,); null where nothing is."""
    inside = values.reshape(there.shape)
    known = there & np.isfinite(inside)
    count = known.sum(axis=1)
    total = np.where(known, inside, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return mean


def similar_to(years: Yearly, schools: pd.DataFrame, asked: Asked, count: int) -> tuple[Asked, NDArray[np.bool_]]:
    """Return the schools of the phase nearest in intake as known on each day (as in the EEF's Families of Schools).

    Nearest in free school meals, English as an additional language, special needs, size and prior attainment, each in
    standard deviations within the phase; what is not known counts as the mean.
    """
    ordered = schools.sort_values("urn")
    urns, kind = ordered["urn"].to_numpy(dtype=np.int64), ordered["phase"].to_numpy(dtype=object)
    dates = np.unique(years.known[~np.isnat(years.known)])
    state = np.searchsorted(dates, asked.day, side="right")
    position = np.full((len(asked.urn), count), -1, dtype=np.int64)
    for number in np.unique(state[state > 0]):
        rows = np.flatnonzero(state == number)
        intake = standard_intake(years, Asked(urns, np.repeat(dates[number - 1], len(urns))), kind)
        similar = np.vstack([nearest(intake, kind, count)[0], np.full((1, count), -1, dtype=np.int64)])
        position[rows] = similar[places(urns, asked.urn[rows])]
    return Asked(urns[np.maximum(position, 0)].ravel(), np.repeat(asked.day, count)), position >= 0


def standard_intake(years: Yearly, asked: Asked, kind: NDArray[np.object_]) -> Floats:
    """Return the intake in standard deviations within the kind, 0 where not known; null where nothing is known."""
    values = [last(years.as_known(name, asked)) for name in INTAKE]
    values[4] = np.log1p(values[4])
    fsm = np.where(np.isfinite(values[0]), values[0], values[1])
    columns = np.column_stack([fsm, *values[2:]])
    frame = pd.DataFrame(columns)
    groups = frame.groupby(kind)
    spread = groups.transform("std").to_numpy()
    scaled = (columns - groups.transform("mean").to_numpy()) / np.where(spread > 0, spread, np.nan)
    known = np.isfinite(columns).any(axis=1)
    return np.where(known[:, None], np.nan_to_num(scaled), np.nan)


def few_days(day: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the days or, where they are many, the starts of their months: earlier days, so that nothing leaks."""
    months = day.astype("datetime64[M]").astype("datetime64[ns]")
    return day if len(np.unique(day)) <= MOST_DAYS else months


def share_among_rest(
    inspections: past.History, schools: pd.DataFrame, asked: Asked, group: str, *, fell: bool
) -> Floats:
    """Return the share below good (or that fell) among the other schools of the group, known by ``few_days``.

    A school is of its trust only from the day on which it opened under its present URN: before that, its later trust
    says what became of it.
    """
    ordered = schools.sort_values("urn")
    urns = ordered["urn"].to_numpy(dtype=np.int64)
    codes, names = pd.factorize(ordered[group], use_na_sentinel=True)
    opened = ordered["opened_on"].to_numpy(dtype="datetime64[ns]") if group == "trust" else None
    months = few_days(asked.day)
    place = places(urns, asked.urn)
    result = np.full(len(asked.urn), np.nan)
    for month in np.unique(months):
        rows = np.flatnonzero((months == month) & (place < len(urns)))
        member = codes if opened is None else np.where(opened <= month, codes, -1)
        state = _state(inspections, Asked(urns, np.repeat(month, len(urns))), fell=fell)
        result[rows] = _share_among_rest(member, state, len(names))[place[rows]]
    return result


def _state(inspections: past.History, asked: Asked, *, fell: bool) -> Floats:
    """Return 1 below good (or fell), 0 not, null where not known."""
    known = past.as_known(inspections, asked)
    now = past.last(known, "leadership_grade")
    if not fell:
        return np.where(np.isfinite(now), now >= BELOW_GOOD, np.nan)
    then = past.before(known, "overall_grade")
    return np.where(np.isfinite(now) & (then < BELOW_GOOD), now >= BELOW_GOOD, np.nan)


def _share_among_rest(member: NDArray[np.int64], state: Floats, groups: int) -> Floats:
    known = (member >= 0) & np.isfinite(state)
    count = np.bincount(member[known], minlength=groups).astype(float)
    total = np.bincount(member[known], weights=state[known], minlength=groups)
    at = np.maximum(member, 0)
    rest = count[at] - known
    share = np.divide(total[at] - np.where(known, state, 0.0), rest, out=np.full(len(at), np.nan), where=rest > 0)
    result: Floats = np.where((member >= 0) & (rest >= FEWEST_IN_RECORD), share, np.nan)
    return result
