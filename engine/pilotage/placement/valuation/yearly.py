"""What each pair of a school with several posts adds in each finishing year; its leaders share the school's pupils."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.forecast import YearlyGains
from pilotage.domain.plan import WHOLE
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.valuation.factors import Sides, chance_of

Bools = NDArray[np.bool_]


def several_posts(urn: pd.Series, post: NDArray[np.int32]) -> Bools:
    """Return which posts are in a school with several posts that have an eligible pair, shape (posts,)."""
    fillable = np.unique(post)
    crowded = urn.iloc[fillable][urn.iloc[fillable].duplicated(keep=False)]
    several: Bools = urn.isin(crowded).to_numpy(dtype=bool)
    return several


def yearly_gains(case: Case, sides: Sides, factors: pd.DataFrame, several: Bools, start: int) -> YearlyGains:
    """Return what each pair of a school with several posts adds in each finishing year, as ``YearlyGains`` says."""
    scenario, evidence = case.scenario, case.evidence
    at = np.flatnonzero(several[factors["post_index"].to_numpy()])
    few = factors.iloc[at]
    leader, post = (few[name].to_numpy(dtype=np.int64) for name in ("leader_index", "post_index"))
    first = planning_year(starts_on(sides.leaders, sides.posts, leader, post), scenario.as_of)
    count = scenario.impact.years
    gain = np.zeros((len(few), scenario.time.years + count))
    discount = (1 + scenario.time.discount_rate) ** -first.astype(float)
    scale = (chance_of(few) * few["effect_months"]).to_numpy(dtype=float) * discount
    for year in range(1, count + 1):
        faded = few["stay"].to_numpy(dtype=float) ** (year / 3) * evidence.value(f"fade_in_year_{min(year, 4)}")
        gain[np.arange(len(few)), first + year - 1] = scale * few["finishers"].to_numpy(dtype=float) * faded
    averted = evidence.value("fall_value_months") * few["finishers"] * few["fall_share"] * few["p_fall"]
    gain[:, -1] = (chance_of(few) * averted * evidence.value("fall_reduction")).to_numpy(dtype=float) * discount
    units = np.repeat(_units(few["ratio"])[:, None], gain.shape[1], axis=1)
    units[:, -1] = _units(few["fall_share"])
    return YearlyGains(start + at, np.maximum(gain, 0.0), units)


def _units(ratio: pd.Series) -> NDArray[np.int64]:
    """Return a share of a school's pupils in whole units, from 1 to all of them."""
    units: NDArray[np.int64] = np.clip(np.rint(ratio.to_numpy(dtype=float) * WHOLE), 1, WHOLE).astype(np.int64)
    return units


def stacked(parts: list[YearlyGains]) -> YearlyGains:
    """Return the gains of all parts, one after the other."""
    return YearlyGains(
        np.concatenate([part.pair for part in parts]),
        np.concatenate([part.gain for part in parts]),
        np.concatenate([part.units for part in parts]),
    )
