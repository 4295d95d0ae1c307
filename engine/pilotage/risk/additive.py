"""A fitted additive model as plain arrays: exact contributions, draws, and a file without pickle.

``logit = a + b (c + sum over terms of f(x))``: f a step function of one feature, c the intercept, a and b the
calibration (b > 0). A contribution is ``b f(x)``: they add up to the logit exactly, less the constant ``a + b c``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """One step function: ``cuts`` (continuous, ascending) or ``categories`` (nominal); ``scores`` (resamples, bins).

    Bin 0 is for missing values; the last bin of a nominal term is for categories not seen in training.
    """

    feature: str
    cuts: Floats
    categories: tuple[str, ...] | None
    scores: Floats
    mean: Floats

    def bins(self, values: pd.Series) -> NDArray[np.int64]:
        """Return the bin of each value."""
        if self.categories is not None:
            index = {name: number + 1 for number, name in enumerate(self.categories)}
            missing = values.isna().to_numpy()
            found = values.map(index).fillna(len(self.categories) + 1).to_numpy(dtype=np.int64)
            return np.where(missing, 0, found)
        numbers = values.to_numpy(dtype=float)
        return np.where(np.isnan(numbers), 0, np.digitize(numbers, self.cuts) + 1).astype(np.int64)


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

    def logit(self, frame: pd.DataFrame) -> Floats:
        """Return the calibrated logit, shape (rows,)."""
        total: Floats = self.shift + self.slope * self.intercept + self.contributions(frame).sum(axis=1)
        return total

    def contributions(self, frame: pd.DataFrame) -> Floats:
        """Return what each term adds to the calibrated logit, shape (rows, terms)."""
        columns = [self.slope * term.mean[term.bins(frame[term.feature])] for term in self.terms]
        return np.asarray(np.column_stack(columns), dtype=np.float64)

    def draws(self, frame: pd.DataFrame) -> NDArray[np.float32]:
        """Return the probability in each resample, shape (rows, resamples)."""
        total = np.repeat(self.intercepts[None, :], len(frame), axis=0)
        for term in self.terms:
            total += term.scores[:, term.bins(frame[term.feature])].T
        return probability(self.shift + self.slope * total).astype(np.float32)

    def calibrated(self, shift: float, slope: float) -> Additive:
        """Return the model with another calibration."""
        return replace(self, shift=shift, slope=slope)


def probability(logit: Floats) -> Floats:
    """Return the probability of a logit."""
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


def to_bytes(model: Additive) -> bytes:
    """Return the model as the bytes of an npz file: arrays, and a JSON header."""
    header = {
        "terms": [{"feature": t.feature, "categories": t.categories} for t in model.terms],
        **{name: getattr(model, name) for name in ("intercept", "shift", "slope", "base_rate", "trained_on")},
    }
    arrays: dict[str, Any] = {"header": np.array(json.dumps(header)), "intercepts": model.intercepts}
    for number, term in enumerate(model.terms):
        arrays[f"scores_{number}"], arrays[f"mean_{number}"] = term.scores, term.mean
        arrays[f"cuts_{number}"] = term.cuts
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def from_bytes(raw: bytes) -> Additive:
    """Return the model of ``to_bytes``; ValueError, KeyError, OSError or zipfile.BadZipFile on anything else."""
    with np.load(BytesIO(raw), allow_pickle=False) as arrays:
        header = json.loads(str(arrays["header"]))
        terms = tuple(_term(number, entry, arrays) for number, entry in enumerate(header.pop("terms")))
        return Additive(terms=terms, intercepts=arrays["intercepts"], **header)


def _term(number: int, entry: dict[str, Any], arrays: Any) -> Term:
    categories = None if entry["categories"] is None else tuple(entry["categories"])
    return Term(
        entry["feature"], arrays[f"cuts_{number}"], categories, arrays[f"scores_{number}"], arrays[f"mean_{number}"]
    )
