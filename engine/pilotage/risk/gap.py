"""The disadvantage gap: level, trend and chance that it widens, with error of measurement taken out first.

For school i in year y, key stage k: ``g = M(y, k) - d``, M the mean of other pupils nationally, d the mean of the
school's disadvantaged pupils, in pupil SD; positive = behind. Over the last years, ``g = level + trend (y - last) +
error`` with error variance ``sigma^2 / n``. Level and trend are shrunk to their group's mean by empirical Bayes,
together (a 2 x 2 normal model), so that small cohorts and return to the mean are not sold as forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from pilotage.domain.forecast import OutcomeState
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.spec import GapSpec

Floats = NDArray[np.float64]
NO_RESULTS = "the files of this era publish no results by disadvantage"
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Gaps:
    """The gap by urn: level and expected change over the horizon in months, chance that it widens, its draws."""

    state: OutcomeState
    table: pd.DataFrame  # index urn: gap_months, gap_raw_months, gap_change_months, gap_change_sd_months, p_widens
    draws: NDArray[np.float32]


def forecast_gap(panel: SchoolPanel, spec: GapSpec, horizon_months: int, seed: int) -> Gaps:
    """Return the gap of every school with results known by the panel's date."""
    observed = observed_gaps(panel, spec)
    if len(observed) == 0:
        return _unavailable(NO_RESULTS)
    lines = _lines(observed, spec.pupil_sd)
    if len(lines) < spec.smallest_training:
        return _unavailable(
            f"only {len(lines):,} schools have a published gap, under {spec.smallest_training:,}", len(lines)
        )
    groups = _groups(lines, panel, spec)
    shrunk = _shrunk(lines, groups)
    return _forecast(lines, shrunk, groups, spec, horizon_months, seed)


def observed_gaps(panel: SchoolPanel, spec: GapSpec) -> pd.DataFrame:
    """Return published gaps known by the date, of the last years: urn, key_stage, year, pupils, gap (SD)."""
    known = panel.results[
        (panel.results["known_on"] <= pd.Timestamp(panel.as_of)) & panel.results["progress_sd"].notna()
    ]
    other = known[known["pupil_group"] == "other"]
    sums = (
        other.assign(total=other["progress_sd"] * other["pupils"])
        .groupby(["key_stage", "year"])[["total", "pupils"]]
        .sum()
    )
    national = (sums["total"] / sums["pupils"]).rename("national").reset_index()
    own = known[known["pupil_group"] == "disadvantaged"].merge(national, on=["key_stage", "year"])
    own = own[own["year"] > own["year"].max() - spec.pooled_years] if len(own) else own
    return own.assign(gap=own["national"] - own["progress_sd"])[["urn", "key_stage", "year", "pupils", "gap"]]


def _lines(observed: pd.DataFrame, pupil_sd: float) -> pd.DataFrame:
    """Return each school's sums of a weighted straight line, by urn: information, its vector, last year, key stage.

    A school with several key stages is taken by the one with most pupils.
    """
    size = observed.groupby(["urn", "key_stage"])["pupils"].sum().reset_index()
    main = size.sort_values(["urn", "pupils"]).drop_duplicates("urn", keep="last")[["urn", "key_stage"]]
    rows = observed.merge(main, on=["urn", "key_stage"])
    weight = rows["pupils"] / pupil_sd**2
    time = rows["year"] - rows["year"].max()
    parts = {"a": weight, "b": weight * time, "c": weight * time**2, "u": weight * rows["gap"]}
    sums = rows[["urn"]].assign(**parts, v=weight * time * rows["gap"], n=1).groupby("urn").sum()
    last = rows.sort_values("year").groupby("urn").agg(last_year=("year", "last"), raw=("gap", "last"))
    return sums.join(last).join(main.set_index("urn"))


def _groups(lines: pd.DataFrame, panel: SchoolPanel, spec: GapSpec) -> NDArray[np.int64]:
    """Return the group of each school, numbered: schools of a group share a mean level and trend."""
    schools = panel.schools.set_index("urn").reindex(lines.index)
    keys = {"key_stage": lines["key_stage"], "area": schools["area"].notna(), "region": schools["region"]}
    frame = pd.DataFrame({name: keys[name] for name in spec.pool_by}, index=lines.index)
    groups = frame.groupby(list(spec.pool_by), sort=True, dropna=False).ngroup()
    return groups.to_numpy().astype(np.int64)


@dataclass(frozen=True)
class Shrunk:
    """Posterior of (level, trend): means (schools, 2), covariances (schools, 2, 2), standard errors by group."""

    mean: Floats
    covariance: Floats
    group_error: Floats


def _information(lines: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the information matrices (schools, 2, 2) and vectors (schools, 2) of the straight lines."""
    columns = lines[["a", "b", "c", "u", "v"]].to_numpy(dtype=np.float64)
    return columns[:, [0, 1, 1, 2]].reshape(-1, 2, 2), columns[:, 3:]


def _shrunk(lines: pd.DataFrame, groups: NDArray[np.int64], rounds: int = 60) -> Shrunk:
    """Return the empirical-Bayes posterior, hyperparameters by expectation-maximisation within each group."""
    matrix, vector = _information(lines)
    mean, covariance = np.zeros((len(lines), 2)), np.zeros((len(lines), 2, 2))
    errors = np.zeros((groups.max() + 1, 2))
    for group in range(groups.max() + 1):
        inside = groups == group
        centre, spread = np.zeros(2), np.diag([0.04, 0.001])
        for _ in range(rounds):
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
    lines: pd.DataFrame, shrunk: Shrunk, groups: NDArray[np.int64], spec: GapSpec, horizon_months: int, seed: int
) -> Gaps:
    """Return level and change in months; the draws move each group's mean trend by its own error."""
    month, years = spec.conversion.sd_per_month, horizon_months / MONTHS_A_YEAR
    change = shrunk.mean[:, 1] * years / month
    change_sd = np.sqrt(shrunk.covariance[:, 1, 1]) * years / month
    generator = np.random.default_rng([seed, len(lines)])
    moved = generator.normal(0, 1, (groups.max() + 1, spec.resamples)) * shrunk.group_error[:, 1:] * years / month
    draws = norm.sf((spec.widens_by_months - change[:, None] - moved[groups]) / change_sd[:, None])
    table = pd.DataFrame(
        {
            "gap_months": shrunk.mean[:, 0] / month,
            "gap_raw_months": lines["raw"].to_numpy() / month,
            "gap_change_months": change,
            "gap_change_sd_months": change_sd,
            "p_widens": norm.sf((spec.widens_by_months - change) / change_sd),
            "last_year": lines["last_year"].to_numpy(),
        },
        index=lines.index,
    )
    why = f"from {int(lines['n'].sum()):,} published gaps of {len(lines):,} schools, shrunk by cohort size"
    return Gaps(OutcomeState(True, why, len(lines)), table, draws.astype(np.float32))


def _unavailable(why: str, count: int = 0) -> Gaps:
    columns = ["gap_months", "gap_raw_months", "gap_change_months", "gap_change_sd_months", "p_widens", "last_year"]
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in columns}, index=pd.Index([], name="urn"))
    return Gaps(OutcomeState(False, why, count), empty, np.zeros((0, 0), dtype=np.float32))
