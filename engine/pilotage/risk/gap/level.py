"""Gaps as published, with their error of measurement, and the level that is left when that is taken out.

For school i in year y, key stage k: ``g = M(y, k) - d``, M the mean of other pupils nationally, d the mean of the
school's disadvantaged pupils, in pupil SD; positive = behind. ``g = theta + e``, ``e ~ N(0, v)``, ``v = sigma^2 / n``.
Fay and Herriot's model: ``theta = x b + u``, ``u ~ N(0, tau^2)``, x the school's earlier progress of all pupils; then
``theta`` given g has the mean ``x b + B (g - x b)`` and the variance ``B v``, with ``B = tau^2 / (tau^2 + v)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KEYS = ["urn", "key_stage", "year", "known_on", "pupils", "gap"]
HALVINGS = 80
LARGEST_SPREAD = 4.0  # tau, in pupil SD: no school's level is that far off


@dataclass(frozen=True)
class Levels:
    """The underlying gap by school: mean and variance given what was published, and the spread ``tau2`` of schools."""

    mean: Floats
    variance: Floats
    tau2: float


def published_gaps(results: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the gaps of a pupil group by urn, key stage and year: ``KEYS``, in pupil SD.

    ``disadvantaged`` is measured against other pupils nationally, ``all`` against all pupils nationally; a year without
    the group measured against has no gap. The national mean weighs schools by pupils.
    """
    against = {"disadvantaged": "other", "all": "all"}[group]
    given = results[results["progress_sd"].notna() & (results["pupils"] > 0)]
    other = given[given["pupil_group"] == against]
    sums = other.assign(total=other["progress_sd"] * other["pupils"]).groupby(["key_stage", "year"])
    both = sums[["total", "pupils"]].sum()
    national = (both["total"] / both["pupils"]).rename("national").reset_index()
    own = given[given["pupil_group"] == group].merge(national, on=["key_stage", "year"])
    return own.assign(gap=own["national"] - own["progress_sd"])[KEYS].sort_values(["urn", "key_stage", "year"])


def main_stage(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps of each school in one key stage: the one that has most of its pupils over the years."""
    size = gaps.groupby(["urn", "key_stage"])["pupils"].sum().reset_index().sort_values(["urn", "pupils"])
    return gaps.merge(size.drop_duplicates("urn", keep="last")[["urn", "key_stage"]], on=["urn", "key_stage"])


def progress_before(results: pd.DataFrame, rows: pd.DataFrame, pooled_years: int) -> pd.Series:
    """Return all pupils' progress in the years before each row's, pooled by pupils; null where none was published.

    The row's own year is left out: it holds the same pupils, and so the same errors, as the gap.
    """
    published = results[(results["pupil_group"] == "all") & results["progress_sd"].notna() & (results["pupils"] > 0)]
    asked = rows[["urn", "key_stage", "year"]].assign(row=range(len(rows)))
    pairs = asked.merge(published[["urn", "key_stage", "year", "pupils", "progress_sd"]], on=["urn", "key_stage"])
    before = pairs["year_y"].lt(pairs["year_x"]) & pairs["year_y"].gt(pairs["year_x"] - pooled_years)
    pairs = pairs[before].assign(total=pairs["progress_sd"] * pairs["pupils"])
    sums = pairs.groupby("row")[["total", "pupils"]].sum()
    return pd.Series((sums["total"] / sums["pupils"]).reindex(range(len(rows))).to_numpy(), index=rows.index)


def shrunk(gap: Floats, variance: Floats, covariates: Floats) -> Levels:
    """Return the underlying level of each school.

    Parameters
    ----------
    gap, variance
        As published, and its error variance, shape (schools,).
    covariates
        What the expected level depends on beside a constant, shape (schools, any number); missing as zero with a flag.
    """
    design = np.column_stack([np.ones(len(gap)), covariates])
    tau2 = _spread(gap, variance, design)
    expected = design @ _weighted(gap, variance, design, tau2)
    share = tau2 / (tau2 + variance)  # B
    return Levels(expected + share * (gap - expected), share * variance, tau2)


def with_flag(values: pd.Series) -> Floats:
    """Return values less their mean, missing as zero, and where some are missing a flag, shape (rows, 1 or 2)."""
    missing = values.isna().to_numpy()
    centred = (values - values.mean()).fillna(0).to_numpy(dtype=np.float64)
    columns = [centred] + ([missing.astype(np.float64)] if 0 < missing.mean() < 1 else [])
    stacked: Floats = np.column_stack(columns)
    return stacked


def _weighted(gap: Floats, variance: Floats, design: Floats, tau2: float) -> Floats:
    root = 1 / np.sqrt(tau2 + variance)
    solved = np.linalg.lstsq(design * root[:, None], gap * root, rcond=None)[0]
    return np.asarray(solved, dtype=np.float64)


def _spread(gap: Floats, variance: Floats, design: Floats) -> float:
    """Return tau^2 at which the weighted squares of residuals are their degrees of freedom; 0 where they are fewer."""
    freedom = max(1, len(gap) - np.linalg.matrix_rank(design))

    def excess(tau2: float) -> float:
        residual = gap - design @ _weighted(gap, variance, design, tau2)
        return float((residual**2 / (tau2 + variance)).sum() - freedom)

    low, high = 0.0, LARGEST_SPREAD**2
    if excess(low) <= 0:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return high
