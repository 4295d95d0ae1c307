"""Level and trend of the gap by school, from a straight line through several years, shrunk to schools like it.

Over the last years, ``g = level + trend (y - last) + error`` with error variance ``sigma^2 / n``. Level and trend are
shrunk to their group's mean by empirical Bayes, together (a 2 x 2 normal model), so that small cohorts and return to
the mean are not taken for a forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from pilotage.domain.forecast import OutcomeState
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import MONTHS_A_YEAR
from pilotage.risk.gap.level import main_stage
from pilotage.risk.gap.table import Gaps
from pilotage.risk.gap.wide import Underlying, chances_wide
from pilotage.risk.spec.gap import GapSpec

Floats = NDArray[np.float64]


def forecast_by_trend(
    observed: pd.DataFrame, panel: SchoolPanel, spec: GapSpec, horizon_months: int, seed: int
) -> Gaps:
    """Return the gap of every school of ``observed`` (urn, key_stage, year, pupils, gap), by its own trend, shrunk."""
    sums = _sums(observed, spec.pupil_sd)
    groups = _groups(sums, panel, spec)
    shrunk = _shrunk(sums, groups)
    return _forecast(sums, shrunk, groups, spec, horizon_months, seed)


def _sums(observed: pd.DataFrame, pupil_sd: float) -> pd.DataFrame:
    """Return each school's sums of a weighted straight line, by urn: information, its vector, last year, key stage."""
    rows = main_stage(observed)
    weight = rows["pupils"] / pupil_sd**2
    time = rows["year"] - rows["year"].max()
    parts = {"a": weight, "b": weight * time, "c": weight * time**2, "u": weight * rows["gap"]}
    sums = rows[["urn"]].assign(**parts, v=weight * time * rows["gap"], n=1).groupby("urn").sum()
    latest = rows.sort_values("year").groupby("urn")
    return sums.join(latest.agg(last_year=("year", "last"), raw=("gap", "last"), key_stage=("key_stage", "last")))


def _groups(sums: pd.DataFrame, panel: SchoolPanel, spec: GapSpec) -> NDArray[np.int64]:
    """Return the group of each school, numbered: schools of a group share a mean level and trend."""
    schools = panel.schools.set_index("urn").reindex(sums.index)
    keys = {"key_stage": sums["key_stage"], "area": schools["area"].notna(), "region": schools["region"]}
    frame = pd.DataFrame({name: keys[name] for name in spec.pool_by}, index=sums.index)
    groups = frame.groupby(list(spec.pool_by), sort=True, dropna=False).ngroup()
    return groups.to_numpy().astype(np.int64)


@dataclass(frozen=True)
class Shrunk:
    """Posterior of (level, trend): means (schools, 2), covariances (schools, 2, 2), standard errors by group."""

    mean: Floats
    covariance: Floats
    group_error: Floats


def _information(sums: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the information matrices (schools, 2, 2) and vectors (schools, 2) of the straight lines."""
    columns = sums[["a", "b", "c", "u", "v"]].to_numpy(dtype=np.float64)
    return columns[:, [0, 1, 1, 2]].reshape(-1, 2, 2), columns[:, 3:]


def _shrunk(sums: pd.DataFrame, groups: NDArray[np.int64], iterations: int = 60) -> Shrunk:
    """Return the empirical-Bayes posterior, hyperparameters by expectation-maximisation within each group."""
    matrix, vector = _information(sums)
    mean, covariance = np.zeros((len(sums), 2)), np.zeros((len(sums), 2, 2))
    errors = np.zeros((groups.max() + 1, 2))
    for group in range(groups.max() + 1):
        inside = groups == group
        centre, spread = np.zeros(2), np.diag([0.04, 0.001])
        for _ in range(iterations):
            precision = np.linalg.inv(spread)
            posterior = np.linalg.inv(matrix[inside] + precision)
            expected = np.einsum("sij,sj->si", posterior, vector[inside] + precision @ centre)
            centre = expected.mean(axis=0)
            off = expected - centre
            spread = (posterior + off[:, :, None] * off[:, None, :]).mean(axis=0) + np.diag([1e-8, 1e-8])
        mean[inside], covariance[inside] = expected, posterior
        errors[group] = np.sqrt(np.diag(spread) / inside.sum())
    return Shrunk(mean, covariance, errors)


def _forecast(
    sums: pd.DataFrame, shrunk: Shrunk, groups: NDArray[np.int64], spec: GapSpec, horizon_months: int, seed: int
) -> Gaps:
    """Return level and change in months; the draws move each group's mean trend by its own error."""
    month, years = spec.conversion.sd_per_month, horizon_months / MONTHS_A_YEAR
    change = shrunk.mean[:, 1] * years / month
    change_sd = np.sqrt(shrunk.covariance[:, 1, 1]) * years / month
    generator = np.random.default_rng([seed, len(sums)])
    moved = generator.normal(0, 1, (groups.max() + 1, spec.resamples)) * shrunk.group_error[:, 1:] * years / month
    draws = ndtr(-(spec.widens_by_months - change[:, None] - moved[groups]) / change_sd[:, None])
    underlying = Underlying(
        sums["key_stage"].to_numpy(dtype=object),
        shrunk.mean[:, 0] / month,
        np.sqrt(shrunk.covariance[:, 0, 0]) / month,
        shrunk.mean[:, 0] / month + change,
        _later_sd(shrunk, years) / month,
    )
    wide, wide_draws = chances_wide(underlying, moved[groups])
    table = pd.DataFrame(
        {
            "gap_months": underlying.mean,
            "gap_months_at_horizon": underlying.later_mean,
            "p_gap_wide": wide,
            "gap_raw_months": sums["raw"].to_numpy() / month,
            "gap_change_months": change,
            "gap_change_sd_months": change_sd,
            "later_sd_months": underlying.later_sd,
            "chance": ndtr(-(spec.widens_by_months - change) / change_sd),
            "last_year": sums["last_year"].to_numpy(),
        },
        index=sums.index,
    )
    why = f"from {int(sums['n'].sum()):,} published gaps of {len(sums):,} schools, shrunk by cohort size"
    later = underlying.later_draws(moved[groups])
    return Gaps(OutcomeState(True, why, len(sums)), table, draws.astype(np.float32), wide_draws, later)


def _later_sd(shrunk: Shrunk, years: float) -> Floats:
    """Return the spread of the level after some years: of ``level + trend years``."""
    ahead = np.array([1.0, years])
    spread: Floats = np.sqrt(np.einsum("i,sij,j->s", ahead, shrunk.covariance, ahead))
    return spread
