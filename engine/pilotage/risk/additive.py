"""A sum of curves on the logit: scores, contributions and draws, exact to the last bit that addition keeps.

For row i with bins b(i, k) of term k: ``logit p(i) = a + c (m + sum over k of f[k][b(i, k)])``, with intercept m, curves
f, and the line (a, c) of the calibration. Each bag has its own m and f, and the same line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Bins = NDArray[np.int64]


@dataclass(frozen=True)
class Term:
    """The curve of one feature: bin 0 is missing, the last is a category never seen; numbers are cut at ``edges``."""

    feature: str
    transformation: str
    fill: float | None
    edges: Floats | None
    categories: tuple[str, ...]
    scores: Floats
    bag_scores: Floats


@dataclass(frozen=True)
class AdditiveModel:
    """Terms, intercepts and calibration of one outcome; ``bag_scores`` of a term has shape (bags, bins)."""

    terms: tuple[Term, ...]
    intercept: float
    bag_intercepts: Floats
    shift: float
    slope: float
    trained_on: int
    base_rate: float


def bins(term: Term, column: pd.Series) -> Bins:
    """Return the bin of each value."""
    if term.edges is None:
        known = {name: number + 1 for number, name in enumerate(term.categories)}
        found = column.map(known).fillna(len(known) + 1).mask(column.isna(), 0)
        return found.to_numpy(dtype=np.int64)
    values = prepared(column, term.transformation, term.fill)
    inside = np.searchsorted(term.edges, values, side="right") + 1
    return np.where(np.isnan(values), 0, inside).astype(np.int64)


def prepared(column: pd.Series, transformation: str, fill: float | None) -> Floats:
    """Return a numeric feature as it is estimated on: filled, then transformed."""
    values = column.to_numpy(dtype=np.float64)
    values = values if fill is None else np.where(np.isnan(values), fill, values)
    return np.log1p(values) if transformation == "log" else values


def contributions(model: AdditiveModel, features: pd.DataFrame) -> pd.DataFrame:
    """Return what each feature adds to the logit of each row, one column per term."""
    columns = {term.feature: model.slope * term.scores[bins(term, features[term.feature])] for term in model.terms}
    return pd.DataFrame(columns, index=features.index)


def starting_logit(model: AdditiveModel) -> float:
    """Return the logit to which the contributions are added."""
    return model.shift + model.slope * model.intercept


def probabilities(model: AdditiveModel, parts: pd.DataFrame) -> Floats:
    """Return the probability of each row from its contributions."""
    found: Floats = expit(starting_logit(model) + parts.to_numpy(dtype=np.float64).sum(axis=1))
    return found


def bag_logits(model: AdditiveModel, features: pd.DataFrame) -> Floats:
    """Return the uncalibrated logit of every row under every bag, shape (rows, bags)."""
    total = np.repeat(model.bag_intercepts[None, :], len(features), axis=0)
    for term in model.terms:
        total += term.bag_scores.T[bins(term, features[term.feature])]
    return total


def draws(model: AdditiveModel, features: pd.DataFrame) -> NDArray[np.float32]:
    """Return one probability per row and bag, shape (rows, bags)."""
    logits = model.shift + model.slope * bag_logits(model, features)
    return np.asarray(expit(logits), dtype=np.float32)
