"""What a model is trained on: labelled rows, the record of all pairs, and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class LabelledRows:
    """Labelled rows: features, ``label`` 0 or 1 and ``schools`` (URNs), each of shape (rows,)."""

    frame: pd.DataFrame
    label: Whole
    schools: Floats

    def where(self, rows: NDArray[Any]) -> LabelledRows:
        """Return some of the rows, by a mask or by position."""
        return LabelledRows(self.frame.iloc[rows], self.label[rows], self.schools[rows])


@dataclass(frozen=True)
class PairRecord:
    """Every pair of consecutive grades known by the day, of both populations.

    ``frame`` has the features; ``before`` and ``after`` are 1 for below good, ``schools`` the URNs, shape (rows,).
    """

    frame: pd.DataFrame
    before: Whole
    after: Whole
    schools: Floats


@dataclass(frozen=True)
class TrainingSet:
    """All that a model of an outcome is learnt from.

    Attributes
    ----------
    pairs
        Pairs of leadership grades: resamples and folds of the calibration keep a school whole.
    earlier_pairs
        Pairs of before the first snapshot: a model of their own, added with the weight of the spec.
    record
        All pairs of both populations, which show how far schools that look the same differ in their own chance.
    """

    pairs: LabelledRows
    earlier_pairs: LabelledRows | None = None
    record: PairRecord | None = None

    def where(self, rows: NDArray[Any]) -> TrainingSet:
        """Return some of the pairs; of the earlier ones, those of schools that no pair left out is of."""
        dropped = np.setdiff1d(np.arange(len(self.pairs.label)), np.arange(len(self.pairs.label))[rows])
        earlier_pairs = self.earlier_pairs
        if earlier_pairs is not None:
            earlier_pairs = earlier_pairs.where(~np.isin(earlier_pairs.schools, self.pairs.schools[dropped]))
        return TrainingSet(self.pairs.where(rows), earlier_pairs)
