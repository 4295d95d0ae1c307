"""Drift: how often inspections find leadership below good changes from year to year, for all schools alike.

No school's features tell which way. So drift moves no forecast: in each draw all schools move together on the logit,
and the mean over a school's draws stays what it was. The standard deviation of the move is

``sqrt(years sd_a_year^2 + changes sd_at_change^2)``

over the time from the day of the forecast to the middle of the window. ``changes`` are the frameworks of inspection
that start within it, or in the year before the day, of which few pairs are known; each was announced by the day.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from pilotage.domain.frameworks import changes_between
from pilotage.domain.units import DAYS_A_MONTH, MONTHS_A_YEAR
from pilotage.risk.estimators.additive import probability
from pilotage.risk.spec.leadership import Drift

Floats = NDArray[np.float64]
NEW_FOR = pd.DateOffset(years=1)  # so long a framework is new: few pairs of it are known
CERTAIN = 1e-6
STEPS = 30  # of Newton's method, which takes a handful
CLOSE = 1e-9


def drift_sd(drift: Drift | None, as_of: date, horizon_months: int) -> float:
    """Return the standard deviation of the drift, in logits; 0 without a drift.

    Parameters
    ----------
    horizon_months
        Months from ``as_of`` to the end of the window in which the next inspection may come.
    """
    if drift is None:
        return 0.0
    day = pd.Timestamp(as_of)
    middle = day + pd.Timedelta(days=horizon_months * DAYS_A_MONTH / 2)
    changes = changes_between((day - NEW_FOR).date(), middle.date(), as_of)
    years = horizon_months / 2 / MONTHS_A_YEAR
    return float(np.sqrt(years * drift.sd_a_year**2 + changes * drift.sd_at_change**2))


def drifted(draws: NDArray[np.float32], sd: float, seed: int) -> NDArray[np.float32]:
    """Return draws in each of which all schools move together on the logit, each school's mean as it was.

    Parameters
    ----------
    draws
        Chances, shape (schools, draws).
    seed
        The same seed and number of draws give the same moves, whatever the outcome and the schools.
    """
    count = draws.shape[1]
    if sd == 0 or count < 2 or len(draws) == 0:
        return draws
    moves = sd * np.random.default_rng([seed, count]).permutation(ndtri((np.arange(count) + 0.5) / count))
    certain = np.clip(draws.astype(np.float64), CERTAIN, 1 - CERTAIN)
    logits = np.log(certain) - np.log1p(-certain) + moves
    return _with_mean(logits, certain.mean(axis=1)).astype(np.float32)


def _with_mean(logits: Floats, mean: Floats) -> Floats:
    """Return chances of logits, those of each row moved by one amount so that their mean is the one given."""
    shift = np.zeros(len(mean))
    for _ in range(STEPS):
        chances = probability(logits + shift[:, None])
        step = (mean - chances.mean(axis=1)) / (chances * (1 - chances)).mean(axis=1)
        shift += np.clip(step, -1, 1)
        if np.abs(step).max() < CLOSE:
            break
    return probability(logits + shift[:, None])
