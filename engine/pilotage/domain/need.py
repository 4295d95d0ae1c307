"""Need: how much a school may lose, from its chances; of the forecast, and in each of its draws.

Need has two parts: leadership (the chance that it is below good) and the gap (the chance that it is wide). Each is in
[0, 1]; need is their mean, weighted as the scenario says. A part that is not known of a school takes its phase's base
rate, the mean of England's schools of the phase of which it is known, so that a known average and an unknown count
alike. A part that is known of no school of the phase is left out for the phase: a special school has no gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FALL, OUTCOMES, STUCK, WIDENING

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEADERSHIP, GAP = "leadership", "gap"  # the parts of need
BaseRates = Mapping[str, Mapping[str, float]]  # part -> phase -> mean
APART = ("special", "pru")  # phases with a list of their own
RISK_OF_OUTCOME = {name: outcome.risk for name, outcome in OUTCOMES.items()}


class Weighed(Protocol):
    """An outcome of a scenario: its weight in need, and the figure that counts there (None: its usual one)."""

    @property
    def weight(self) -> float:
        """Return the weight, at least 0."""
        ...

    @property
    def need(self) -> str | None:
        """Return the name of the figure."""
        ...


@dataclass(frozen=True)
class Part:
    """One part of need: the chance of each school, null where it is not known, and its weight, shape (schools,)."""

    name: str
    chance: Floats
    weight: Floats


@dataclass(frozen=True)
class Need:
    """Need by school, null where nothing is known of it; ``average``: by part, where the base rate stands for it."""

    value: Floats
    average: dict[str, Bools]


def below_good(table: pd.DataFrame) -> Floats:
    """Return the chance that each school's leadership is below good, shape (schools,); null where none is known.

    Of a school that is good or better, the chance that it falls if inspected; of a school below good, which counts now
    and at the next inspection, ``(1 + p_stuck) / 2``.
    """
    fall, stuck = (_column(table, name) for name in (FALL.risk, STUCK.risk))
    chance: Floats = np.where(np.isfinite(fall), fall, (1 + stuck) / 2)
    return chance


def base_rates(table: pd.DataFrame, phase: pd.Series, outcomes: Mapping[Any, Weighed]) -> BaseRates:
    """Return the mean of each part of need over the schools of each phase of which it is known."""
    phases, rates = phase.to_numpy(dtype=object), dict[str, dict[str, float]]()
    for part in _parts(table, outcomes):
        means = pd.Series(part.chance).groupby(phases).mean()
        rates[part.name] = {str(name): float(mean) for name, mean in means.items()}
    return rates


def rates_compared(forecast: RiskForecast, outcomes: Mapping[Any, Weighed]) -> BaseRates | None:
    """Return the base rates of the schools that a forecast compares with; None where they are those in scope."""
    compared = forecast.compared
    return None if compared is None else base_rates(compared, compared["phase"], outcomes)


def need_of(
    table: pd.DataFrame, phase: pd.Series, outcomes: Mapping[Any, Weighed], rates: BaseRates | None = None
) -> Need:
    """Return the need of each school of a forecast's table.

    Parameters
    ----------
    phase
        The phase of each school, in the order of the table.
    rates
        The base rates of the parts; None: those of the schools of the table.
    """
    parts = _parts(table, outcomes)
    known_rates = base_rates(table, phase, outcomes) if rates is None else rates
    filled = [with_base_rates(part.chance, phase, known_rates[part.name]) for part in parts]
    known = _known(parts)
    value = np.where(known, _weighted(filled, [part.weight for part in parts]), np.nan)
    average = {
        part.name: known & np.isfinite(full) & ~np.isfinite(part.chance) & (part.weight > 0)
        for part, full in zip(parts, filled, strict=True)
    }
    return Need(value, average)


def need(
    table: pd.DataFrame, phase: pd.Series, outcomes: Mapping[Any, Weighed], rates: BaseRates | None = None
) -> pd.Series:
    """Return need by row of a forecast's table, in [0, 1]; null where nothing is known of the school."""
    return pd.Series(need_of(table, phase, outcomes, rates).value, index=table.index)


def reweighed(forecast: RiskForecast, outcomes: Mapping[Any, Weighed]) -> RiskForecast:
    """Return a forecast with the need that other weights give: nothing else of a forecast rests on them."""
    england = forecast.england
    values = need(england, england["phase"], outcomes).set_axis(england["urn"])
    table = forecast.table.assign(need=values.reindex(forecast.table["urn"]).to_numpy())
    return replace(forecast, table=table)


def with_base_rates(chance: Floats, phase: pd.Series, rates: Mapping[str, float]) -> Floats:
    """Return the chances with those that are not known at their phase's rate; null where the phase has none."""
    of_phase = phase.map(rates).to_numpy(dtype=np.float64, na_value=np.nan)
    filled: Floats = np.where(np.isfinite(chance), chance, of_phase)
    return filled


def need_ranks(values: pd.Series, phase: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the rank of each school by need, over all and within its phase, 1 the highest; null without a need.

    Schools of the same need share the higher rank. Special schools and pupil referral units have no gap that could be
    compared, so that they are ranked within their phase alone.
    """
    compared = values.where(~phase.isin(APART).to_numpy())
    over_all = compared.rank(method="min", ascending=False).astype("Int64")
    within = values.groupby(phase.to_numpy(dtype=object), dropna=False).rank(method="min", ascending=False)
    return over_all, within.astype("Int64")


def need_draws(forecast: RiskForecast, phase: pd.Series, outcomes: Mapping[Any, Weighed]) -> Floats:
    """Return the need of each school in each draw, shape (schools, draws); null where nothing is known of a school.

    A figure without draws, and a part that is not known, are the same in every draw.
    """
    count = min((draws.shape[1] for draws in forecast.draws.values()), default=0)
    parts, rates = _parts(forecast.table, outcomes), rates_compared(forecast, outcomes)
    rates = base_rates(forecast.table, phase, outcomes) if rates is None else rates
    moved = [_moved(forecast, part, outcomes, count) for part in parts]
    filled = []
    for part, draws in zip(parts, moved, strict=True):
        still = with_base_rates(part.chance, phase, rates[part.name])[:, None]
        filled.append(np.where(np.isfinite(part.chance)[:, None] & np.isfinite(draws), draws, still))
    weights = [part.weight[:, None] for part in parts]
    drawn: Floats = np.where(_known(parts)[:, None], _weighted(filled, weights), np.nan)
    return drawn


def _known(parts: list[Part]) -> Bools:
    """Return the schools of which a part that has a weight is known."""
    known: Bools = np.any([np.isfinite(part.chance) & (part.weight > 0) for part in parts], axis=0)
    return known


def _weighted(chances: list[Floats], weights: list[Floats]) -> Floats:
    """Return the weighted mean of the parts that are there; null where none with a weight is."""
    given = [np.isfinite(chance) * weight for chance, weight in zip(chances, weights, strict=True)]
    total = np.sum([np.nan_to_num(chance) * weight for chance, weight in zip(chances, weights, strict=True)], axis=0)
    whole = np.sum(given, axis=0)
    mean: Floats = np.divide(total, whole, out=np.full(total.shape, np.nan), where=whole > 0)
    return mean


def _parts(table: pd.DataFrame, outcomes: Mapping[Any, Weighed]) -> list[Part]:
    """Return the parts of need: of leadership by the outcome that a school's grade makes possible."""
    figures = {str(key): _column(table, figure_of(str(key), outcome)) for key, outcome in outcomes.items()}
    weights = {str(key): float(outcome.weight) for key, outcome in outcomes.items()}
    unknown = np.full(len(table), np.nan)
    fall, stuck, gap = (figures.get(outcome.name, unknown) for outcome in (FALL, STUCK, WIDENING))
    is_stuck = _is_stuck(table)
    usual = weights.get(FALL.name, weights.get(STUCK.name, 0.0))
    of_leadership = np.where(is_stuck, weights.get(STUCK.name, 0.0), usual)
    of_gap = np.full(len(table), weights.get(WIDENING.name, 0.0))
    return [Part(LEADERSHIP, np.where(is_stuck, stuck, fall), of_leadership), Part(GAP, gap, of_gap)]


def _moved(forecast: RiskForecast, part: Part, outcomes: Mapping[Any, Weighed], count: int) -> Floats:
    """Return a part's draws; null where a figure has none."""
    figures = {str(key): figure_of(str(key), outcome) for key, outcome in outcomes.items()}
    if part.name == GAP:
        return _draws(forecast, figures.get(WIDENING.name, ""), count)
    stuck = _draws(forecast, STUCK.risk, count)
    if figures.get(STUCK.name) == "p_below_good":
        stuck = (1 + stuck) / 2
    of_fall = figures.get(FALL.name) == "p_below_good"
    fall = _draws(forecast, FALL.risk, count) if of_fall else np.full(stuck.shape, np.nan)
    return np.where(_is_stuck(forecast.table)[:, None], stuck, fall)


def _draws(forecast: RiskForecast, name: str, count: int) -> Floats:
    if name not in forecast.draws:
        return np.full((len(forecast.table), count), np.nan)
    return forecast.draws[name][:, :count].astype(np.float64)


def _is_stuck(table: pd.DataFrame) -> Bools:
    """Return the schools that are below good: those that have a chance to stay so."""
    return np.isfinite(_column(table, STUCK.risk)) & ~np.isfinite(_column(table, FALL.risk))


def figure_of(name: str, outcome: Weighed) -> str:
    """Return the figure of an outcome that counts in need."""
    return outcome.need or OUTCOMES[name].need_figures[0]


def _column(table: pd.DataFrame, name: str) -> Floats:
    if name not in table:
        return np.full(len(table), np.nan)
    values: Floats = table[name].to_numpy(np.float64, na_value=np.nan)
    return values
