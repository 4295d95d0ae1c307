"""What a pair is worth and costs, reckoned anew, pair by pair, from the tables, the forecast and the evidence.

In the letters of docs/method/plan.md, for a leader in a post of a school with n disadvantaged pupils finishing each
year, ``benefit = A (e r n W - o + lambda p delta)``, worth less by the discount for each planning year that it starts
later. ``W`` is the sum over years y of ``s(y) f(y)``, with ``s(y) = s(3)^(y/3)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pilotage.domain.outcomes import FALL
from pilotage.domain.plan import WHOLE
from pilotage.placement.audit.case import AuditCase, Bools, Capacities, Ints, pair_frame
from pilotage.placement.audit.support_tables import SUPPORT

HALF_OF_90 = 1.6448536269514722  # standard deviations from the middle of a 90% interval to its ends
EARLY_PHASES = ("primary", "nursery")  # phases valued as primary schools
NOBODY_FINISHES = ("nursery", "sixteen_plus")


@dataclass(frozen=True)
class Worth:
    """What one pair is worth and costs; columns of ``ImpactMatrix.pairs``, and what it adds in each year.

    ``first_year``: its planning year. ``yearly``: pupil-months added in each year of its own; ``averted``: by the fall
    that it makes less likely; ``units`` and ``averted_units``: of the school's pupils that its leader takes at most.
    """

    travel_km: float
    acceptance: float
    stay: float
    effect_months: float
    pupils: float
    origin_loss: float
    fall_value: float
    benefit: float
    benefit_low: float
    benefit_high: float
    effect_spread: float
    fall_weight: float
    cost_gbp: float
    first_year: int
    yearly: tuple[float, ...]
    averted: float
    units: int
    averted_units: int


@dataclass(frozen=True)
class Figures:
    """What is known of schools, by URN, and how many posts leaders take, as values are reckoned from them."""

    case: AuditCase
    capacities: Capacities

    @cached_property
    def finishers(self) -> dict[int, float]:
        """Return disadvantaged pupils finishing each year, NaN where unknown."""
        value, phase = self.case.evidence.value, self.case.schools["phase"]
        groups = {"primary": value("year_groups_primary"), "secondary": value("year_groups_secondary")}
        counted = last_known(self.case, "pupils")
        share = last_known(self.case, "fsm_share") | last_known(self.case, "fsm6_share")
        finishing = {}
        schools = (phase.index.tolist(), phase.tolist(), self.case.schools["pupils"].tolist())
        for urn, kind, listed in zip(*schools, strict=True):
            pupils = counted.get(urn, listed) * share.get(urn, math.nan)
            years = groups.get(kind, value("year_groups_other"))
            finishing[urn] = 0.0 if kind in NOBODY_FINISHES else pupils / years
        return finishing

    @cached_property
    def typical(self) -> dict[str, float]:
        """Return the mean finishers of the schools of each phase."""
        finishing = pd.Series(self.finishers)
        means = finishing.groupby(self.case.schools["phase"].reindex(finishing.index)).mean()
        return dict(zip(means.index.tolist(), means.tolist(), strict=True))

    @cached_property
    def phase(self) -> dict[int, str]:
        """Return the phase of each school."""
        phase = self.case.schools["phase"]
        return dict(zip(phase.index.tolist(), phase.tolist(), strict=True))

    @cached_property
    def fall(self) -> dict[int, tuple[float, float]]:
        """Return the chance of a fall if inspected, and the standard deviation of draws of the own chance."""
        table, draws = self.case.forecast.table, self.case.forecast.own_chances(FALL)
        spread = np.zeros(len(table)) if draws is None else np.std(draws, axis=1, dtype=np.float64)
        chance = table[FALL.risk].astype(float)
        return dict(zip(table["urn"].tolist(), zip(chance.tolist(), spread.tolist(), strict=True), strict=True))

    @cached_property
    def need(self) -> dict[int, float]:
        """Return the need of each school, NaN where unknown."""
        return dict(zip(self.case.need.index.tolist(), self.case.need.tolist(), strict=True))

    @cached_property
    def valued(self) -> Bools:
        """Return which posts are in schools in scope whose finishers are known, shape (posts,)."""
        known = {urn for urn, finishing in self.finishers.items() if not math.isnan(finishing)}
        mine = known & set(self.case.urns.tolist())
        return self.case.posts.posts["urn"].isin(mine).to_numpy(dtype=bool)


def last_known(case: AuditCase, column: str) -> dict[int, float]:
    """Return the last value of a yearly column known by the date, by URN, where there is one."""
    years = case.panel.school_years
    known = years[(years["known_on"] <= pd.Timestamp(case.panel.as_of)) & years[column].notna()]
    latest = known.sort_values("year", kind="stable").drop_duplicates("urn", keep="last")
    return dict(zip(latest["urn"].tolist(), latest[column].astype(float).tolist(), strict=True))


def worths(figures: Figures, leader: Ints, post: Ints) -> list[Worth]:
    """Return what each pair (positions in the tables) is worth."""
    frame = pair_frame(figures.case, leader, post)
    frame = frame.assign(
        leader_current_urn=frame["leader_current_urn"].astype(float),
        fewest=figures.capacities.fewest[leader],
    )
    return [_worth(figures, pair) for pair in frame.itertuples(index=False)]


def _worth(figures: Figures, pair: Any) -> Worth:
    case, value = figures.case, figures.case.evidence.value
    stage = _stage(pair.school_phase)
    mean, spread = _effect(figures, pair, stage)
    stay = value(f"stay_three_years_{pair.leader_level}_{stage}")
    years = range(1, case.scenario.impact.years + 1)
    there = [stay ** (year / 3) * value(f"fade_in_year_{min(year, 4)}") for year in years]
    travel, relocates, accepted = _acceptance(figures, pair)
    finishing, gain = figures.finishers[pair.urn], 1 + value("responsiveness_slope") * _known(figures.need, pair.urn)
    left, left_spread = _left_behind(figures, pair)
    worth_of_fall = value("fall_value_pupil_months") * _fall_share(figures, pair)
    chance, chance_spread = figures.fall.get(pair.urn, (math.nan, math.nan))
    chance, chance_spread = (0.0 if math.isnan(figure) else figure for figure in (chance, chance_spread))
    falls = worth_of_fall * chance * value("fall_reduction")
    later = (1 + case.scenario.time.discount_rate) ** -pair.year
    benefit = accepted * (mean * gain * finishing * sum(there) - left + falls) * later
    doubt = gain * finishing * sum(there) * spread - left_spread
    variance = doubt**2 + (worth_of_fall * chance * value("fall_reduction_sd")) ** 2
    variance += (worth_of_fall * value("fall_reduction") * chance_spread) ** 2
    half = HALF_OF_90 * accepted * math.sqrt(variance) * later
    return Worth(
        travel_km=travel,
        acceptance=accepted,
        stay=stay,
        effect_months=mean,
        pupils=finishing * sum(there),
        origin_loss=left,
        fall_value=falls,
        benefit=benefit,
        benefit_low=benefit - half,
        benefit_high=benefit + half,
        effect_spread=accepted * doubt * later,
        fall_weight=accepted * worth_of_fall * later,
        cost_gbp=_cost(figures, pair, relocates),
        first_year=int(pair.year),
        yearly=tuple(max(0.0, accepted * gain * mean * later * finishing * part) for part in there),
        averted=max(0.0, accepted * falls * later),
        units=_units(_ratio(figures, pair.leader_level)),
        averted_units=_units(_fall_share(figures, pair)),
    )


def _stage(phase: str) -> str:
    return "primary" if phase in EARLY_PHASES else "secondary"


def _known(figures: Mapping[Any, float], name: object) -> float:
    figure = figures.get(name, math.nan)
    return 0.0 if math.isnan(figure) else figure


def _units(share: float) -> int:
    return min(max(round(share * WHOLE), 1), WHOLE)


def _ratio(figures: Figures, level: str) -> float:
    return 1.0 if level == "head" else figures.case.evidence.value(f"effect_ratio_{level}")


def _fall_share(figures: Figures, pair: Any) -> float:
    return figures.case.evidence.value("fall_ratio_support") if pair.leader_level == SUPPORT else 1.0


def _effect(figures: Figures, pair: Any, stage: str) -> tuple[float, float]:
    """Return mean and standard deviation of a leader's effect in months: the published one, and the leader's own.

    The leader's own evidence counts by its precision beside the published effect.
    """
    value = figures.case.evidence.value
    published = _ratio(figures, pair.leader_level) * value(f"effect_head_{stage}_months")
    spread = abs(published) * value("effect_sd_ratio")
    own, own_spread = pair.leader_effect_mean / value("sd_per_month"), pair.leader_effect_sd / value("sd_per_month")
    if not (math.isfinite(own) and math.isfinite(own_spread) and own_spread > 0):
        return published, spread
    trust = spread**2 / (spread**2 + own_spread**2)
    return published + trust * (own - published), spread * math.sqrt(1 - trust)


def _acceptance(figures: Figures, pair: Any) -> tuple[float, bool, float]:
    """Return how far the leader travels, whether beyond the leader's limit, and the chance that both sides agree."""
    value = figures.case.evidence.value
    if pair.leader_level == SUPPORT:
        return math.nan, False, value("acceptance_support")
    east, north = pair.school_easting - pair.leader_easting, pair.school_northing - pair.leader_northing
    travel, limit = math.hypot(east, north) / 1000, pair.leader_max_travel_km
    agreed = value(f"acceptance_consent_{pair.consent}")
    if travel > limit:
        return travel, True, agreed * value("acceptance_relocation")
    part = min(travel / limit, 1.0) if limit > 0 else 0.0
    return travel, False, agreed * (1 - (1 - value("acceptance_at_travel_limit")) * part)


def _left_behind(figures: Figures, pair: Any) -> tuple[float, float]:
    """Return what the school that the leader leaves loses, in pupil-months, and its standard deviation.

    A leader of several schools leaves once: each placement carries its part of the fewest that the leader takes.
    """
    home = pair.leader_current_urn
    if math.isnan(home) or home == pair.urn or int(home) not in figures.phase:
        return 0.0, 0.0
    phase = figures.phase[int(home)]
    finishing = figures.finishers[int(home)]
    if math.isnan(finishing):
        finishing = _known(figures.typical, phase)
    mean, spread = _effect(figures, pair, _stage(phase))
    part = finishing / pair.fewest * figures.case.evidence.value("origin_loss_share")
    return part * max(mean, 0.0), part * spread if mean > 0 else 0.0


def _cost(figures: Figures, pair: Any, relocates: bool) -> float:
    value = figures.case.evidence.value
    own = value("placement_cost_gbp") if pd.isna(pair.leader_cost_gbp) else pair.leader_cost_gbp
    salary = 0.0 if pd.isna(pair.salary_gbp) else pair.salary_gbp
    return float(round(own + salary + (value("relocation_cost_gbp") if relocates else 0.0)))
