"""Forecast x leader x post -> benefit, in pupil-months of progress of disadvantaged pupils.

For leader l of level v, and post j in a school with n disadvantaged pupils finishing each year:

``benefit = A (e n W - o + lambda n p delta)``, ``W = sum over years y of s(y) f(y)``

A acceptance, of a prospect times the chance that it comes open, e effect (months beside the leadership that the school
would have otherwise, ``counterfactual``), s stay, f fade-in, o the origin school's loss, p the probability of a
leadership fall if inspected, delta its relative reduction, lambda the months that a fall averted is worth to each
disadvantaged pupil, by the charity's own judgement.
The loss is calculated from the school left: its finishing pupils, and the leader's effect there; nobody is lost to the
own school, and an executive leader of several schools is lost once. The interval (90%) carries the standard deviation
of what a leader brings, of what the school would have otherwise, of delta, and of the forecast's draws. A benefit is
modelled, not measured.

That is what a leader is worth alone in a school. Where a school has several posts, ``yearly`` says what each pair adds
in each finishing year, and ``shared_pupils`` takes off what its leaders would count twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import INELIGIBLE_COLUMNS, ImpactMatrix, RiskForecast, YearlyGains
from pilotage.domain.units import Z_90
from pilotage.placement.cohorts import finishers
from pilotage.placement.eligibility.pairs import Eligible, eligible_pairs
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.valuation.assumptions import assumptions
from pilotage.placement.valuation.counterfactual import standings
from pilotage.placement.valuation.factors import Sides, chance_of, pair_factors
from pilotage.placement.valuation.otherwise import DRAWS, months_drawn, otherwise, quality_in
from pilotage.placement.valuation.yearly import several_posts, stacked, yearly_gains

WORTHS = (  # what a discount shrinks
    *("benefit", "benefit_low", "benefit_high", "effect_spread", "counterfactual_weight", "fall_weight"),
)
WORKING = (  # columns of the factors that no report needs
    *("effect_sd", "finishers", "origin", "origin_effect", "origin_sd", "ratio"),
    *("p_fall", "p_fall_sd", "fall_share"),
)
BLOCK = 200_000  # pairs
EXACT = ("benefit", "price", "cost_gbp", "chance")  # columns that decide


def valued_pairs(case: Case, forecast: RiskForecast) -> Eligible:
    """Return the eligible pairs at schools whose disadvantaged pupils are known."""
    pupils = finishers(case.panel, case.evidence)
    valued = np.intersect1d(case.urns, pupils.index[pupils.notna()].to_numpy())
    return eligible_pairs(case, valued, forecast.need)


def impact_matrix(
    case: Case, forecast: RiskForecast, known: Eligible | None = None, *, ranges: bool = True
) -> ImpactMatrix:
    """Return the benefit of every eligible pair; there may be none.

    Parameters
    ----------
    known
        The eligible pairs, where they were found already (``valued_pairs``).
    ranges
        Whether the intervals carry the doubt about what schools would have otherwise; without it they are too narrow,
        and ``standing`` is left out, which reports alone need.
    """
    pupils, quality = finishers(case.panel, case.evidence), quality_in(case, forecast)
    eligible = valued_pairs(case, forecast) if known is None else known
    leaders, posts = eligible.tables_of(case)
    expected = otherwise(case, quality, leaders, posts)
    spread = months_drawn(case, forecast, quality, posts, DRAWS).std(axis=1) if ranges else np.zeros(len(posts))
    sides = Sides(leaders, posts, replace(expected, sd=spread))
    several = several_posts(sides.posts["urn"], eligible.post)
    yearly: list[YearlyGains] = []

    def blocks() -> Iterator[pd.DataFrame]:
        start = 0
        for part in _parts(eligible):
            factors = pair_factors(case, sides, part, forecast, pupils)
            yearly.append(yearly_gains(case, sides, factors, several, start))
            start += len(part.leader)
            yield _discounted(case, sides, _benefits(factors, case.evidence))

    pairs = _gathered(blocks(), len(eligible.leader))
    barred = [(post, *bar) for post, bar in sorted(eligible.reasons.items())]
    ineligible = pd.DataFrame(barred, columns=list(INELIGIBLE_COLUMNS)).astype({"nearest_km": float})
    assumed = assumptions(case)
    standing = standings(quality, case.panel.schools.set_index("urn")["phase"]) if ranges else None
    offer, placed = eligible.support, len(case.posts.posts)
    return ImpactMatrix(pairs, ineligible, assumed, stacked(yearly), eligible.counts, offer, placed, standing)


def _parts(eligible: Eligible) -> Iterator[Eligible]:
    """Yield the eligible pairs block by block, so that the factors of few are in memory at a time."""
    for start in range(0, max(1, len(eligible.leader)), BLOCK):
        part = slice(start, start + BLOCK)
        yield replace(
            eligible,
            leader=eligible.leader[part],
            post=eligible.post[part],
            travel_km=eligible.travel_km[part],
            relocates=eligible.relocates[part],
            price=eligible.price[part],
        )


def _gathered(blocks: Iterator[pd.DataFrame], size: int) -> pd.DataFrame:
    """Return the blocks as one table; what only explains a benefit is held in single precision."""
    columns: dict[str, NDArray[Any]] = {}
    start = 0
    for block in blocks:
        for name in block.columns:
            values = block[name].to_numpy()
            dtype = values.dtype if values.dtype.kind != "f" or name in EXACT else np.dtype(np.float32)
            columns.setdefault(name, np.empty(size, dtype=dtype))[start : start + len(block)] = values
        start += len(block)
    return pd.DataFrame(columns, copy=False)


def _discounted(case: Case, sides: Sides, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with what starts later worth less: by 1 / (1 + rate) for each planning year."""
    scenario = case.scenario
    if not scenario.time.discount_rate:
        return pairs
    leader, post = (pairs[name].to_numpy(dtype=np.int64) for name in ("leader_index", "post_index"))
    year = planning_year(starts_on(sides.leaders, sides.posts, leader, post), scenario.as_of)
    factor = (1 + scenario.time.discount_rate) ** -year.astype(float)
    return pairs.assign(**{name: pairs[name] * factor for name in WORTHS})


def _benefits(factors: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return the pairs with benefit and interval, columns as ``ImpactMatrix`` says."""
    delta, chance = evidence.value("fall_reduction"), chance_of(factors)
    worth = evidence.value("fall_value_months") * factors["finishers"] * factors["fall_share"]
    gain = factors["pupils"]
    fall = worth * factors["p_fall"] * delta
    loss = factors["origin"] * factors["origin_effect"]
    benefit = chance * (factors["effect_months"] * gain - loss + fall)
    of_effect = gain * factors["effect_sd"] - factors["origin"] * factors["origin_sd"]
    variance = of_effect**2 + (gain * factors["ratio"] * factors["counterfactual_sd"]) ** 2
    variance += (worth * factors["p_fall"] * evidence.value("fall_reduction_sd")) ** 2
    variance += (worth * delta * factors["p_fall_sd"]) ** 2
    half = Z_90 * chance * np.sqrt(variance)
    shown = factors.drop(columns=list(WORKING))
    spread = chance * of_effect
    columns = {"origin_loss": loss, "fall_value": fall, "benefit": benefit}
    columns |= {"effect_spread": spread, "fall_weight": chance * worth}
    columns["counterfactual_weight"] = chance * gain * factors["ratio"]
    return shown.assign(**columns, benefit_low=benefit - half, benefit_high=benefit + half)
