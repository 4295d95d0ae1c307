"""A fitted additive model as plain arrays: exact contributions and draws.

``logit = a + b (c + sum over terms of f(x))``: f a step function of one feature plus straight lines within their
ranges, c the intercept, a and b the calibration (b > 0). A contribution is ``b f(x)``: they add up to the logit
exactly, less the constant ``a + b c``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.estimators.waits import Waits, no_waits

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LinearPart:
    """The straight part of a term: ``slopes`` (resamples,) and their ``mean`` on ``clip(x, low, high) - centre``.

    A missing value has none.
    """

    slopes: Floats
    mean: float
    centre: float
    low: float
    high: float

    def at(self, values: pd.Series) -> Floats:
        """Return what the slopes multiply, 0 where the value is missing."""
        numbers = values.to_numpy(dtype=float)
        return np.asarray(np.nan_to_num(np.clip(numbers, self.low, self.high) - self.centre), dtype=np.float64)


@dataclass(frozen=True)
class Term:
    """One feature's part: ``cuts`` (continuous, ascending) or ``categories`` (nominal); ``scores`` (resamples, bins).

    Bin 0 is for missing values; the last bin of a nominal term is for categories not seen in training. ``linear`` holds
    the straight parts: none, or one of each regression in it.
    """

    feature: str
    cuts: Floats
    categories: tuple[str, ...] | None
    scores: Floats
    mean: Floats
    linear: tuple[LinearPart, ...] = ()

    def bins(self, values: pd.Series) -> NDArray[np.int64]:
        """Return the bin of each value."""
        if self.categories is not None:
            index = {name: number + 1 for number, name in enumerate(self.categories)}
            missing = values.isna().to_numpy()
            number = values.map(index).fillna(len(self.categories) + 1).to_numpy(dtype=np.int64)
            return np.where(missing, 0, number)
        numbers = values.to_numpy(dtype=float)
        return np.where(np.isnan(numbers), 0, np.digitize(numbers, self.cuts) + 1).astype(np.int64)

    def value(self, values: pd.Series) -> Floats:
        """Return the mean model's f of each value, shape (rows,)."""
        total: Floats = self.mean[self.bins(values)]
        for part in self.linear:
            total = total + part.mean * part.at(values)
        return total

    def values(self, values: pd.Series) -> Floats:
        """Return f of each value in each resample, shape (rows, resamples)."""
        total: Floats = self.scores[:, self.bins(values)].T
        for part in self.linear:
            total = total + part.at(values)[:, None] * part.slopes[None, :]
        return total


@dataclass(frozen=True)
class Additive:
    """An additive model of a probability, with its resamples and its calibration."""

    terms: tuple[Term, ...]
    intercepts: Floats
    intercept: float
    shift: float = 0.0
    slope: float = 1.0
    base_rate: float = 0.0
    trained_on: int = 0
    heterogeneity: float | None = None  # see estimators/heterogeneity; None = not known
    earlier_pairs: int = 0  # pairs of leadership/first_snapshot that a part of it is trained on

    def logit(self, frame: pd.DataFrame, waits: Waits | None = None) -> Floats:
        """Return the calibrated logit, shape (rows,)."""
        total: Floats = self.constant + self.contributions(frame, waits).sum(axis=1)
        return total

    @property
    def constant(self) -> float:
        """Return what the calibrated logit has beside the contributions."""
        return self.shift + self.slope * self.intercept

    def contributions(self, frame: pd.DataFrame, waits: Waits | None = None) -> Floats:
        """Return what each term adds to the calibrated logit, shape (rows, terms).

        Parameters
        ----------
        waits
            When the next inspection may come; null for rows whose features are counted to it already.
        """
        over = waits or no_waits(len(frame))
        columns = [self.slope * over.mean(term.feature, frame[term.feature], term.value) for term in self.terms]
        return np.asarray(np.column_stack(columns), dtype=np.float64)

    def draws(self, frame: pd.DataFrame, waits: Waits | None = None) -> NDArray[np.float32]:
        """Return the probability in each resample, shape (rows, resamples)."""
        over = waits or no_waits(len(frame))
        total = np.repeat(self.intercepts[None, :], len(frame), axis=0)
        for term in self.terms:
            total += over.mean(term.feature, frame[term.feature], term.values)
        return probability(self.shift + self.slope * total).astype(np.float32)

    def calibrated(self, shift: float, slope: float) -> Additive:
        """Return the model with another calibration."""
        return replace(self, shift=shift, slope=slope)

    def centred(self, frame: pd.DataFrame) -> Additive:
        """Return the same model with each term's mean over the rows moved into the intercept."""
        means = [float(term.value(frame[term.feature]).mean()) for term in self.terms]
        terms = tuple(
            replace(term, mean=term.mean - mean, scores=term.scores - mean)
            for term, mean in zip(self.terms, means, strict=True)
        )
        return replace(
            self, terms=terms, intercept=self.intercept + sum(means), intercepts=self.intercepts + sum(means)
        )


def probability(logit: Floats) -> Floats:
    """Return the probability of a logit."""
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)
