"""Every factor of the benefit of a pair: what the leader brings, what the school has, and what the leader leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FALL
from pilotage.domain.panel import SchoolPanel
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.rules.catalogue import spans_of
from pilotage.placement.support import SUPPORT
from pilotage.placement.valuation.acceptance import acceptance, chance_open, costs, with_answers
from pilotage.placement.valuation.counterfactual import PRIMARY_LIKE
from pilotage.placement.valuation.leader_effects import own_months, ratios, stays_by_stage
from pilotage.placement.valuation.otherwise import Otherwise

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """Leaders, then regions that give support; posts, then schools whose leader in post may be supported.

    ``otherwise``: what their schools would have without a placement.
    """

    leaders: pd.DataFrame
    posts: pd.DataFrame
    otherwise: Otherwise


def pair_factors(
    case: Case, sides: Sides, eligible: Eligible, forecast: RiskForecast, pupils: pd.Series
) -> pd.DataFrame:
    """Return every factor of the benefit, one row per pair."""
    table, leaders, evidence = sides.posts, sides.leaders, case.evidence
    leader, post = eligible.leader, eligible.post
    primary = table["phase"].isin(PRIMARY_LIKE).to_numpy()[post]
    ratio = ratios(leaders, case.scenario, evidence)
    own = {stage: own_months(leaders, ratio, evidence, stage) for stage in ("primary", "secondary")}
    stay, weight = stays_by_stage(leaders, case.scenario.impact.years, evidence)
    support = (leaders["level"] == SUPPORT).to_numpy()
    risk = _school_risk(forecast, table["urn"].to_numpy()).fillna(0)
    origin, origin_primary = _origins(leaders, case.panel, pupils, case.scenario)
    moves = (leaders["current_urn"].to_numpy(dtype=float, na_value=np.nan)[leader]) != table["urn"].to_numpy()[post]
    finishing = pupils.reindex(table["urn"]).to_numpy()[post]
    at_origin = np.where(origin_primary, own["primary"].mean, own["secondary"].mean) - ratio * sides.otherwise.left
    origin_sd = np.where(origin_primary, own["primary"].sd, own["secondary"].sd)
    mean = np.where(primary, own["primary"].mean[leader], own["secondary"].mean[leader])
    made = pd.DataFrame(
        {
            "leader_index": leader,
            "post_index": post,
            "travel_km": eligible.travel_km,
            "acceptance": with_answers(
                acceptance(eligible, table, leaders, evidence), eligible, (leaders, table), case
            ),
            "stay": np.where(primary, stay["primary"][leader], stay["secondary"][leader]),
            "effect_months": mean + ratio[leader] * sides.otherwise.months[post],
            "effect_sd": np.where(primary, own["primary"].sd[leader], own["secondary"].sd[leader]),
            "counterfactual_sd": sides.otherwise.sd[post],
            "finishers": finishing,
            "pupils": finishing * np.where(primary, weight["primary"][leader], weight["secondary"][leader]),
            "origin": np.where(moves, origin[leader], 0.0) * evidence.value("origin_loss_share"),
            "origin_effect": np.maximum(at_origin, 0.0)[leader],
            "origin_sd": np.where(at_origin > 0, origin_sd, 0.0)[leader],
            "ratio": ratio[leader],
            "p_fall": risk["p_fall"].to_numpy()[post],
            "p_fall_sd": risk["p_fall_sd"].to_numpy()[post],
            "fall_share": np.where(support[leader], evidence.value("fall_ratio_support"), 1.0),
            "cost_gbp": costs(eligible, table, leaders, evidence),
        }
    ).assign(**({"price": eligible.price} if len(eligible.price) else {}))
    return made if case.scenario.pool.prospects is None else _with_chances(made, case, table)


def _with_chances(factors: pd.DataFrame, case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Return the factors with the chance that the post comes open, null of a known post, and that all agree too."""
    opens = chance_open(table, case.scenario, case.evidence)[factors["post_index"].to_numpy()]
    chance = factors["acceptance"] * np.where(np.isnan(opens), 1.0, opens)
    return factors.assign(chance_open=opens, chance=chance)


def chance_of(factors: pd.DataFrame) -> pd.Series:
    """Return the chance that each pair comes about: of a yes, and of a prospect that it comes open too."""
    return factors["chance"] if "chance" in factors else factors["acceptance"]


def _school_risk(forecast: RiskForecast, urn: NDArray[np.int64]) -> pd.DataFrame:
    """Return the chance of a fall and the standard deviation of draws of the school's own, one row per URN given."""
    table = forecast.table.set_index("urn")
    draws = forecast.own_chances(FALL)
    spread = np.zeros(len(table)) if draws is None else np.asarray(draws, dtype=np.float64).std(axis=1)
    frame = pd.DataFrame({"p_fall": table[FALL.risk], "p_fall_sd": pd.Series(spread, index=table.index)}).astype(float)
    return frame.reindex(urn).reset_index(drop=True)


def _origins(leaders: pd.DataFrame, panel: SchoolPanel, pupils: pd.Series, scenario: Scenario) -> tuple[Floats, Bools]:
    """Return the finishers of the school that each leader leaves, and whether it is primary.

    0 without a school, its phase's mean where unknown. An executive leader of several schools leaves it once: each
    placement carries the part that makes the whole for the fewest schools that the leader may take.
    """
    phase = panel.schools.set_index("urn")["phase"]
    filled = pupils.fillna(phase.map(pupils.groupby(phase).mean())).fillna(0)
    finishing = np.asarray(leaders["current_urn"].map(filled).fillna(0), dtype=np.float64)
    spans, times = spans_of(leaders, scenario), np.ones(len(leaders))
    if spans is not None:
        times[spans.who] = spans.least[spans.who]
    return finishing / times, leaders["current_urn"].map(phase).isin(PRIMARY_LIKE).to_numpy(dtype=bool)
