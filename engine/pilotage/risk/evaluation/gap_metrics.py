"""How good a forecast of a distribution was: continuous ranked probability score, coverage, order, calibration.

Intervals come from resamples of authorities, each drawn whole, the same for a forecast and for what it is compared
with, so that a difference is paired.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.units import Z_80
from pilotage.risk.estimators.bootstrap import LEVEL, RESAMPLES, clusters
from pilotage.risk.evaluation.figures import rounded
from pilotage.risk.evaluation.metrics import discrimination, ranking

Floats = NDArray[np.float64]
BINS = 10
PLACES = 5
AT_ONCE = 100  # resamples held at once


def crps_normal(mean: Floats, sd: Floats, seen: Floats) -> Floats:
    """Return the continuous ranked probability score of normal forecasts, in the unit of ``seen``; 0 is perfect.

    ``sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))``, z the standardised error (Gneiting and Raftery, 2007).
    """
    from scipy.stats import norm  # slow to load, and not needed where a plan is made

    z = (seen - mean) / sd
    score: Floats = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    return score


def gap_metrics(rows: pd.DataFrame, seed: int, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Return the measures of one fold's predictions (``gap_backtest.COLUMNS``), each with its interval.

    ``crps_gain``, ``auc_gain_over_gap_now`` and ``brier_gain`` are the baseline less the forecast (for the area under
    the curve the other way round): above zero, the forecast is better.
    """
    value = _measured(rows, np.ones((1, len(rows))))
    by_authority = clusters(rows["authority"].to_numpy(dtype=object).astype(str))
    generator = np.random.default_rng([seed, by_authority.count, len(rows)])
    parts = [_measured(rows, weights) for weights in by_authority.weights(resamples, generator, AT_ONCE)]
    measures: dict[str, Any] = {"schools": len(rows), "authorities": int(rows["authority"].nunique())}
    for name, own in value.items():
        drawn = np.concatenate([part[name] for part in parts])
        low, high = (
            np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if np.isfinite(own[0]) else (np.nan, np.nan)
        )
        measures[name] = {"value": rounded(own[0], PLACES), "low": rounded(low, PLACES), "high": rounded(high, PLACES)}
    return measures | {"calibration": calibration(rows["p"].to_numpy(), rows["y_widens"].to_numpy())}


def _measured(rows: pd.DataFrame, weights: Floats) -> dict[str, Floats]:
    """Return each measure in each resample, shape (resamples,)."""
    columns = _columns(rows)
    means = weights @ np.column_stack(list(columns.values())) / weights.sum(axis=1, keepdims=True)
    happened = rows["y_widens"].to_numpy(float)
    scores = {"auc": rows["p"], "auc_baseline": rows["baseline_p"], "auc_gap_now": -rows["gap_now"]}
    areas = {
        name: discrimination(ranking(score.to_numpy(float)), happened, weights, cuts=())["auc"]
        for name, score in scores.items()
    }
    gain = areas["auc"] - areas["auc_gap_now"]
    return dict(zip(columns, means.T, strict=True)) | areas | {"auc_gain_over_gap_now": gain}


def _columns(rows: pd.DataFrame) -> dict[str, Floats]:
    """Return the measures that are means over rows."""
    y, happened = rows["y"].to_numpy(float), rows["y_widens"].to_numpy(float)
    mean, sd, p = (rows[name].to_numpy(float) for name in ("mean", "sd", "p"))
    base_mean, base_sd, base_p = (rows[f"baseline_{name}"].to_numpy(float) for name in ("mean", "sd", "p"))
    score, base_score = crps_normal(mean, sd, y), crps_normal(base_mean, base_sd, y)
    error, base_error = (p - happened) ** 2, (base_p - happened) ** 2
    return {
        "base_rate": happened,
        "mean_p": p,
        "crps": score,
        "crps_baseline": base_score,
        "crps_gain": base_score - score,
        "coverage_80": (np.abs(y - mean) <= Z_80 * sd).astype(float),
        "coverage_80_baseline": (np.abs(y - base_mean) <= Z_80 * base_sd).astype(float),
        "mean_error": mean - y,
        "brier": error,
        "brier_baseline": base_error,
        "brier_gain": base_error - error,
    }


def calibration(p: Floats, happened: Floats) -> dict[str, Any]:
    """Return mean forecast and share that happened in tenths of the forecast, and their mean distance."""
    order = np.argsort(p, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    rows = [
        {"mean_p": round(float(p[b].mean()), 4), "share": round(float(happened[b].mean()), 4), "schools": len(b)}
        for b in bins
    ]
    error = sum(row["schools"] * abs(row["mean_p"] - row["share"]) for row in rows) / len(p)
    return {"bins": rows, "error": round(error, 4)}
