"""How good a forecast of a distribution was: continuous ranked probability score, coverage, order, calibration.

Intervals come from resamples of authorities, each drawn whole, the same for a forecast and for what it is compared
with, so that a difference is paired.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]
RESAMPLES = 1000
LEVEL = 0.95
BINS = 10
HALF_80 = float(norm.ppf(0.9))


def crps_normal(mean: Floats, sd: Floats, seen: Floats) -> Floats:
    """Return the continuous ranked probability score of normal forecasts, in the unit of ``seen``; 0 is perfect.

    ``sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))``, z the standardised error (Gneiting and Raftery, 2007).
    """
    z = (seen - mean) / sd
    score: Floats = sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    return score


def area_under_curve(score: Floats, happened: Floats) -> float:
    """Return the chance that a row where it happened scores above one where not, ties half; NaN with one class."""
    ones = int(happened.sum())
    if ones in (0, len(happened)):
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[happened > 0].sum() - ones * (ones + 1) / 2) / (ones * (len(happened) - ones)))


def gap_metrics(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Return the measures of one fold's predictions (``gap_backtest.COLUMNS``), each with its interval.

    ``crps_gain``, ``auc_gain_over_gap_now`` and ``brier_gain`` are the baseline less the forecast (for the area under
    the curve the other way round): above zero, the forecast is better.
    """
    measures = _measures(rows)
    drawn = _resampled(rows["authority"].to_numpy(dtype=object), measures, seed)
    every = np.arange(len(rows))
    found: dict[str, Any] = {"schools": len(rows), "authorities": int(rows["authority"].nunique())}
    for name, measure in measures.items():
        low, high = np.nanquantile(drawn[name], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        found[name] = {"value": _rounded(measure(every)), "low": _rounded(low), "high": _rounded(high)}
    return found | {"calibration": calibration(rows["p"].to_numpy(), rows["y_widens"].to_numpy())}


def _rounded(value: float) -> float | None:
    return None if not np.isfinite(value) else round(float(value), 5)


def _measures(rows: pd.DataFrame) -> dict[str, Callable[[NDArray[np.int64]], float]]:
    """Return each measure as a function of the positions of rows."""
    y, happened = rows["y"].to_numpy(float), rows["y_widens"].to_numpy(float)
    mean, sd, p = (rows[name].to_numpy(float) for name in ("mean", "sd", "p"))
    base_mean, base_sd, base_p = (rows[f"baseline_{name}"].to_numpy(float) for name in ("mean", "sd", "p"))
    score, base_score = crps_normal(mean, sd, y), crps_normal(base_mean, base_sd, y)
    inside, base_inside = np.abs(y - mean) <= HALF_80 * sd, np.abs(y - base_mean) <= HALF_80 * base_sd
    error, base_error = (p - happened) ** 2, (base_p - happened) ** 2
    now = -rows["gap_now"].to_numpy(float)
    columns = {
        "base_rate": happened,
        "mean_p": p,
        "crps": score,
        "crps_baseline": base_score,
        "crps_gain": base_score - score,
        "coverage_80": inside.astype(float),
        "coverage_80_baseline": base_inside.astype(float),
        "mean_error": mean - y,
        "brier": error,
        "brier_baseline": base_error,
        "brier_gain": base_error - error,
    }
    found: dict[str, Callable[[NDArray[np.int64]], float]] = {
        name: _mean_of(column) for name, column in columns.items()
    }
    found["auc"] = lambda at: area_under_curve(p[at], happened[at])
    found["auc_baseline"] = lambda at: area_under_curve(base_p[at], happened[at])
    found["auc_gap_now"] = lambda at: area_under_curve(now[at], happened[at])
    found["auc_gain_over_gap_now"] = lambda at: found["auc"](at) - found["auc_gap_now"](at)
    return found


def _mean_of(column: Floats) -> Callable[[NDArray[np.int64]], float]:
    return lambda at: float(column[at].mean())


def _resampled(
    authority: NDArray[np.object_], measures: dict[str, Callable[[NDArray[np.int64]], float]], seed: int
) -> dict[str, Floats]:
    """Return each measure in each resample of authorities, shape (resamples,)."""
    _, place = np.unique(authority.astype(str), return_inverse=True)
    members = [np.flatnonzero(place == number) for number in range(place.max() + 1)]
    generator = np.random.default_rng([seed, len(members), len(authority)])
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(RESAMPLES):
        at = np.concatenate([members[one] for one in generator.integers(0, len(members), len(members))])
        for name, measure in measures.items():
            found[name].append(measure(at))
    return {name: np.array(values) for name, values in found.items()}


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
