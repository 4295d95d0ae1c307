"""Intervals from resamples of the schools: all rows of a school are drawn together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CHUNK_CELLS = 4_000_000  # weights held at once
Measure = Callable[[Floats], dict[str, Floats]]


def school_weights(schools: NDArray[np.int64], resamples: int, seed: int) -> Iterator[Floats]:
    """Yield how often each row counts in each resample, in chunks of shape (some resamples, rows).

    Parameters
    ----------
    schools
        URN of each row.
    """
    _, place = np.unique(schools, return_inverse=True)
    count = int(place.max()) + 1
    generator = np.random.default_rng([seed, len(schools), count])
    size = max(1, CHUNK_CELLS // len(schools))
    for start in range(0, resamples, size):
        drawn = [
            np.bincount(generator.integers(0, count, count), minlength=count)
            for _ in range(min(size, resamples - start))
        ]
        yield np.asarray(np.stack(drawn)[:, place], dtype=np.float64)


def resampled(measure: Measure, schools: NDArray[np.int64], resamples: int, seed: int) -> dict[str, Floats]:
    """Return each value of a measure in each resample of the schools, shape (resamples,)."""
    parts = [measure(weights) for weights in school_weights(schools, resamples, seed)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def on_all(measure: Measure, rows: int) -> dict[str, float]:
    """Return each value of a measure on the rows as they are."""
    return {name: float(value[0]) for name, value in measure(np.ones((1, rows))).items()}


def interval(drawn: Floats, level: float) -> tuple[float, float] | None:
    """Return the ends of the percentile interval; None where under nine in ten resamples have a value."""
    known = drawn[np.isfinite(drawn)]
    if len(known) < 0.9 * len(drawn):
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
