"""Level and trend of many short, noisy series, shrunk to their common mean by empirical Bayes.

Series i in year y, t(y) years from the middle of the window: ``r(i, y) = L(i) + S(i) t(y) + e(i, y)``, with
``L ~ N(0, a^2)``, ``S ~ N(0, b^2)``, ``e ~ N(0, s^2 / n(i, y) + c^2)``: s the pupil standard deviation, n the pupils, c a
year's own shock. (a, b, c) maximise the marginal likelihood; the posterior of (L, S) is then normal. A small cohort has
a large s^2 / n and is shrunk more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

START = np.log([0.15, 0.03, 0.05])
BOUNDS = [(np.log(1e-3), np.log(3.0))] * 3
LARGEST_LOG_SD = 0.7  # of a parameter's draws, where the likelihood hardly bounds it
STEP = 0.05


@dataclass(frozen=True)
class Series:
    """Residuals and pupils, shape (schools, years), NaN and 0 where not published; years from the window's middle."""

    residual: Floats
    pupils: Floats
    years: Floats
    pupil_sd: float


@dataclass(frozen=True)
class Posterior:
    """Mean of level and slope, their variances and covariance, one value per school."""

    level: Floats
    slope: Floats
    level_variance: Floats
    slope_variance: Floats
    covariance: Floats


def estimate(series: Series) -> tuple[Floats, Floats]:
    """Return the logarithms of (a, b, c) and the covariance of their estimates."""

    def loss(log_sds: Floats) -> float:
        return -log_likelihood(series, log_sds)

    best = np.asarray(minimize(loss, START, method="L-BFGS-B", bounds=BOUNDS).x, dtype=np.float64)
    return best, _covariance(series, best)


def posterior(series: Series, log_sds: Floats) -> Posterior:
    """Return what is known of every level and slope, given (a, b, c)."""
    sums = _sums(series, log_sds)
    det = sums["ll"] * sums["ss"] - sums["ls"] ** 2
    return Posterior(
        level=(sums["ss"] * sums["l"] - sums["ls"] * sums["s"]) / det,
        slope=(sums["ll"] * sums["s"] - sums["ls"] * sums["l"]) / det,
        level_variance=sums["ss"] / det,
        slope_variance=sums["ll"] / det,
        covariance=-sums["ls"] / det,
    )


def log_likelihood(series: Series, log_sds: Floats) -> float:
    """Return the marginal log likelihood, up to a constant."""
    sums, found = _sums(series, log_sds), posterior(series, log_sds)
    det = sums["ll"] * sums["ss"] - sums["ls"] ** 2
    fit = found.level * sums["l"] + found.slope * sums["s"]
    prior = 2 * (log_sds[0] + log_sds[1])
    return float(-0.5 * np.sum(sums["log_variance"] + prior + np.log(det) + sums["square"] - fit))


def _sums(series: Series, log_sds: Floats) -> dict[str, Floats]:
    level_sd, slope_sd, shock_sd = np.exp(log_sds)
    seen = np.isfinite(series.residual)
    variance = series.pupil_sd**2 / np.where(seen, series.pupils, 1.0) + shock_sd**2
    weight = seen / variance
    residual, t = np.where(seen, series.residual, 0.0), series.years[None, :]
    return {
        "ll": weight.sum(axis=1) + level_sd**-2,
        "ls": (weight * t).sum(axis=1),
        "ss": (weight * t**2).sum(axis=1) + slope_sd**-2,
        "l": (weight * residual).sum(axis=1),
        "s": (weight * t * residual).sum(axis=1),
        "square": (weight * residual**2).sum(axis=1),
        "log_variance": (seen * np.log(variance)).sum(axis=1),
    }


def _covariance(series: Series, best: Floats) -> Floats:
    """Return the inverse of the likelihood's curvature, its standard deviations cut at ``LARGEST_LOG_SD``."""
    steps = np.eye(3) * STEP
    curvature = np.array([[_second(series, best, one, two) for two in steps] for one in steps])
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    variances = 1 / np.maximum(values, LARGEST_LOG_SD**-2)
    found: Floats = (vectors * variances) @ vectors.T
    return found


def _second(series: Series, best: Floats, one: Floats, two: Floats) -> float:
    corners = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
    total = sum(sign * log_likelihood(series, best + i * one + j * two) for i, j, sign in corners)
    return -total / (4 * STEP**2)
