"""Need: how much a school may lose, from the risks that are known of it; of the forecast, and in each of its draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FALL, OUTCOMES, STUCK

Floats = NDArray[np.float64]
RISK_OF_OUTCOME = {name: outcome.risk for name, outcome in OUTCOMES.items()}


class Weighed(Protocol):
    """An outcome of a scenario, with its weight in need."""

    @property
    def weight(self) -> float:
        """Return the weight, at least 0."""
        ...


def need(table: pd.DataFrame, outcomes: Mapping[Any, Weighed]) -> pd.Series:
    """Return the weighted mean of the risks known of each school, in [0, 1]; null where none is known."""
    weights = {name: outcomes[name].weight for name in RISK_OF_OUTCOME if name in outcomes}
    columns = ((table[RISK_OF_OUTCOME[name]].to_numpy(np.float64, na_value=np.nan), weights[name]) for name in weights)
    return pd.Series(_mean_of_known(columns, (len(table),)), index=table.index)


def below_good(table: pd.DataFrame) -> Floats:
    """Return the chance that each school's leadership is below good, shape (schools,); null where none is known.

    Of a school that is good or better, the chance that it falls if inspected; of a school below good, which counts now
    and at the next inspection, ``(1 + p_stuck) / 2``.
    """
    fall, stuck = (table[name].to_numpy(np.float64, na_value=np.nan) for name in (FALL.risk, STUCK.risk))
    chance: Floats = np.where(np.isfinite(fall), fall, (1 + stuck) / 2)
    return chance


def need_draws(forecast: RiskForecast, weights: Mapping[str, float]) -> Floats:
    """Return the need of each school in each draw, shape (schools, draws); null where nothing is known of a school.

    Parameters
    ----------
    weights
        Weight of each outcome, by its name.
    """
    drawn = {RISK_OF_OUTCOME[name]: weight for name, weight in weights.items()}
    drawn = {column: weight for column, weight in drawn.items() if column in forecast.draws}
    count = min((forecast.draws[column].shape[1] for column in drawn), default=0)
    columns = ((forecast.draws[column][:, :count].astype(np.float64), weight) for column, weight in drawn.items())
    return _mean_of_known(columns, (len(forecast.table), count))


def _mean_of_known(columns: Iterable[tuple[Floats, float]], shape: tuple[int, ...]) -> Floats:
    """Return the weighted mean of what is known; null where nothing with a weight is."""
    total, known = np.zeros(shape), np.zeros(shape)
    for values, weight in columns:
        total += weight * np.nan_to_num(values)
        known += weight * np.isfinite(values)
    mean: Floats = np.divide(total, known, out=np.full(shape, np.nan), where=known > 0)
    return mean
