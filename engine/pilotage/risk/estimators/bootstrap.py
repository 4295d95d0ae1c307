"""Resamples of schools or authorities, all rows of one drawn together or not at all; and intervals from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.statistics.intervals import end_quantiles

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
CHUNK_CELLS = 4_000_000  # weights held at once
RESAMPLES = 1000  # of a back-test
LEVEL = 0.95  # of a back-test's intervals
ATTEMPTS = 1000  # at a resample with both outcomes
Measure = Callable[[Floats], dict[str, Floats]]


@dataclass(frozen=True)
class Clusters:
    """Rows in clusters, each drawn whole: ``member`` is the cluster of each row, 0 to ``count`` - 1, shape (rows,)."""

    member: Whole
    count: int

    def draw(self, generator: np.random.Generator) -> Whole:
        """Return how often each row is in one resample: as many clusters as there are, with replacement."""
        return self.times(generator)[self.member]

    def times(self, generator: np.random.Generator) -> Whole:
        """Return how often each cluster is in one resample, shape (count,)."""
        return np.bincount(generator.integers(0, self.count, self.count), minlength=self.count)

    def weights(self, resamples: int, generator: np.random.Generator, at_once: int) -> Iterator[Floats]:
        """Yield how often each row counts in each resample, in chunks of shape (at most ``at_once``, rows)."""
        for start in range(0, resamples, at_once):
            drawn = [self.times(generator) for _ in range(min(at_once, resamples - start))]
            yield np.asarray(np.stack(drawn)[:, self.member], dtype=np.float64)


def clusters(names: NDArray[Any]) -> Clusters:
    """Return the clusters of rows with one name, such as the URN of each row's school."""
    _, member = np.unique(names, return_inverse=True)
    return Clusters(member.astype(np.int64), int(member.max()) + 1)


def school_weights(schools: Whole, resamples: int, seed: int) -> Iterator[Floats]:
    """Yield how often each row counts in each resample of schools, in chunks of shape (some resamples, rows).

    Parameters
    ----------
    schools
        URN of each row.
    """
    by_school = clusters(schools)
    generator = np.random.default_rng([seed, len(schools), by_school.count])
    yield from by_school.weights(resamples, generator, max(1, CHUNK_CELLS // len(schools)))


def resampled(measure: Measure, schools: Whole, resamples: int, seed: int) -> dict[str, Floats]:
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
    low, high = np.quantile(known, end_quantiles(level))
    return float(low), float(high)


def training_counts(
    schools: Floats, label: Whole, resamples: int, seed: int, part: NDArray[np.bool_] | None = None
) -> Whole:
    """Return how often each row is in each resample of the schools, shape (resamples, rows).

    A resample without both outcomes, in and out, is drawn again; with ``part``, rows in it and rows not in it must each
    have both.
    """
    by_school = clusters(schools)
    generator = np.random.default_rng([seed, by_school.count, resamples])
    parts = [np.ones(len(label), dtype=bool)] if part is None else [part, ~part]
    counts = np.zeros((resamples, len(label)), dtype=np.int64)
    for number in range(resamples):
        for _ in range(ATTEMPTS):
            counts[number] = by_school.draw(generator)
            if all(_both_outcomes(label[rows], counts[number, rows]) for rows in parts):
                break
    return counts


def _both_outcomes(label: Whole, count: Whole) -> bool:
    """Return whether both outcomes are among the rows drawn, and among those not drawn."""
    inside, outside = label[count > 0], label[count == 0]
    return len(set(inside.tolist())) == len(set(outside.tolist())) == 2
