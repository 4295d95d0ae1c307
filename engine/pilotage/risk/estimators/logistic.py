"""A ridge logistic regression in the form of an additive model: a straight line, or a score per category, and missing.

A continuous feature enters as a straight line within its middle 98%, and an indicator where some values are missing;
a nominal one as an indicator per category.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.estimators.additive import Additive, LinearPart, Term

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
CUT_OFF = 0.01


@dataclass(frozen=True)
class TermColumns:
    """The columns of one term in the design: the bins that have an indicator, and the straight part with its scale."""

    term: Term
    bins: tuple[int, ...]
    straight: LinearPart | None
    scale: float


def regression(shape: Additive, frame: pd.DataFrame, label: Whole, counts: Whole, ridge: float) -> Additive:
    """Return a regression with the terms and bins of ``shape``, and one for each resample.

    Parameters
    ----------
    counts
        How often each row is in each resample, shape (resamples, rows).
    ridge
        Penalty on the squared coefficients of standardised columns.
    """
    parts = [_term_columns(term, frame[term.feature]) for term in shape.terms]
    design = np.column_stack([column for part in parts for column in _columns(part, frame[part.term.feature])])
    centre, spread = design.mean(axis=0), design.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    standard = (design - centre) / spread
    every = np.vstack([np.ones((1, len(label)), dtype=np.int64), counts])
    coefficients = np.array([_coefficients(standard, label, weight, ridge) for weight in every])
    slopes = coefficients[:, 1:] / spread
    intercepts = coefficients[:, 0] - slopes @ centre
    return replace(shape, terms=_terms(parts, slopes), intercept=float(intercepts[0]), intercepts=intercepts[1:])


def _coefficients(standard: Floats, label: Whole, weight: Whole, ridge: float) -> Floats:
    """Return intercept and coefficients of one regression."""
    from sklearn.linear_model import LogisticRegression

    from pilotage.risk.estimators.threads import one_thread

    inside = weight > 0
    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", max_iter=100)
    with one_thread():
        model.fit(standard[inside], label[inside], sample_weight=weight[inside].astype(float))
    return np.concatenate([model.intercept_, model.coef_[0]])


def _term_columns(term: Term, values: pd.Series) -> TermColumns:
    """Return which columns a term has; a bin that no row is in has none."""
    seen = set(np.unique(term.bins(values)).tolist())
    if term.categories is not None:
        return TermColumns(term, tuple(sorted(seen)), None, 1.0)
    numbers = values.to_numpy(dtype=float)
    low, high = np.nanquantile(numbers, [CUT_OFF, 1 - CUT_OFF])
    centre, scale = float(np.nanmean(np.clip(numbers, low, high))), float(np.nanstd(np.clip(numbers, low, high)))
    straight = LinearPart(np.zeros(0), 0.0, centre, float(low), float(high)) if scale > 0 else None
    return TermColumns(term, (0,) if 0 in seen else (), straight, scale or 1.0)


def _columns(part: TermColumns, values: pd.Series) -> list[Floats]:
    bins = part.term.bins(values)
    indicators = [(bins == number).astype(float) for number in part.bins]
    return indicators if part.straight is None else [*indicators, part.straight.at(values) / part.scale]


def _terms(parts: list[TermColumns], slopes: Floats) -> tuple[Term, ...]:
    """Return the terms of the regressions: row 0 of ``slopes`` is of all rows, the rows below of the resamples."""
    terms, at = [], 0
    for part in parts:
        scores = np.zeros((len(slopes), part.term.scores.shape[1]))
        scores[:, list(part.bins)] = slopes[:, at : at + len(part.bins)]
        at += len(part.bins)
        straights: tuple[LinearPart, ...] = ()
        if part.straight is not None:
            steep = slopes[:, at] / part.scale
            straights, at = (replace(part.straight, slopes=steep[1:], mean=float(steep[0])),), at + 1
        terms.append(replace(part.term, scores=scores[1:], mean=scores[0], linear=straights))
    return tuple(terms)
