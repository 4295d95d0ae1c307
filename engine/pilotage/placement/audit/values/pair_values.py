"""What a pair is worth and costs, calculated anew, pair by pair, from the tables, the forecast and the evidence.

In the letters of docs/method/plan.md, for a leader in a post of a school with n disadvantaged pupils finishing each
year, ``benefit = A (e n W - o + lambda n p delta)``, worth less by the discount for each planning year that it starts
later. ``W`` is the sum over years y of ``s(y) f(y)``, with ``s(y) = s(3)^(y/3)``; e is the effect against the
leadership that the school would have otherwise (``counterfactual``).

The interval needs how far that other leadership, in months, moves over the forecast's draws. It comes with random
numbers that the audit does not share, and so the plan's figure (``counterfactual_sd``) is taken as given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.prospects import Prospects
from pilotage.domain.answers import Asked
from pilotage.domain.plan import WHOLE
from pilotage.placement.audit.case import Ints, pair_frame
from pilotage.placement.audit.support_tables import SUPPORT
from pilotage.placement.audit.values.counterfactual import (
    missing_months,
    stage_of,
)
from pilotage.placement.audit.values.figures import Figures

HALF_OF_90 = 1.6448536269514722  # standard deviations from the middle of a 90% interval to its ends


@dataclass(frozen=True)
class Worth:
    """What one pair is worth and costs; columns of ``ImpactMatrix.pairs``, and what it adds in each year.

    ``first_year``: its planning year. ``yearly``: pupil-months added in each year of its own; ``averted``: by the fall
    that it makes less likely; ``units`` and ``averted_units``: of the school's pupils that its leader takes at most.
    """

    travel_km: float
    acceptance: float
    chance_open: float
    chance: float
    stay: float
    effect_months: float
    pupils: float
    origin_loss: float
    fall_value: float
    benefit: float
    benefit_low: float
    benefit_high: float
    effect_spread: float
    counterfactual_weight: float
    fall_weight: float
    cost_gbp: float
    first_year: int
    yearly: tuple[float, ...]
    averted: float
    units: int
    averted_units: int


def worths(figures: Figures, leader: Ints, post: Ints, claimed_sd: NDArray[np.float64] | None = None) -> list[Worth]:
    """Return what each pair (positions in the tables) is worth.

    ``claimed_sd``: the standard deviation of the school's other leadership in months that the plan states for each
    pair; without it the ends of the intervals are NaN.
    """
    frame, spans = pair_frame(figures.case, leader, post), figures.capacities
    frame = frame.assign(
        leader_current_urn=frame["leader_current_urn"].astype(float),
        fewest=spans.fewest[leader],
        most_effect=np.where(spans.several, 1 / np.maximum(spans.most, 1), np.inf)[leader],
        counterfactual_sd=np.nan if claimed_sd is None else claimed_sd,
    )
    return [_worth(figures, pair) for pair in frame.itertuples(index=False)]


def _worth(figures: Figures, pair: Any) -> Worth:
    case, value = figures.case, figures.case.evidence.value
    mean, spread = _effect(figures, pair, pair.urn)
    stay = value(f"stay_three_years_{pair.leader_level}_{stage_of(pair.school_phase)}")
    years = range(1, case.scenario.impact.years + 1)
    there = [stay ** (year / 3) * value(f"fade_in_year_{min(year, 4)}") for year in years]
    travel, relocates, agreed = _acceptance(figures, pair)
    opens = _chance_open(figures, pair)
    accepted = agreed if opens is None else agreed * opens
    finishing, ratio = figures.finishers[pair.urn], _ratio(figures, pair)
    left, left_spread = _left_behind(figures, pair)
    worth_of_fall = value("fall_value_months") * finishing * _fall_share(figures, pair)
    chance, chance_spread = figures.fall.get(pair.urn, (math.nan, math.nan))
    chance, chance_spread = (0.0 if math.isnan(figure) else figure for figure in (chance, chance_spread))
    falls = worth_of_fall * chance * value("fall_reduction")
    later = (1 + case.scenario.time.discount_rate) ** -pair.year
    benefit = accepted * (mean * finishing * sum(there) - left + falls) * later
    doubt = finishing * sum(there) * spread - left_spread
    variance = doubt**2 + (worth_of_fall * chance * value("fall_reduction_sd")) ** 2
    variance += (worth_of_fall * value("fall_reduction") * chance_spread) ** 2
    variance += (finishing * sum(there) * ratio * pair.counterfactual_sd) ** 2
    half = HALF_OF_90 * accepted * math.sqrt(variance) * later
    return Worth(
        travel_km=travel,
        acceptance=agreed,
        chance_open=math.nan if opens is None else opens,
        chance=accepted,
        stay=stay,
        effect_months=mean,
        pupils=finishing * sum(there),
        origin_loss=left,
        fall_value=falls,
        benefit=benefit,
        benefit_low=benefit - half,
        benefit_high=benefit + half,
        effect_spread=accepted * doubt * later,
        counterfactual_weight=accepted * finishing * sum(there) * ratio * later,
        fall_weight=accepted * worth_of_fall * later,
        cost_gbp=_cost(figures, pair, relocates),
        first_year=int(pair.year),
        yearly=tuple(max(0.0, accepted * mean * later * finishing * part) for part in there),
        averted=max(0.0, accepted * falls * later),
        units=_units(ratio),
        averted_units=_units(_fall_share(figures, pair)),
    )


def _chance_open(figures: Figures, pair: Any) -> float | None:
    """Return the chance that a prospect comes open, at least that of a post advertised again; None of a known post."""
    asked = figures.case.scenario.pool.prospects
    if asked is None or not pair.prospect:
        return None
    usual = _usual_chance_open(figures, pair, asked)
    again = figures.case.posts.schools.table["readvertised"].get(pair.urn)
    if isinstance(again, str) and str(pair.level) in again.split(";"):
        return max(usual, figures.case.evidence.value("chance_open_readvertised"))
    return usual


def _usual_chance_open(figures: Figures, pair: Any, asked: Prospects) -> float:
    """Return the chance that a prospect comes open, as the scenario says; else the yearly turnover."""
    given = asked.chance_open
    by_phase: Mapping[str, float] = {}
    if isinstance(given, dict):
        by_phase = {str(phase): chance for phase, chance in given.get(pair.level, {}).items()}
    elif given is not None:
        return given
    turnover = figures.case.evidence.value(f"turnover_yearly_{pair.level}_{stage_of(pair.school_phase)}")
    return by_phase.get(pair.school_phase, turnover)


def _known(figures: Mapping[Any, float], name: object) -> float:
    figure = figures.get(name, math.nan)
    return 0.0 if math.isnan(figure) else figure


def _units(share: float) -> int:
    return min(max(round(share * WHOLE), 1), WHOLE)


def _ratio(figures: Figures, pair: Any) -> float:
    """Return the part of a head's effect that a leader has in a school; of several schools, one head's in all."""
    level = pair.leader_level
    ratio = 1.0 if level == "head" else figures.case.evidence.value(f"effect_ratio_{level}")
    return min(ratio, float(pair.most_effect)) if level == "executive" else ratio


def _fall_share(figures: Figures, pair: Any) -> float:
    return figures.case.evidence.value("fall_ratio_support") if pair.leader_level == SUPPORT else 1.0


def _effect(figures: Figures, pair: Any, urn: int) -> tuple[float, float]:
    """Return a leader's effect at a school, and the standard deviation of the leader's own part, in months.

    Support gives what the leader in post lacks. A placed leader comes instead of the next appointment, of which a share
    of the school's quality is expected.
    """
    value, slopes, quality = figures.case.evidence.value, figures.slopes(urn), figures.quality(urn)
    ratio = _ratio(figures, pair)
    spread = ratio * slopes.above * value("leader_quality_sd")
    if pair.leader_level == SUPPORT:
        return ratio * missing_months(value("support_quality"), quality, slopes), spread
    own, spread = _own_effect(figures, pair, (ratio * slopes.months(value("leader_quality")), spread))
    return own - ratio * slopes.months(value("carry_over") * quality.mean), spread


def _own_effect(figures: Figures, pair: Any, usual: tuple[float, float]) -> tuple[float, float]:
    """Return mean and spread of a leader's effect against a median head: the usual ones, or shrunk evidence.

    The leader's own evidence counts by its precision beside the usual effect.
    """
    month, (mean, spread) = figures.case.evidence.value("sd_per_month"), usual
    seen, seen_spread = pair.leader_effect_mean / month, pair.leader_effect_sd / month
    if not (math.isfinite(seen) and math.isfinite(seen_spread) and seen_spread > 0):
        return usual
    trust = spread**2 / (spread**2 + seen_spread**2)
    return mean + trust * (seen - mean), spread * math.sqrt(1 - trust)


def _acceptance(figures: Figures, pair: Any) -> tuple[float, bool, float]:
    """Return how far the leader travels, whether beyond the leader's limit, and the chance that both sides agree."""
    value = figures.case.evidence.value
    if pair.leader_level == SUPPORT:
        return math.nan, False, value("acceptance_support")
    east, north = pair.school_easting - pair.leader_easting, pair.school_northing - pair.leader_northing
    travel, limit = math.hypot(east, north) / 1000, pair.leader_max_travel_km
    agreed = value(f"acceptance_consent_{pair.consent}") * value(f"acceptance_level_{pair.level}")
    if any(_speaks_of(asked, pair) for asked in figures.certain):
        return travel, travel > limit, 1.0
    if travel > limit:
        return travel, True, agreed * value("acceptance_relocation")
    part = min(travel / limit, 1.0) if limit > 0 else 0.0
    return travel, False, agreed * (1 - (1 - value("acceptance_at_travel_limit")) * part)


def _speaks_of(asked: Asked, pair: Any) -> bool:
    there = (asked.urn, asked.level, asked.leader_id) == (pair.urn, pair.level, pair.leader_id)
    return there and asked.post_id in (None, pair.post_id)


def _left_behind(figures: Figures, pair: Any) -> tuple[float, float]:
    """Return what the school that the leader leaves loses, in pupil-months, and its standard deviation.

    A leader of several schools leaves once: each placement carries its part of the fewest that the leader takes.
    """
    home = pair.leader_current_urn
    if math.isnan(home) or home == pair.urn or int(home) not in figures.phase:
        return 0.0, 0.0
    finishing = figures.finishers[int(home)]
    if math.isnan(finishing):
        finishing = _known(figures.typical, figures.phase[int(home)])
    mean, spread = _effect(figures, pair, int(home))
    part = finishing / pair.fewest * figures.case.evidence.value("origin_loss_share")
    return part * max(mean, 0.0), part * spread if mean > 0 else 0.0


def _cost(figures: Figures, pair: Any, relocates: bool) -> float:
    value = figures.case.evidence.value
    own = value("placement_cost_gbp") if pd.isna(pair.leader_cost_gbp) else pair.leader_cost_gbp
    salary = 0.0 if pd.isna(pair.salary_gbp) else pair.salary_gbp
    return float(round(own + salary + (value("relocation_cost_gbp") if relocates else 0.0)))
