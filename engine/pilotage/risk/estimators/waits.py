"""When the next inspection of each row may come: what a forecast of it is averaged over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Waits:
    """Months from each row's day to its next inspection.

    Attributes
    ----------
    features
        The features that are counted to the inspection, in months.
    months
        Months after the day, shape (points,).
    weights
        How likely each point is, shape (rows, points); a row's weights add up to 1.
    """

    features: frozenset[str]
    months: Floats
    weights: Floats

    def mean(self, feature: str, values: pd.Series, of: Callable[[pd.Series], Floats]) -> Floats:
        """Return a function of a feature: of one counted to the inspection, its mean over when that may come.

        Parameters
        ----------
        of
            Takes values of the feature, shape (rows,); returns shape (rows,) or (rows, resamples).
        """
        if feature not in self.features:
            return of(values)
        parts = (
            (self.weights[:, point] * of(values + months).T).T for point, months in enumerate(self.months.tolist())
        )
        return np.asarray(sum(parts), dtype=np.float64)

    def of_rows(self, rows: NDArray[np.bool_]) -> Waits:
        """Return the waits of some of the rows."""
        return Waits(self.features, self.months, self.weights[rows])


def no_waits(rows: int) -> Waits:
    """Return the waits of rows whose day is that of the inspection, as in training."""
    return Waits(frozenset(), np.zeros(1), np.ones((rows, 1)))
