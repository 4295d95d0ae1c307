"""What each post's school would have without a placement, in months, with its draws; and each school left.

Of a post, ``months`` is ``-m(k q)``: a leader's effect is the leader's own months plus a share of it. Of a school whose
leader in post may be supported, it is what is missing there, ``E[max(0, m(support_quality) - m(z))]``.

In draw d, validity v(d) and carry-over k(d) are the same for all schools (triangular over ``low`` to ``high``, the
value most likely); the chance and the gap of a school move with its own draws of the forecast, which also move its
signals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.deprivation import shares
from pilotage.domain.evidence import Parameter
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FALL, STUCK
from pilotage.placement.support import SUPPORT
from pilotage.placement.valuation.counterfactual import (
    PRIMARY_LIKE,
    Quality,
    expected_shortfall,
    months,
    predicted,
    quality_of_leadership,
    slopes,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 200  # for the spread; a forecast's own draws are used in turn
STREAM = 14  # of the scenario's seed: no other draw has it


@dataclass(frozen=True)
class Otherwise:
    """By post: ``months`` and their standard deviation over the draws; by leader: m(k q) of the school left.

    ``otherwise`` leaves the standard deviation at 0: ``months_drawn`` has the draws.
    """

    months: Floats
    sd: Floats
    left: Floats


@dataclass(frozen=True)
class Drawn:
    """Validity and carry-over of each draw, shape (draws,)."""

    validity: Floats
    carry_over: Floats


def quality_in(case: Case, forecast: RiskForecast) -> Quality:
    """Return what the signals say of the schools that a forecast compares."""
    phase = case.panel.schools.set_index("urn")["phase"]
    return quality_of_leadership(forecast.england, phase, shares(case.panel), case.evidence)


def otherwise(case: Case, quality: Quality, leaders: pd.DataFrame, posts: pd.DataFrame) -> Otherwise:
    """Return what each post's school would have otherwise, and each leader's own."""
    mean, variance = (
        _of(quality, quality.mean(), posts["urn"], 0.0),
        _of(quality, quality.variance(), posts["urn"], 1.0),
    )
    carried = np.array([case.evidence.value("carry_over")])
    expected = _months(case, posts, mean[:, None], np.sqrt(variance), carried)[:, 0]
    return Otherwise(expected, np.zeros(len(posts)), _left(case, quality, leaders, float(carried[0])))


def months_drawn(case: Case, forecast: RiskForecast, quality: Quality, posts: pd.DataFrame, count: int) -> Floats:
    """Return ``Otherwise.months`` in each draw, shape (posts, draws)."""
    drawn = common_draws(case, count)
    urns, school = np.unique(posts["urn"].to_numpy(dtype=np.int64), return_inverse=True)
    q = _quality_drawn(forecast, quality, urns, drawn)
    variance = _of(quality, quality.variance(), pd.Series(urns), 1.0)
    return _months(case, posts, q[school], np.sqrt(variance)[school], drawn.carry_over)


def common_draws(case: Case, count: int) -> Drawn:
    """Return the draws that all schools share."""
    random = np.random.default_rng([case.scenario.solver.seed, STREAM])
    named = (case.evidence.parameters[name] for name in ("inspection_validity", "carry_over"))
    return Drawn(*(_triangular(random, parameter, count) for parameter in named))


def _triangular(random: np.random.Generator, parameter: Parameter, count: int) -> Floats:
    low = parameter.value if parameter.low is None else min(parameter.low, parameter.value)
    high = parameter.value if parameter.high is None else max(parameter.high, parameter.value)
    if low == high:
        return np.full(count, low)
    drawn: Floats = random.triangular(low, parameter.value, high, count)
    return drawn


def _quality_drawn(forecast: RiskForecast, quality: Quality, urns: Ints, drawn: Drawn) -> Floats:
    """Return q of each school in each draw, shape (schools, draws)."""
    count = len(drawn.validity)
    row, place = quality.rows_of(urns), pd.Index(forecast.table["urn"]).get_indexer(pd.Index(urns))
    risk_off, gap_off = (
        _around_mean(values, place, count)
        for values in (_risk_draws(forecast), forecast.draws.get("gap_months_at_horizon"))
    )
    q = np.zeros((len(urns), count))
    inside = np.flatnonzero(row >= 0)
    at = row[inside]
    risk = quality.risk.value[at][:, None] + quality.risk.slope[at][:, None] * risk_off[inside]
    gap = quality.gap.value[at][:, None] + quality.gap.slope[at][:, None] * gap_off[inside]
    rho, reliability = quality.correlation[at][:, None], quality.reliability[at][:, None]
    q[inside] = predicted(risk, gap, rho, drawn.validity[None, :], reliability)
    return q


def _risk_draws(forecast: RiskForecast) -> NDArray[np.float32] | None:
    """Return the draws of the chance that leadership is below good, shape (schools, draws); None without any."""
    fall, stuck = forecast.own_chances(FALL), forecast.own_chances(STUCK)
    if fall is None or stuck is None:
        half = None if stuck is None else (1 + stuck.astype(np.float32)) / np.float32(2)
        return half if fall is None else fall
    count = min(fall.shape[1], stuck.shape[1])
    chance: NDArray[np.float32] = np.where(np.isfinite(fall[:, :count]), fall[:, :count], (1 + stuck[:, :count]) / 2)
    return chance


def _around_mean(draws: NDArray[np.float32] | None, place: NDArray[np.intp], count: int) -> Floats:
    """Return the draws of the schools at these rows less their mean, used in turn; 0 where there are none."""
    if draws is None or not draws.size:
        return np.zeros((len(place), count))
    turns = np.resize(np.arange(draws.shape[1]), count)
    values = draws[np.maximum(place, 0)][:, turns].astype(np.float64)
    known = (place >= 0)[:, None] & np.isfinite(values)
    values = np.where(known, values, 0.0)
    off: Floats = np.where(known, values - values.mean(axis=1, keepdims=True), 0.0)
    return off


def _months(case: Case, posts: pd.DataFrame, q: Floats, sd: Floats, carry_over: Floats) -> Floats:
    """Return ``Otherwise.months`` of posts from the quality of their schools, shape (posts, draws) as ``q``."""
    primary = posts["phase"].isin(PRIMARY_LIKE).to_numpy()
    supported = (posts["level"] == SUPPORT).to_numpy()
    value = np.empty(q.shape)
    target = case.evidence.value("support_quality")
    for stage, rows in (("primary", primary), ("secondary", ~primary)):
        of = slopes(case.evidence, stage)
        placed, helped = np.flatnonzero(rows & ~supported), np.flatnonzero(rows & supported)
        value[placed] = -months(carry_over[None, :] * q[placed], of)
        value[helped] = expected_shortfall(target, q[helped], sd[helped][:, None], of)
    return value


def _left(case: Case, quality: Quality, leaders: pd.DataFrame, carry_over: float) -> Floats:
    """Return m(k q) of the school that each leader would leave; 0 where it is not compared, or there is none."""
    phase = leaders["current_urn"].map(case.panel.schools.set_index("urn")["phase"])
    urn = leaders["current_urn"].fillna(-1).astype("int64")
    q = carry_over * _of(quality, quality.mean(), urn, 0.0)
    primary = phase.isin(PRIMARY_LIKE).to_numpy(dtype=bool)
    of_primary, of_secondary = (months(q, slopes(case.evidence, stage)) for stage in ("primary", "secondary"))
    value: Floats = np.where(primary, of_primary, of_secondary)
    return value


def _of(quality: Quality, values: Floats, urns: pd.Series, absent: float) -> Floats:
    """Return a figure of the schools compared for these schools, ``absent`` where one is not compared."""
    row = quality.rows_of(urns.to_numpy(dtype=np.int64))
    if not len(values):
        return np.full(len(row), absent)
    of: Floats = np.where(row >= 0, values[np.maximum(row, 0)], absent)
    return of
