"""RiskForecast and ImpactMatrix: what is likely to happen to each school, and what each pair would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.bars import BarCount
from pilotage.domain.outcomes import FIGURES, GAP_SD, Outcome
from pilotage.domain.support import SupportOffer

INELIGIBLE_COLUMNS = ("post_index", "rule", "reason", "nearest_km")
Standing = Literal["likelier", "typical", "less_likely", "unknown"]
COMPARED_COLUMNS = ("urn", "phase", *(figure.name for figure in FIGURES), GAP_SD)
FORECAST_COLUMNS = ("urn", *(figure.name for figure in FIGURES), "need", "reasons", "data_age_years", "missing")


@dataclass(frozen=True)
class OutcomeState:
    """Whether an outcome could be forecast, and if not, why; ``trained_on`` counts the labelled rows."""

    available: bool
    why: str
    trained_on: int = 0
    base_rate: float | None = None


@dataclass(frozen=True)
class RiskForecast:
    """One row per school in scope (``FORECAST_COLUMNS``, sorted by urn; null = unknown), and its draws.

    ``draws`` holds arrays of shape (schools, draws), rows in the order of ``table``. By the column of an outcome's
    chance (``Outcome.risk``) or of a level: what the model knows, one draw for each resample; the lists' intervals and
    bands are made of them. By ``Outcome.own_chance``: the school's own chance, which also draws what no file shows of
    the school. ``compared``: the schools that those in scope are compared with, all of England's of the same phases
    (``COMPARED_COLUMNS``, sorted by urn); ``GAP_SD`` is the spread of the underlying gap at the horizon, in months.
    None: the schools of ``table`` alone. ``notes``: what is to be said of the forecast as a whole.
    """

    as_of: date
    table: pd.DataFrame
    outcomes: dict[str, OutcomeState]
    draws: dict[str, NDArray[np.float32]]
    compared: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()

    @property
    def england(self) -> pd.DataFrame:
        """Return the schools compared, in ``COMPARED_COLUMNS``; a figure that no file gives is null."""
        given = self.table if self.compared is None else self.compared
        return given.reindex(columns=list(COMPARED_COLUMNS))

    @cached_property
    def need(self) -> pd.Series:
        """Return need by URN of the schools in scope, in [0, 1]; null where it is not known."""
        return self.table.set_index("urn")["need"].astype(float)

    @staticmethod
    def of_nothing(as_of: date, urns: NDArray[np.int64]) -> RiskForecast:
        """Return a forecast of some schools (ascending) that knows nothing: every figure is null."""
        table = pd.DataFrame({name: np.full(len(urns), np.nan) for name in FORECAST_COLUMNS} | {"urn": urns})
        return RiskForecast(as_of, table.assign(reasons="", missing=""), {}, {})

    def own_chances(self, outcome: Outcome) -> NDArray[np.float32] | None:
        """Return draws of each school's own chance, or of what is known of it where a forecast has no others."""
        own = None if outcome.own_chance is None else self.draws.get(outcome.own_chance)
        return self.draws.get(outcome.risk) if own is None else own


@dataclass(frozen=True)
class YearlyGains:
    """What each pair adds in each finishing year, for the pairs of schools with several posts.

    ``pair``: rows of ``ImpactMatrix.pairs``, ascending, shape (n,). ``gain``: pupil-months, at least 0, shape (n,
    years). ``units``: of the school's pupils (``plan.WHOLE``), the most that the leader takes, at least 1, same shape.
    The first column is the first planning year's; the last is not a year but the chance of a fall, averted once.
    """

    pair: NDArray[np.int64]
    gain: NDArray[np.float64]
    units: NDArray[np.int64]


@dataclass(frozen=True)
class ImpactMatrix:
    """The benefit of every eligible pair, in pupil-months of progress of disadvantaged pupils.

    ``pairs`` has one row per eligible pair, sorted by leader_index, post_index: leader_index, post_index (positions in
    the pool's and the posts' tables), travel_km, acceptance, stay, effect_months, pupils (disadvantaged pupils
    finishing over the horizon, weighted by stay and fade-in), origin_loss, fall_value, benefit, benefit_low,
    benefit_high, cost_gbp, effect_spread (what one standard deviation of what the leader brings moves the benefit by),
    counterfactual_sd (the standard deviation of what the school would have otherwise, in months), counterfactual_weight
    (what a month of that is worth), fall_weight (what a fall averted for certain is worth); where there are prospects
    also chance_open (null of a known post) and chance (that the post comes open and both sides agree, exact).
    ``ineligible`` has one row per post that no leader may take (``INELIGIBLE_COLUMNS``): post_index, rule (the
    scenario's name of the rule that bars it, ``bans.NAME``, or the reason where it is neither), reason (a ``Bar``),
    nearest_km (of a post out of reach, how far the nearest suitable leader lives; else null).
    ``yearly``: of schools with several posts, whose leaders share pupils; the benefit of a pair is as if its leader
    were the only one there. ``bars``: what each rule alone bars. ``support``: the support that is offered; its pairs
    come last, regions numbered after the leaders and schools after the ``posts`` posts. ``standing``: by URN, how
    likely the school's leadership is to struggle among schools with similar pupils; None where the valuation does not
    calculate it.
    """

    pairs: pd.DataFrame
    ineligible: pd.DataFrame
    assumptions: tuple[str, ...]
    yearly: YearlyGains | None = None
    bars: tuple[BarCount, ...] = ()
    support: SupportOffer | None = None
    posts: int | None = None
    standing: dict[int, Standing] | None = None

    def asks(self, pairs: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
        """Return which pairs (of these positions, or all) ask for a prospect instead of placing a leader."""
        if "chance_open" not in self.pairs:
            return np.zeros(len(self.pairs) if pairs is None else len(pairs), dtype=bool)
        asked = self.pairs["chance_open"].notna().to_numpy()
        asks: NDArray[np.bool_] = asked if pairs is None else asked[pairs]
        return asks

    def supports(self, pairs: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
        """Return which pairs (of these positions, or all) support a leader in post instead of placing a leader."""
        post = self.pairs["post_index"].to_numpy()
        asked = post if pairs is None else post[pairs]
        if self.posts is None:
            return np.zeros(len(asked), dtype=bool)
        supports: NDArray[np.bool_] = asked >= self.posts
        return supports
