"""Spec -> explainable boosting (interpret-core), read out as a plain additive model; Platt scaling by scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.additive import Additive, Term
from pilotage.risk.spec import LeadershipSpec

Floats = NDArray[np.float64]
SLOPE_RANGE = (0.25, 1.5)  # a calibration outside it says that the held-out folds are too small to trust


def fitted(spec: LeadershipSpec, frame: pd.DataFrame, label: NDArray[np.int64], schools: Floats, seed: int) -> Additive:
    """Return the calibrated additive model.

    Parameters
    ----------
    frame
        Features, one row per labelled pair.
    label
        0 or 1, shape (rows,).
    schools
        URN of each row: folds of the calibration keep a school whole.
    """
    model = _boosted(spec, frame, label, spec.estimator.resamples, seed)
    held_out = _held_out_logits(spec, frame, label, schools, seed)
    shift, slope = _platt(held_out, label)
    return model.calibrated(shift, slope)


def _boosted(
    spec: LeadershipSpec, frame: pd.DataFrame, label: NDArray[np.int64], resamples: int, seed: int
) -> Additive:
    from interpret.glassbox import ExplainableBoostingClassifier

    names = varying(tuple(spec.features), frame)
    kinds = [spec.features[name].kind for name in names]
    settings = spec.estimator
    booster = ExplainableBoostingClassifier(
        feature_types=kinds,
        interactions=0,
        outer_bags=resamples,
        max_bins=settings.bins,
        learning_rate=settings.learning_rate,
        min_samples_leaf=settings.smallest_leaf,
        n_jobs=2,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Missing values detected")  # a bin of their own is what is wanted
        booster.fit(as_fitted(frame, kinds, names), label)
    return _read_out(booster, names, label)


def varying(names: tuple[str, ...], frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the features that take more than one value in the rows; the others can explain nothing."""
    return tuple(name for name in names if frame[name].nunique(dropna=True) > 1)


def as_fitted(frame: pd.DataFrame, kinds: Sequence[str], names: tuple[str, ...]) -> pd.DataFrame:
    """Return the features as the booster takes them: floats, and text with None for missing."""
    columns = {}
    for name, kind in zip(names, kinds, strict=True):
        column = frame[name]
        nominal = kind == "nominal"
        columns[name] = column.astype(object).where(column.notna(), None) if nominal else column.astype(float)
    return pd.DataFrame(columns)


def _read_out(booster: Any, names: tuple[str, ...], label: NDArray[np.int64]) -> Additive:
    terms = []
    for number, name in enumerate(names):
        bins = booster.bins_[number][0]
        nominal = isinstance(bins, dict)
        terms.append(
            Term(
                feature=name,
                cuts=np.zeros(0) if nominal else np.asarray(bins, dtype=float),
                categories=tuple(sorted(bins, key=lambda key: bins[key])) if nominal else None,
                scores=np.asarray(booster.bagged_scores_[number], dtype=float),
                mean=np.asarray(booster.term_scores_[number], dtype=float),
            )
        )
    return Additive(
        terms=tuple(terms),
        intercepts=np.asarray(booster.bagged_intercept_, dtype=float).ravel(),
        intercept=float(np.ravel(booster.intercept_)[0]),
        base_rate=float(label.mean()),
        trained_on=len(label),
    )


def _held_out_logits(
    spec: LeadershipSpec, frame: pd.DataFrame, label: NDArray[np.int64], schools: Floats, seed: int
) -> Floats:
    """Return the logit of each row from a model that saw no row of its school."""
    from sklearn.model_selection import StratifiedGroupKFold

    logits = np.zeros(len(label))
    folds = StratifiedGroupKFold(spec.calibration.folds, shuffle=True, random_state=seed)
    for train, test in folds.split(frame, label, schools):
        model = _boosted(spec, frame.iloc[train], label[train], spec.calibration.resamples, seed)
        logits[test] = model.logit(frame.iloc[test])
    return logits


def _platt(logits: Floats, label: NDArray[np.int64]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    scaling = LogisticRegression(C=1e6).fit(logits[:, None], label)
    slope = float(np.clip(scaling.coef_[0, 0], *SLOPE_RANGE))
    return float(scaling.intercept_[0]), slope
