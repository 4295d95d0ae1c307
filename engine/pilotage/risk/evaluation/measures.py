"""One test of a forecast in full: its measures with intervals, its calibration, and how it stands beside baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.units import INTERVAL
from pilotage.risk.estimators.bootstrap import interval, on_all, resampled
from pilotage.risk.evaluation.baselines import BASELINE, LABELS
from pilotage.risk.evaluation.figures import ranged, rounded
from pilotage.risk.evaluation.metrics import (
    BINS,
    accuracy,
    bins_of,
    calibration_error,
    discrimination,
    logistic_calibration,
    ranking,
    recentred,
)

Floats = NDArray[np.float64]
COMPARED = {  # sign by which more is better
    "auc": 1,
    "average_precision": 1,
    "precision_at_10": 1,
    "recall_at_20": 1,
    "brier": -1,
    "log_loss": -1,
    "log_loss_without_drift": -1,
}
PERFECT = 400  # simulated perfect forecasts
OWN = "forecast"


def measured(rows: pd.DataFrame, resamples: int, seed: int, level: float) -> dict[str, Any]:
    """Return every measure of the forecast ``p`` and of each baseline's column against ``y``.

    All forecasters are measured on the same resamples of schools, so that their differences are paired.
    """
    happened, schools = rows["y"].to_numpy(dtype=float), rows["urn"].to_numpy(dtype=np.int64)
    columns = [str(column) for column in rows if str(column).startswith(BASELINE)]
    names = [name for name in columns if rows[name].notna().all()]
    forecasts = {OWN: rows["p"].to_numpy(dtype=float)} | {name: rows[name].to_numpy(dtype=float) for name in names}
    measure = _measure(forecasts, happened)
    whole, drawn = on_all(measure, len(rows)), resampled(measure, schools, resamples, seed)
    own = {name.split("/")[1]: name for name in whole if name.startswith(f"{OWN}/")}
    return {
        "n": len(rows),
        "schools": len(np.unique(schools)),
        "positives": int(happened.sum()),
        "metrics": {short: ranged(whole[name], drawn[name], level) for short, name in own.items()},
        "calibration": calibration(forecasts[OWN], happened, seed),
        "baselines": {name.removeprefix(BASELINE): _beside(name, whole, drawn, level) for name in names},
    }


def _measure(forecasts: dict[str, Floats], happened: Floats) -> Any:
    prepared = {name: (p, ranking(p), bins_of(p), recentred(p, happened)) for name, p in forecasts.items()}

    def measure(weights: Floats) -> dict[str, Floats]:
        measures: dict[str, Floats] = {}
        for name, (p, ranked, bins, moved) in prepared.items():
            values = discrimination(ranked, happened, weights) | accuracy(p, happened, weights)
            values["log_loss_without_drift"] = accuracy(moved, happened, weights)["log_loss"]
            values["calibration_error"] = calibration_error(p, happened, weights, bins)
            if name == OWN:
                values |= logistic_calibration(p, happened, weights)
            measures |= {f"{name}/{short}": value for short, value in values.items()}
        return measures

    return measure


def _beside(column: str, whole: dict[str, float], drawn: dict[str, Floats], level: float) -> dict[str, Any]:
    """Return a baseline's own values, and by how much the forecast is better, with paired intervals."""
    baseline = column.removeprefix(BASELINE)
    gains = {
        name: ranged(
            sign * (whole[f"{OWN}/{name}"] - whole[f"{column}/{name}"]),
            sign * (drawn[f"{OWN}/{name}"] - drawn[f"{column}/{name}"]),
            level,
        )
        for name, sign in COMPARED.items()
    }
    return {
        "label": LABELS.get(baseline, baseline),
        "metrics": {name: rounded(whole[f"{column}/{name}"]) for name in COMPARED},
        "better_by": gains,
        "beaten": {name: gain["low"] is not None and gain["low"] > 0 for name, gain in gains.items()},
    }


def calibration(p: Floats, happened: Floats, seed: int) -> dict[str, Any]:
    """Return the calibration curve and error, beside those of perfect forecasts of the same size.

    Drift of the base rate is measured apart: ``recentred`` moves all forecasts by one amount on the logit until their
    mean is the share that happened, and measures what is left. ``share_of_perfect_as_large`` is the share of simulated
    worlds, in which every forecast is right, whose error is at least as large: a p-value of "well calibrated".
    """
    moved = recentred(p, happened)
    return {
        "curve": _curve(p, happened),
        **_error(p, happened, seed, centre=False),
        "recentred": _error(moved, happened, seed, centre=True),
    }


def _curve(p: Floats, happened: Floats) -> list[dict[str, Any]]:
    """Return, by bin of the forecast, its size, mean forecast and share that happened with its Wilson interval."""
    from scipy.stats import binomtest

    bins, curve = bins_of(p), []
    for number in np.unique(bins):
        inside = bins == number
        count, hits = int(inside.sum()), int(happened[inside].sum())
        low, high = binomtest(hits, count).proportion_ci(0.95, method="wilson")
        share = {"value": rounded(hits / count), "low": rounded(low), "high": rounded(high)}
        curve.append({"n": count, "mean_forecast": rounded(p[inside].mean()), "happened": share})
    return curve


def _error(p: Floats, happened: Floats, seed: int, *, centre: bool) -> dict[str, Any]:
    bins, ones = bins_of(p, BINS), np.ones((1, len(p)))
    own = float(calibration_error(p, happened, ones, bins)[0])
    perfect = perfect_errors(p, bins, seed, centre=centre)
    low, high = interval(perfect, INTERVAL) or (None, None)
    return {
        "error": rounded(own),
        "error_of_perfect": {"mean": rounded(float(perfect.mean())), "low": rounded(low), "high": rounded(high)},
        "share_of_perfect_as_large": rounded(float((perfect >= own).mean())),
    }


def perfect_errors(p: Floats, bins: NDArray[np.int64], seed: int, *, centre: bool) -> Floats:
    """Return the calibration error in worlds where each row happens with exactly its forecast chance.

    With ``centre``, each world's forecast is first recentred on what happened in it.
    """
    generator = np.random.default_rng([seed, len(p)])
    inside = (bins[:, None] == np.arange(bins.max() + 1)).astype(float)
    errors, size = [], max(1, 2_000_000 // len(p))
    for start in range(0, PERFECT, size):
        worlds = (generator.random((min(size, PERFECT - start), len(p))) < p).astype(float)
        forecast = recentred(p, worlds) if centre else p
        errors.append(np.abs((forecast - worlds) @ inside).sum(axis=1) / len(p))
    return np.concatenate(errors)
