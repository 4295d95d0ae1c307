"""Spec -> explainable boosting (interpret-core) and a ridge logistic regression (scikit-learn), as one additive model.

Both are sums of functions of one feature each, and so is their weighted mean: contributions stay exact. So is the sum
with a second such model, of earlier pairs (``leadership/first_snapshot``). Platt scaling on forecasts of held-out
schools calibrates it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.estimators.additive import Additive, Term
from pilotage.risk.estimators.blend import joined
from pilotage.risk.estimators.logistic import regression
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
SLOPE_RANGE = (0.25, 1.5)  # a calibration outside it says that the held-out folds are too small to trust
BATCH = 10  # resamples between two reports of progress
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Rows:
    """Labelled rows: features, ``label`` 0 or 1 and ``schools`` (URNs), each of shape (rows,)."""

    frame: pd.DataFrame
    label: Whole
    schools: Floats

    def where(self, kept: NDArray[Any]) -> Rows:
        """Return some of the rows, by a mask or by position."""
        return Rows(self.frame.iloc[kept], self.label[kept], self.schools[kept])


def fitted(
    spec: LeadershipSpec,
    frame: pd.DataFrame,
    label: Whole,
    schools: Floats,
    seed: int,
    report: Report | None = None,
    earlier: Rows | None = None,
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
    earlier
        Earlier pairs: a model of their own, added with the weight of the spec.
    """
    recent = Rows(frame, label, schools)
    earlier = earlier if weight_of_earlier(spec) > 0 else None
    resamples = spec.estimator.resamples + spec.calibration.folds * spec.calibration.resamples
    told = _Counted(report, resamples * (1 if earlier is None else 2))
    model = _model(spec, recent, earlier, spec.estimator.resamples, seed, told)
    held_out = _held_out(spec, recent, earlier, seed, told)
    shift, slope = _platt(held_out, label)
    return model.calibrated(shift, slope)


def weight_of_earlier(spec: LeadershipSpec) -> float:
    """Return the weight that a spec gives to the model of earlier pairs."""
    return 0.0 if spec.earlier_pairs is None else spec.earlier_pairs.weight


class _Counted:
    """Counts resamples over several fits."""

    def __init__(self, report: Report | None, total: int) -> None:
        self.report, self.total, self.done = report, total, 0

    def add(self, number: int) -> None:
        self.done += number
        if self.report is not None:
            self.report(self.done, self.total)


def _model(
    spec: LeadershipSpec, recent: Rows, earlier: Rows | None, resamples: int, seed: int, told: _Counted
) -> Additive:
    """Return the model of the recent rows, joined with that of the earlier ones; each resample is of the same schools.

    Its terms are counted from their means over the recent rows.
    """
    if earlier is None:
        counts = resampled(recent.schools, recent.label, resamples, seed)
        return _part(spec, recent, counts, seed, told).centred(recent.frame)
    counts, own = resampled_together(recent, earlier, resamples, seed)
    first = _part(spec, recent, counts, seed, told)
    second = _part(spec, earlier, own, seed, told)
    whole = joined(first, second, weight_of_earlier(spec)).centred(recent.frame)
    return replace(whole, earlier_pairs=len(earlier.label))


def _part(spec: LeadershipSpec, rows: Rows, counts: Whole, seed: int, told: _Counted) -> Additive:
    """Return boosting and, where it has a weight, the regression."""
    names = varying(tuple(spec.features), rows.frame)
    kinds = [spec.features[name].kind for name in names]
    boosted = _boosted(spec, as_fitted(rows.frame, kinds, names), kinds, rows.label, counts, seed, told)
    if spec.estimator.linear_weight == 0:
        return boosted
    linear = regression(boosted, rows.frame, rows.label, counts, spec.estimator.ridge)
    return joined(boosted, linear, spec.estimator.linear_weight)


def resampled(schools: Floats, label: Whole, resamples: int, seed: int, part: NDArray[np.bool_] | None = None) -> Whole:
    """Return how often each row is in each resample, shape (resamples, rows): schools drawn with replacement.

    A resample without both outcomes, in and out, is drawn again; with ``part``, rows in it and rows not in it must each
    have both.
    """
    _, place = np.unique(schools, return_inverse=True)
    size = int(place.max()) + 1
    generator = np.random.default_rng([seed, size, resamples])
    parts = [np.ones(len(label), dtype=bool)] if part is None else [part, ~part]
    found = np.zeros((resamples, len(label)), dtype=np.int64)
    for number in range(resamples):
        for _ in range(1000):
            found[number] = np.bincount(generator.integers(0, size, size), minlength=size)[place]
            if all(_both_outcomes(label[rows], found[number, rows]) for rows in parts):
                break
    return found


def resampled_together(recent: Rows, earlier: Rows, resamples: int, seed: int) -> tuple[Whole, Whole]:
    """Return ``resampled`` of two sets of rows: a school in a resample of one is as often in that of the other."""
    schools = np.concatenate([recent.schools, earlier.schools])
    label = np.concatenate([recent.label, earlier.label])
    size = len(recent.label)
    counts = resampled(schools, label, resamples, seed, np.arange(len(label)) < size)
    return counts[:, :size], counts[:, size:]


def _both_outcomes(label: Whole, count: Whole) -> bool:
    """Return whether both outcomes are among the rows drawn, and among those not drawn."""
    inside, outside = label[count > 0], label[count == 0]
    return len(set(inside.tolist())) == len(set(outside.tolist())) == 2


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


def held_out_logits(spec: LeadershipSpec, frame: pd.DataFrame, label: Whole, schools: Floats, seed: int) -> Floats:
    """Return the logit of each row from a model that saw no row of its school."""
    return _held_out(spec, Rows(frame, label, schools), None, seed, _Counted(None, 0))


def _held_out(spec: LeadershipSpec, recent: Rows, earlier: Rows | None, seed: int, told: _Counted) -> Floats:
    """Return the logit of each recent row from a model that saw no row of its school, recent or earlier."""
    from sklearn.model_selection import StratifiedGroupKFold

    logits = np.zeros(len(recent.label))
    folds = StratifiedGroupKFold(spec.calibration.folds, shuffle=True, random_state=seed)
    few = spec.calibration.resamples
    for train, test in folds.split(recent.frame, recent.label, recent.schools):
        others = earlier and earlier.where(~np.isin(earlier.schools, recent.schools[test]))
        model = _model(spec, recent.where(train), others, few, seed, told)
        logits[test] = model.logit(recent.frame.iloc[test])
    return logits


def _platt(logits: Floats, label: Whole) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    scaling = LogisticRegression(C=1e6).fit(logits[:, None], label)
    slope = float(np.clip(scaling.coef_[0, 0], *SLOPE_RANGE))
    return float(scaling.intercept_[0]), slope
