"""Spec -> explainable boosting (interpret-core) and a ridge logistic regression (scikit-learn), as one additive model.

Both are sums of functions of one feature each, and so is their weighted mean: contributions stay exact. So is the sum
with a second such model, of earlier pairs (``leadership/first_snapshot``). Platt scaling on forecasts of held-out
schools calibrates it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.estimators.additive import Additive, Term
from pilotage.risk.estimators.blend import blended
from pilotage.risk.estimators.bootstrap import training_counts
from pilotage.risk.estimators.logistic import regression
from pilotage.risk.estimators.rows import LabelledRows, TrainingSet
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SLOPE_RANGE = (0.25, 1.5)  # a calibration outside it says that the held-out folds are too small to trust
BATCH = 10  # resamples between two reports of progress
Report = Callable[[int, int], None]


class ResampleCounter:
    """Counts resamples over several fits, and reports them: those done, and those in all."""

    def __init__(self, report: Report | None, total: int) -> None:
        self.report, self.total, self.done = report, total, 0

    def add(self, number: int) -> None:
        """Count more resamples as done."""
        self.done += number
        if self.report is not None:
            self.report(self.done, self.total)


def fitted(spec: LeadershipSpec, training: TrainingSet, seed: int, report: Report | None = None) -> Additive:
    """Return the calibrated additive model.

    Parameters
    ----------
    report
        Called with the resamples done and the resamples in all.
    """
    if earlier_pairs_weight(spec) == 0:
        training = replace(training, earlier_pairs=None)
    resamples = spec.estimator.resamples + spec.calibration.folds * spec.calibration.resamples
    counter = ResampleCounter(report, resamples * (1 if training.earlier_pairs is None else 2))
    model = _model(spec, training, spec.estimator.resamples, seed, counter)
    shift, slope = _platt(_held_out(spec, training, seed, counter), training.pairs.label)
    return model.calibrated(shift, slope)


def earlier_pairs_weight(spec: LeadershipSpec) -> float:
    """Return the weight that a spec gives to the model of earlier pairs."""
    return 0.0 if spec.earlier_pairs is None else spec.earlier_pairs.weight


def _model(
    spec: LeadershipSpec, training: TrainingSet, resamples: int, seed: int, counter: ResampleCounter
) -> Additive:
    """Return the model of the pairs, blended with that of the earlier ones; each resample is of the same schools.

    Its terms are counted from their means over the pairs.
    """
    pairs, earlier_pairs = training.pairs, training.earlier_pairs
    if earlier_pairs is None:
        counts = training_counts(pairs.schools, pairs.label, resamples, seed)
        return _single_model(spec, pairs, counts, seed, counter).centred(pairs.frame)
    counts, earlier_counts = counts_together(pairs, earlier_pairs, resamples, seed)
    first = _single_model(spec, pairs, counts, seed, counter)
    second = _single_model(spec, earlier_pairs, earlier_counts, seed, counter)
    model = blended(first, second, earlier_pairs_weight(spec)).centred(pairs.frame)
    return replace(model, earlier_pairs=len(earlier_pairs.label))


def _single_model(
    spec: LeadershipSpec, rows: LabelledRows, counts: Whole, seed: int, counter: ResampleCounter
) -> Additive:
    """Return boosting and, where it has a weight, the regression."""
    boosted = _boosted(spec, rows, counts, seed, counter)
    if spec.estimator.linear_weight == 0:
        return boosted
    linear = regression(boosted, rows.frame, rows.label, counts, spec.estimator.ridge)
    return blended(boosted, linear, spec.estimator.linear_weight)


def counts_together(pairs: LabelledRows, earlier_pairs: LabelledRows, resamples: int, seed: int) -> tuple[Whole, Whole]:
    """Return ``training_counts`` of two sets of rows: a school is as often in a resample of each."""
    schools = np.concatenate([pairs.schools, earlier_pairs.schools])
    label = np.concatenate([pairs.label, earlier_pairs.label])
    size = len(pairs.label)
    counts = training_counts(schools, label, resamples, seed, np.arange(len(label)) < size)
    return counts[:, :size], counts[:, size:]


def _boosted(spec: LeadershipSpec, rows: LabelledRows, counts: Whole, seed: int, counter: ResampleCounter) -> Additive:
    """Return the mean of boosters, one per resample; the schools left out of a resample stop its booster early."""
    names = varying(tuple(spec.features), rows.frame)
    kinds = [spec.features[name].kind for name in names]
    frame = as_fitted(rows.frame, kinds, names)
    boosters = []
    for start in range(0, len(counts), BATCH):
        batch = counts[start : start + BATCH]
        booster = _booster(spec, kinds, len(batch), seed + start)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Missing values detected")  # a bin of their own is wanted
            booster.fit(frame, rows.label, bags=np.where(batch > 0, batch, -1).astype(np.int8).T)
        boosters.append(booster)
        counter.add(len(batch))
    return _as_additive(boosters, tuple(frame.columns), rows.label)


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
    """Return the features that take more than one value in the rows; the rest can explain nothing."""
    return tuple(name for name in names if frame[name].nunique(dropna=True) > 1)


def as_fitted(frame: pd.DataFrame, kinds: Sequence[str], names: tuple[str, ...]) -> pd.DataFrame:
    """Return the features as the booster takes them: floats, and text with None for missing."""
    columns = {}
    for name, kind in zip(names, kinds, strict=True):
        column = frame[name]
        nominal = kind == "nominal"
        columns[name] = column.astype(object).where(column.notna(), None) if nominal else column.astype(float)
    return pd.DataFrame(columns)


def _as_additive(boosters: list[Any], names: tuple[str, ...], label: Whole) -> Additive:
    """Return the boosters as one additive model; their bins are the same, being those of all rows."""
    terms = []
    weights = np.concatenate([np.asarray(booster.bag_weights_, dtype=float) for booster in boosters])
    for number, name in enumerate(names):
        bins = boosters[0].bins_[number][0]
        nominal = isinstance(bins, dict)
        scores = np.vstack([np.asarray(booster.bagged_scores_[number], dtype=float) for booster in boosters])
        terms.append(
            Term(
                feature=name,
                cuts=np.zeros(0) if nominal else np.asarray(bins, dtype=float),
                categories=tuple(sorted(bins, key=lambda key: bins[key])) if nominal else None,
                scores=scores,
                mean=np.average(scores, axis=0, weights=weights),
            )
        )
    intercepts = np.concatenate([np.asarray(booster.bagged_intercept_, dtype=float).ravel() for booster in boosters])
    return Additive(
        terms=tuple(terms),
        intercepts=intercepts,
        intercept=float(np.average(intercepts, weights=weights)),
        base_rate=float(label.mean()),
        trained_on=len(label),
    )


def held_out_logits(spec: LeadershipSpec, rows: LabelledRows, seed: int) -> Floats:
    """Return the logit of each row from a model that saw no row of its school."""
    return _held_out(spec, TrainingSet(rows), seed, ResampleCounter(None, 0))


def _held_out(spec: LeadershipSpec, training: TrainingSet, seed: int, counter: ResampleCounter) -> Floats:
    """Return the logit of each pair from a model that saw no row of its school, be it of an earlier pair."""
    from sklearn.model_selection import StratifiedGroupKFold

    pairs = training.pairs
    logits = np.zeros(len(pairs.label))
    folds = StratifiedGroupKFold(spec.calibration.folds, shuffle=True, random_state=seed)
    for train, test in folds.split(pairs.frame, pairs.label, pairs.schools):
        model = _model(spec, training.where(train), spec.calibration.resamples, seed, counter)
        logits[test] = model.logit(pairs.frame.iloc[test])
    return logits


def _platt(logits: Floats, label: Whole) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    from pilotage.risk.estimators.threads import one_thread

    with one_thread():
        scaling = LogisticRegression(C=1e6).fit(logits[:, None], label)
    slope = float(np.clip(scaling.coef_[0, 0], *SLOPE_RANGE))
    return float(scaling.intercept_[0]), slope
