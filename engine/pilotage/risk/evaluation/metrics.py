"""Measures of a forecast under weights: one row of weights per resample of the schools, all resamples at once.

With weights of one each measure is scikit-learn's own (a test compares them). Rows with one score are one group: a
forecast that gives two schools one score gets no credit for the order of their rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
CUTS = (0.05, 0.10, 0.20)
BINS = 10
MOST_STEPS, LONGEST_STEP, CLOSE = 30, 2.0, 1e-8  # of Newton's method, which takes a handful
FLAT = 1e-9  # a spread of logits under it is rounding: the forecasts are equal
SMALLEST = 1e-6  # a forecast is held inside (0, 1) by this much for the log loss and the logit


@dataclass(frozen=True)
class Ranking:
    """Rows from the highest score down, and where each group of tied scores starts."""

    order: NDArray[np.int64]
    starts: NDArray[np.int64]


def ranking(score: Floats) -> Ranking:
    """Return the ranking of a score, shape (rows,)."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    return Ranking(order.astype(np.int64), starts.astype(np.int64))


def discrimination(
    ranked: Ranking, happened: Floats, weights: Floats, cuts: tuple[float, ...] = CUTS
) -> dict[str, Floats]:
    """Return area under the curve, average precision, and precision, recall, lift and ceiling at each cut.

    Parameters
    ----------
    happened
        0 or 1, shape (rows,).
    weights
        How often each row counts, shape (resamples, rows).

    Returns
    -------
    dict
        Each of shape (resamples,); not a number where a resample holds one class only.
    """
    rows = np.add.reduceat(weights[:, ranked.order], ranked.starts, axis=1)
    hits = np.add.reduceat((weights * happened)[:, ranked.order], ranked.starts, axis=1)
    all_rows, all_hits = rows.sum(axis=1), hits.sum(axis=1)
    rows_above, hits_above = rows.cumsum(axis=1), hits.cumsum(axis=1)
    misses = rows - hits
    below = (all_rows - all_hits)[:, None] - (rows_above - hits_above)
    with np.errstate(divide="ignore", invalid="ignore"):
        area = (hits * (below + misses / 2)).sum(axis=1) / (all_hits * (all_rows - all_hits))
        precision = np.nan_to_num(hits_above / rows_above)
        measures = {"auc": area, "average_precision": (hits * precision).sum(axis=1) / all_hits}
        for cut in cuts:
            measures |= _at(cut, rows_above, hits_above)
    return measures


def _at(cut: float, rows_above: Floats, hits_above: Floats) -> dict[str, Floats]:
    """Return what the top share holds; a group that the cut divides counts in proportion."""
    wanted = cut * rows_above[:, -1]
    held = np.array(
        [np.interp(w, np.r_[0, r], np.r_[0, h]) for w, r, h in zip(wanted, rows_above, hits_above, strict=True)]
    )
    base, name = hits_above[:, -1] / rows_above[:, -1], f"{cut:.0%}".rstrip("%")
    recall = held / hits_above[:, -1]
    return {
        f"precision_at_{name}": held / wanted,
        f"recall_at_{name}": recall,
        f"lift_at_{name}": recall / cut,
        f"recall_ceiling_at_{name}": recall_ceiling(cut, base),
    }


def recall_ceiling(cut: float, base_rate: Floats) -> Floats:
    """Return the most that the top share can hold of all that happened: ``cut / base rate``, at most 1."""
    return np.minimum(1.0, cut / base_rate)


def accuracy(p: Floats, happened: Floats, weights: Floats) -> dict[str, Floats]:
    """Return Brier score, its skill over the base rate, log loss, base rate, mean forecast and drift, by resample."""
    inside = np.clip(p, SMALLEST, 1 - SMALLEST)
    losses = np.column_stack(
        [(p - happened) ** 2, -np.where(happened > 0, np.log(inside), np.log1p(-inside)), happened, p]
    )
    brier, log_loss, base, mean = (weights @ losses / weights.sum(axis=1, keepdims=True)).T
    with np.errstate(divide="ignore", invalid="ignore"):
        skill = 1 - brier / (base * (1 - base))
    return {
        "brier": brier,
        "brier_skill": skill,
        "log_loss": log_loss,
        "base_rate": base,
        "mean_forecast": mean,
        "drift": mean - base,
    }


def logistic_calibration(p: Floats, happened: Floats, weights: Floats) -> dict[str, Floats]:
    """Return intercept a and slope b of ``logit P(happened) = a + b logit p``, by maximum likelihood, by resample.

    A perfect forecast has 0 and 1; a slope below 1 says that forecasts lie too far apart. Not a number where a
    resample has none: one class only, equal forecasts, or classes that a forecast parts wholly.
    """
    held = np.clip(p, SMALLEST, 1 - SMALLEST)
    logit = np.log(held) - np.log1p(-held)
    fit, step = np.tile([0.0, 1.0], (len(weights), 1)), np.zeros((len(weights), 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(MOST_STEPS):
            step = _newton(logit, happened, weights, fit)
            fit = fit + np.clip(step, -LONGEST_STEP, LONGEST_STEP)
            if not (np.abs(step) > CLOSE).any():
                break
    fit = np.where((np.abs(step) <= CLOSE).all(axis=1, keepdims=True), fit, np.nan)
    return {"calibration_intercept": fit[:, 0], "calibration_slope": fit[:, 1]}


def _newton(logit: Floats, happened: Floats, weights: Floats, fit: Floats) -> Floats:
    """Return Newton's step of the intercept and the slope of each fit, shape (resamples, 2); null where none is."""
    chance = expit(fit[:, :1] + fit[:, 1:] * logit)
    off, spread = weights * (happened - chance), weights * chance * (1 - chance)
    up, turn = off.sum(axis=1), off @ logit
    flat, slant, steep = spread.sum(axis=1), spread @ logit, spread @ logit**2
    determinant = flat * steep - slant**2
    determinant = np.where(determinant > FLAT * flat * steep, determinant, np.nan)
    steps = np.column_stack([steep * up - slant * turn, flat * turn - slant * up])
    return np.asarray(steps / determinant[:, None], dtype=np.float64)


def bins_of(p: Floats, bins: int = BINS) -> NDArray[np.int64]:
    """Return the bin of each forecast: equal numbers of rows, tied forecasts together."""
    edges = np.unique(np.quantile(p, np.arange(1, bins) / bins))
    return np.searchsorted(edges, p, side="left").astype(np.int64)


def calibration_error(p: Floats, happened: Floats, weights: Floats, bins: NDArray[np.int64]) -> Floats:
    """Return the expected calibration error: mean over rows of the distance of their bin's mean forecast and share."""
    inside = (bins[:, None] == np.arange(bins.max() + 1)).astype(float)
    off = weights @ ((p - happened)[:, None] * inside)
    return np.asarray(np.abs(off).sum(axis=1) / weights.sum(axis=1), dtype=np.float64)


def recentred(p: Floats, happened: Floats) -> Floats:
    """Return forecasts moved on the logit, all by one amount, so that their mean is the share that happened.

    ``happened`` may hold many outcomes, shape (worlds, rows): then so does the result.
    """
    logit = np.log(np.clip(p, SMALLEST, 1 - SMALLEST)) - np.log1p(-np.clip(p, SMALLEST, 1 - SMALLEST))
    target = np.clip(happened.mean(axis=-1, keepdims=True), SMALLEST, 1 - SMALLEST)
    shift = np.zeros_like(target)
    for _ in range(12):
        moved = 1 / (1 + np.exp(-(logit + shift)))
        shift += (target - moved.mean(axis=-1, keepdims=True)) / (moved * (1 - moved)).mean(axis=-1, keepdims=True)
    return np.asarray(1 / (1 + np.exp(-(logit + shift))), dtype=np.float64)
