"""How firm an order of schools is: between the resamples of one model, and from one year's forecast to the next."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.risk.evaluation.figures import rounded

TOP = 0.10


def between_resamples(draws: NDArray[np.float32]) -> dict[str, float | None]:
    """Return the mean over pairs of resamples of the rank correlation, and of the share that two top tenths share.

    Parameters
    ----------
    draws
        Shape (rows, resamples).
    """
    from scipy.stats import rankdata

    if draws.shape[1] < 2 or len(draws) < 20:
        return {"spearman": None, "top_tenth_shared": None}
    ranks = rankdata(draws, axis=0)
    correlation = np.asarray(np.corrcoef(ranks, rowvar=False), dtype=np.float64)
    top = _top(np.asarray(draws, dtype=np.float64))
    shared = top.T @ top / top.sum(axis=0)[:, None]
    return {"spearman": rounded(_off_diagonal(correlation)), "top_tenth_shared": rounded(_off_diagonal(shared))}


def between_folds(forecasts: list[pd.DataFrame]) -> list[dict[str, Any]]:
    """Return, for each two folds that follow one another, how similarly they order the schools that both forecast.

    Parameters
    ----------
    forecasts
        One frame per fold, in time: ``urn``, ``p``, ``fold``.
    """
    return [_between(first, second) for first, second in pairwise(forecasts)]


def _between(first: pd.DataFrame, second: pd.DataFrame) -> dict[str, Any]:
    from scipy.stats import spearmanr

    both = first[["urn", "p"]].merge(second[["urn", "p"]], on="urn", suffixes=("", "_next"))
    entry: dict[str, Any] = {
        "from": str(first["fold"].iloc[0]),
        "to": str(second["fold"].iloc[0]),
        "schools": len(both),
    }
    if len(both) < 20:
        return entry | {"spearman": None, "top_tenth_shared": None}
    top = _top(both[["p", "p_next"]].to_numpy(dtype=float))
    shared = float((top[:, 0] * top[:, 1]).sum() / top[:, 0].sum())
    correlation = float(spearmanr(both["p"], both["p_next"]).statistic)
    return entry | {"spearman": rounded(correlation), "top_tenth_shared": rounded(shared)}


def _top(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 for the highest tenth of each column; equal values by the order of rows."""
    count = max(1, round(TOP * len(values)))
    order = np.argsort(-values, axis=0, kind="stable")
    inside = np.zeros(values.shape)
    np.put_along_axis(inside, order[:count], 1.0, axis=0)
    return inside


def _off_diagonal(matrix: NDArray[np.float64]) -> float:
    outside = ~np.eye(len(matrix), dtype=bool)
    return float(np.nanmean(matrix[outside]))
