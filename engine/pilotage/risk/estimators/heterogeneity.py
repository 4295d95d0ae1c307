"""Unobserved heterogeneity: how far schools that look the same in all that is known differ in their own chance.

School i has, besides what is known of it, a lasting part of its own: ``logit q(i) = a(i) + w b(i)``, b standard normal.
It shows where a grade below good repeats more often than what is known of the school, its own record apart, explains.
Of consecutive grades (y1, y2) of a school, with a forecast f of y2 that knows nothing of the school's own record:

``logit P(y2) = c + k f + g y1``

and w is the standard deviation at which a random intercept gives the log odds ratio g. w is used whole: what the last
grade shows of the lasting part is not taken off, so that it stands for what happens between two inspections, which no
pair of grades can show. Where a bad grade sets help in motion g, and so w, is too low. Source: random-intercept
logistic models of paired binary outcomes (Diggle, Heagerty, Liang and Zeger, Analysis of Longitudinal Data, 2002,
chapter 9).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from pilotage.domain.units import INTERVAL
from pilotage.risk.estimators.additive import probability
from pilotage.risk.estimators.boosting import held_out_logits, varying
from pilotage.risk.estimators.rows import LabelledRows, PairRecord
from pilotage.risk.features.declared import Feature
from pilotage.risk.spec.leadership import LeadershipSpec

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LARGEST = 8.0  # of w; at it nine schools of ten are sure to be one or the other
FEWEST = 20  # pairs in each cell of the two-by-two table of grades
RESAMPLES = 2  # of the forecast without the own record: it needs its mean alone
NODES = 80
EXAMPLE = 0.2  # the forecast at which words say the spread
OF_OTHER_SCHOOLS = frozenset(
    {"neighbour_mean", "others_below_good", "others_fell"}
)  # transformations of other schools' grades


def heterogeneity(spec: LeadershipSpec, record: PairRecord, seed: int) -> float | None:
    """Return w, in logits; None where the pairs are too few."""
    cells = np.bincount(2 * record.before + record.after, minlength=4)
    blind = _without_own_record(spec)
    if cells.min() < FEWEST or not varying(tuple(blind.features), record.frame):
        return None
    forecast = held_out_logits(blind, LabelledRows(record.frame, record.after, record.schools), seed)
    return random_intercept_sd(_log_odds_ratio(forecast, record), float(record.after.mean()))


def spread_words(spread: float | None) -> str:
    """Return how far schools that look alike differ, for the state of an outcome; no interval of a list holds it."""
    if spread is None:
        return "too few pairs tell how far schools that look alike differ"
    low, high = interval_at(EXAMPLE, spread)
    return (
        f"schools that look alike differ: of those forecast at {EXAMPLE:.0%}, nine in ten have a chance of their own "
        f"between {low:.0%} and {high:.0%}"
    )


def _without_own_record(spec: LeadershipSpec) -> LeadershipSpec:
    features = {name: feature for name, feature in spec.features.items() if not of_own_record(feature)}
    few = spec.calibration.model_copy(update={"resamples": RESAMPLES})
    return spec.model_copy(update={"features": features, "calibration": few})


def of_own_record(feature: Feature) -> bool:
    """Return whether a feature is of the school's own inspections."""
    return feature.table == "inspections" and feature.transformation not in OF_OTHER_SCHOOLS


def _log_odds_ratio(forecast: Floats, record: PairRecord) -> float:
    """Return g: how much likelier, on the logit, a grade below good is after one, beside what the forecast says."""
    from sklearn.linear_model import LogisticRegression

    from pilotage.risk.estimators.threads import one_thread

    with one_thread():
        model = LogisticRegression(C=1e6).fit(np.column_stack([forecast, record.before]), record.after)
    return float(model.coef_[0, 1])


def random_intercept_sd(log_odds_ratio: float, rate: float) -> float:
    """Return the standard deviation of a normal random intercept that gives two outcomes this log odds ratio.

    Parameters
    ----------
    rate
        Mean chance of the outcome, in (0, 1).
    """
    from scipy.optimize import brentq

    if log_odds_ratio <= 0:
        return 0.0
    if log_odds_ratio >= implied_log_odds_ratio(LARGEST, rate):
        return LARGEST
    root = brentq(lambda spread: implied_log_odds_ratio(spread, rate) - log_odds_ratio, 0, LARGEST)
    return round(float(root), 6)


def implied_log_odds_ratio(spread: float, rate: float) -> float:
    """Return the log odds ratio of two outcomes of one school under a random intercept of this standard deviation."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    chance = probability(_centre(np.array([rate]), spread, nodes, weights)[:, None] + spread * nodes)[0]
    both, single, neither = (float(weights @ part) for part in (chance**2, chance * (1 - chance), (1 - chance) ** 2))
    return float(np.log(both * neither / single**2))


def interval_at(p: float, spread: float, level: float = INTERVAL) -> tuple[float, float]:
    """Return between which chances the own chance of the middle share of schools with forecast p lies."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    centre = float(_centre(np.array([p]), spread, nodes, weights / weights.sum())[0])
    reach = spread * float(ndtri((1 + level) / 2))
    low, high = probability(np.array([centre - reach, centre + reach])).tolist()
    return low, high


def own_chances(p: Floats, draws: NDArray[np.float32], spread: float, urns: Whole, seed: int) -> NDArray[np.float32]:
    """Return draws of each school's own chance: the resamples' chances, moved by draws of its unobserved part.

    The mean over a school's unobserved part stays its forecast; the same school, seed and number of draws give the same
    parts, whatever the other schools.

    Parameters
    ----------
    p, draws
        The forecast, shape (schools,), and the chance in each resample, shape (schools, resamples).
    """
    if spread == 0 or draws.shape[1] < 2:
        return draws
    count = draws.shape[1]
    parts = _normal_quantiles(count)
    centre = _centre_of(p, spread, parts)
    order = np.argsort(_mixed(urns, count, seed), axis=1)
    certain = np.clip(draws.astype(np.float64), 1e-6, 1 - 1e-6)
    moved = np.log(certain / (1 - certain)) - _logit(p)[:, None] + centre[:, None] + spread * parts[order]
    return probability(moved).astype(np.float32)


def _normal_quantiles(count: int) -> Floats:
    return np.asarray(ndtri((np.arange(count) + 0.5) / count), dtype=np.float64)


def _mixed(urns: Whole, count: int, seed: int) -> NDArray[np.uint64]:
    """Return numbers without order, one for each school and draw, shape (schools, count)."""
    keys = (urns.astype(np.uint64)[:, None] * np.uint64(100_003) + np.uint64(seed)) * np.uint64(1024)
    each = keys + np.arange(count, dtype=np.uint64)
    return np.asarray(pd.util.hash_array(each.ravel()), dtype=np.uint64).reshape(each.shape)


def _centre_of(p: Floats, spread: float, parts: Floats) -> Floats:
    """Return the logit at which the mean over the parts is p, read off a fine table."""
    logits = np.linspace(-14, 14, 561)
    equal = np.full(len(parts), 1 / len(parts))
    table = _centre(probability(logits), spread, parts, equal)
    return np.asarray(np.interp(_logit(p), logits, table), dtype=np.float64)


def _logit(p: Floats) -> Floats:
    inside = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)), dtype=np.float64)


def _centre(rates: Floats, spread: float, nodes: Floats, weights: Floats) -> Floats:
    """Return the logit a at which the weighted mean of probability(a + spread x node) is each rate, by bisection."""
    width = spread * float(np.abs(nodes).max()) + 20
    low, high = np.full(len(rates), -width), np.full(len(rates), width)
    for _ in range(60):
        middle = (low + high) / 2
        under = probability(middle[:, None] + spread * nodes) @ weights < rates
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)
