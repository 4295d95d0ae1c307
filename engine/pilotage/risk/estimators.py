"""Spec and labelled rows -> AdditiveModel: an explainable booster per bootstrap of schools, and its calibration."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.additive import AdditiveModel, Floats, Term, bag_logits, prepared
from pilotage.risk.features import REGISTRY
from pilotage.risk.labels import Labelled
from pilotage.risk.spec import AdditiveBoosting, FeatureUse, Spec

FEWEST_OF_A_CLASS = 50
SLOPES = (0.25, 4.0)  # a calibration outside these says that the rows do not support one


def train(spec: Spec, rows: Labelled, seed: int) -> AdditiveModel:
    """Return the estimator of a leadership outcome; the same rows and seed give the same bytes."""
    settings = spec.estimator
    if not isinstance(settings, AdditiveBoosting):
        raise TypeError(f"{spec.outcome} is not estimated by additive boosting")
    uses = [use for use in spec.features if rows.features[use.name].nunique(dropna=True) > 1]
    fills = {use.name: _fill(use, rows.features[use.name]) for use in uses}
    bags = bootstrap(rows.urn, settings.bags, seed)
    booster = _boosted(settings, _matrix(rows.features, uses, fills), rows.outcome, bags, seed)
    terms = tuple(_term(booster, number, use, fills[use.name]) for number, use in enumerate(uses))
    model = AdditiveModel(
        terms=terms,
        intercept=float(booster.intercept_[0]),
        bag_intercepts=np.asarray(booster.bagged_intercept_, dtype=np.float64).ravel(),
        shift=0.0,
        slope=1.0,
        trained_on=len(rows.outcome),
        base_rate=float(rows.outcome.mean()),
    )
    shift, slope = calibrate(spec, left_out_logits(model, rows.features, bags), rows.outcome)
    return replace(model, shift=shift, slope=slope)


def bootstrap(urn: NDArray[np.int64], bags: int, seed: int) -> NDArray[np.int8]:
    """Return how often each row is in each bag, shape (rows, bags); -1 = left out. Schools are drawn whole."""
    schools, school = np.unique(urn, return_inverse=True)
    generator = np.random.default_rng([seed, len(schools)])
    picks = generator.integers(0, len(schools), (bags, len(schools)))
    counts = np.stack([np.bincount(pick, minlength=len(schools)) for pick in picks], axis=1)[school]
    return np.where(counts > 0, np.minimum(counts, 100), -1).astype(np.int8)


def left_out_logits(model: AdditiveModel, features: pd.DataFrame, bags: NDArray[np.int8]) -> Floats:
    """Return the mean logit of each row over the bags that left its school out, NaN where there is none."""
    out = bags < 0
    total = np.where(out, bag_logits(model, features), 0.0).sum(axis=1)
    count = out.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def calibrate(spec: Spec, logits: Floats, outcome: NDArray[np.int64]) -> tuple[float, float]:
    """Return shift and slope on the logit; (0, 1) where the spec asks for none or the rows are too few or odd."""
    from sklearn.linear_model import LogisticRegression

    kept = np.isfinite(logits)
    logits, outcome = logits[kept], outcome[kept]
    rarest = min(outcome.sum(), len(outcome) - outcome.sum())
    few = len(outcome) < spec.calibration.minimum_rows or rarest < FEWEST_OF_A_CLASS
    if spec.calibration.method == "none" or few or np.ptp(logits) == 0:
        return 0.0, 1.0
    line = LogisticRegression(C=1e6, tol=1e-8, max_iter=1000).fit(logits[:, None], outcome)
    slope = float(line.coef_[0, 0])
    return (float(line.intercept_[0]), slope) if SLOPES[0] <= slope <= SLOPES[1] else (0.0, 1.0)


def _fill(use: FeatureUse, column: pd.Series) -> float | None:
    wanted = use.imputation == "median" and REGISTRY[use.name].kind == "number"
    return float(column.median()) if wanted else None


def _matrix(features: pd.DataFrame, uses: list[FeatureUse], fills: dict[str, float | None]) -> pd.DataFrame:
    columns = {
        use.name: prepared(features[use.name], use.transformation, fills[use.name])
        if REGISTRY[use.name].kind == "number"
        else features[use.name].to_numpy(dtype=object)
        for use in uses
    }
    return pd.DataFrame(columns)


def _boosted(
    settings: AdditiveBoosting, matrix: pd.DataFrame, outcome: NDArray[np.int64], bags: NDArray[np.int8], seed: int
) -> Any:
    from interpret.glassbox import ExplainableBoostingClassifier

    kinds = ["continuous" if REGISTRY[name].kind == "number" else "nominal" for name in matrix.columns]
    booster = ExplainableBoostingClassifier(
        feature_types=kinds,
        interactions=0,
        outer_bags=settings.bags,
        max_bins=settings.max_bins,
        learning_rate=settings.learning_rate,
        max_rounds=settings.max_rounds,
        early_stopping_rounds=settings.early_stopping_rounds,
        min_samples_leaf=settings.min_samples_leaf,
        n_jobs=min(os.cpu_count() or 1, settings.bags),
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Missing values detected", category=UserWarning)
        return booster.fit(matrix, outcome, bags=bags)


def _term(booster: Any, number: int, use: FeatureUse, fill: float | None) -> Term:
    cuts = booster.bins_[number][0]
    numeric = REGISTRY[use.name].kind == "number"
    return Term(
        feature=use.name,
        transformation=use.transformation if numeric else "none",
        fill=fill,
        edges=np.asarray(cuts, dtype=np.float64) if numeric else None,
        categories=() if numeric else tuple(sorted(cuts, key=cuts.__getitem__)),
        scores=np.asarray(booster.term_scores_[number], dtype=np.float64),
        bag_scores=np.asarray(booster.bagged_scores_[number], dtype=np.float64),
    )
