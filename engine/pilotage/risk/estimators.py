"""Spec -> explainable boosting (interpret-core) and a ridge logistic regression (scikit-learn), as one additive model.

Both are sums of functions of one feature each, and so is their weighted mean: contributions stay exact. Platt scaling
on forecasts of held-out schools calibrates it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.additive import Additive, Term, mixed
from pilotage.risk.linear import regression
from pilotage.risk.spec import LeadershipSpec

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SLOPE_RANGE = (0.25, 1.5)  # a calibration outside it says that the held-out folds are too small to trust
BATCH = 10  # resamples between two reports of progress
Report = Callable[[int, int], None]


def fitted(
    spec: LeadershipSpec, frame: pd.DataFrame, label: Whole, schools: Floats, seed: int, report: Report | None = None
) -> Additive:
    """Return the calibrated additive model.

    Parameters
    ----------
    frame
        Features, one row per labelled pair.
    label
        0 or 1, shape (rows,).
    schools
        URN of each row: resamples and folds of the calibration keep a school whole.
    report
        Called with the resamples done and the resamples in all.
    """
    told = _Counted(report, spec.estimator.resamples + spec.calibration.folds * spec.calibration.resamples)
    model = _model(spec, frame, label, schools, spec.estimator.resamples, seed, told)
    held_out = held_out_logits(spec, frame, label, schools, seed, told)
    shift, slope = _platt(held_out, label)
    return model.calibrated(shift, slope)


class _Counted:
    """Counts resamples over several fits."""

    def __init__(self, report: Report | None, total: int) -> None:
        self.report, self.total, self.done = report, total, 0

    def add(self, number: int) -> None:
        self.done += number
        if self.report is not None:
            self.report(self.done, self.total)


def _model(
    spec: LeadershipSpec, frame: pd.DataFrame, label: Whole, schools: Floats, resamples: int, seed: int, told: _Counted
) -> Additive:
    names = varying(tuple(spec.features), frame)
    kinds = [spec.features[name].kind for name in names]
    counts = resampled(schools, label, resamples, seed)
    boosted = _boosted(spec, as_fitted(frame, kinds, names), kinds, label, counts, seed, told)
    if spec.estimator.linear_weight == 0:
        return boosted.centred(frame)
    linear = regression(boosted, frame, label, counts, spec.estimator.ridge)
    return mixed(boosted, linear, spec.estimator.linear_weight).centred(frame)


def resampled(schools: Floats, label: Whole, resamples: int, seed: int) -> Whole:
    """Return how often each row is in each resample, shape (resamples, rows): schools drawn with replacement.

    A resample without both outcomes, in and out, is drawn again.
    """
    _, place = np.unique(schools, return_inverse=True)
    size = int(place.max()) + 1
    generator = np.random.default_rng([seed, size, resamples])
    found = np.zeros((resamples, len(label)), dtype=np.int64)
    for number in range(resamples):
        for _ in range(1000):
            found[number] = np.bincount(generator.integers(0, size, size), minlength=size)[place]
            inside, outside = label[found[number] > 0], label[found[number] == 0]
            if len(set(inside.tolist())) == len(set(outside.tolist())) == 2:
                break
    return found


def _boosted(
    spec: LeadershipSpec,
    plain: pd.DataFrame,
    kinds: Sequence[str],
    label: Whole,
    counts: Whole,
    seed: int,
    told: _Counted,
) -> Additive:
    """Return the mean of boosters, one per resample; the schools left out of a resample stop its booster early."""
    parts = []
    for start in range(0, len(counts), BATCH):
        part = counts[start : start + BATCH]
        booster = _booster(spec, kinds, len(part), seed + start)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Missing values detected")  # a bin of their own is wanted
            booster.fit(plain, label, bags=np.where(part > 0, part, -1).astype(np.int8).T)
        parts.append(booster)
        told.add(len(part))
    return _read_out(parts, tuple(plain.columns), label)


def _booster(spec: LeadershipSpec, kinds: Sequence[str], resamples: int, seed: int) -> Any:
    from interpret.glassbox import ExplainableBoostingClassifier

    settings = spec.estimator
    return ExplainableBoostingClassifier(
        feature_types=list(kinds),
        interactions=0,
        outer_bags=resamples,
        max_bins=settings.bins,
        learning_rate=settings.learning_rate,
        min_samples_leaf=settings.smallest_leaf,
        n_jobs=2,
        random_state=seed,
    )


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


def _read_out(boosters: list[Any], names: tuple[str, ...], label: Whole) -> Additive:
    """Return the boosters as one additive model; their bins are the same, being those of all rows."""
    terms = []
    weights = np.concatenate([np.asarray(one.bag_weights_, dtype=float) for one in boosters])
    for number, name in enumerate(names):
        bins = boosters[0].bins_[number][0]
        nominal = isinstance(bins, dict)
        scores = np.vstack([np.asarray(one.bagged_scores_[number], dtype=float) for one in boosters])
        terms.append(
            Term(
                feature=name,
                cuts=np.zeros(0) if nominal else np.asarray(bins, dtype=float),
                categories=tuple(sorted(bins, key=lambda key: bins[key])) if nominal else None,
                scores=scores,
                mean=np.average(scores, axis=0, weights=weights),
            )
        )
    intercepts = np.concatenate([np.asarray(one.bagged_intercept_, dtype=float).ravel() for one in boosters])
    return Additive(
        terms=tuple(terms),
        intercepts=intercepts,
        intercept=float(np.average(intercepts, weights=weights)),
        base_rate=float(label.mean()),
        trained_on=len(label),
    )


def held_out_logits(
    spec: LeadershipSpec,
    frame: pd.DataFrame,
    label: Whole,
    schools: Floats,
    seed: int,
    told: _Counted | None = None,
) -> Floats:
    """Return the logit of each row from a model that saw no row of its school."""
    from sklearn.model_selection import StratifiedGroupKFold

    counted = told or _Counted(None, 0)
    logits = np.zeros(len(label))
    folds = StratifiedGroupKFold(spec.calibration.folds, shuffle=True, random_state=seed)
    few = spec.calibration.resamples
    for train, test in folds.split(frame, label, schools):
        model = _model(spec, frame.iloc[train], label[train], schools[train], few, seed, counted)
        logits[test] = model.logit(frame.iloc[test])
    return logits


def _platt(logits: Floats, label: Whole) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    scaling = LogisticRegression(C=1e6).fit(logits[:, None], label)
    slope = float(np.clip(scaling.coef_[0, 0], *SLOPE_RANGE))
    return float(scaling.intercept_[0]), slope
