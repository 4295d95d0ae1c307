"""Figures of a given forecast that cannot hold together, row by row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.outcomes import FALL, OUTCOMES, STUCK
from pilotage.errors import Problem

Floats = NDArray[np.float64]
BELOW_GOOD = "p_below_good"
ROUNDED = 0.01  # by which p_below_good may differ from what its parts make it: files round to two decimals


def contradictions(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield a problem for each row and pair of figures that contradict each other; the unknown contradicts nothing."""
    rows = frame.index.to_numpy(dtype=np.int64) + 2  # the first row of the file is its header
    for lower, upper in _in_order():
        low, high = _figure(frame, lower), _figure(frame, upper)
        for row in np.flatnonzero(low > high):
            what = f"{lower} = {low[row]:g}, above {upper} = {high[row]:g}"
            yield Problem(f"{where}, row {rows[row]}", what, f"{lower} at most {upper}", "correct one of them")
    yield from _unlike_its_parts(frame, where)


def _in_order() -> Iterator[tuple[str, str]]:
    """Yield pairs of columns of which the first is never above the second."""
    for outcome in OUTCOMES.values():
        if outcome.interval:
            low, high = (end.name for end in outcome.interval)
            yield from ((low, outcome.risk), (outcome.risk, high), (low, high))
        if outcome.chance_within_horizon is not None:
            yield outcome.chance_within_horizon.name, outcome.risk


def _unlike_its_parts(frame: pd.DataFrame, where: str) -> Iterator[Problem]:
    """Yield a problem for each row whose p_below_good is neither the chance of a fall nor (1 + p_stuck) / 2."""
    given, fall, stuck = (_figure(frame, name) for name in (BELOW_GOOD, FALL.risk, STUCK.risk))
    parts = np.stack([fall, (1 + stuck) / 2])
    rows = frame.index.to_numpy(dtype=np.int64) + 2
    known = np.isfinite(given) & np.isfinite(parts).any(axis=0)
    apart = np.nan_to_num(np.abs(parts - given), nan=np.inf).min(axis=0)
    for row in np.flatnonzero(known & (apart > ROUNDED)):
        name, part = (FALL.risk, fall) if np.isfinite(fall[row]) else (STUCK.risk, stuck)
        what = f"{BELOW_GOOD} = {given[row]:g}, with {name} = {part[row]:g}"
        allowed = f"{FALL.risk}, or of a school below good (1 + {STUCK.risk}) / 2"
        yield Problem(f"{where}, row {rows[row]}", what, allowed, f"leave {BELOW_GOOD} blank, or correct one of them")


def _figure(frame: pd.DataFrame, name: str) -> Floats:
    """Return a column as numbers; null where it is absent or is no number."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
