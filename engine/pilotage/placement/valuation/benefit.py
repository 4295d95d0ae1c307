"""Forecast x leader x post -> benefit, in pupil-months of progress of disadvantaged pupils.

For leader l of level v, and post j in a school with n disadvantaged pupils finishing each year:

``benefit = A (e r n W - o + lambda p delta)``, ``W = sum over years y of s(y) f(y)``

A acceptance, e effect (months), r responsiveness, s stay, f fade-in, o the origin school's loss, p the probability of a
leadership fall if inspected, delta its relative reduction, lambda what a fall averted is worth. The loss is reckoned
from the school left: its finishing pupils, and the leader's effect at its stage; nobody is lost to the own school, and
an executive leader of several schools is lost once. The interval (90%) carries the standard deviation of the effect, of
delta, and of the forecast's draws. A benefit is modelled, not measured.

That is what a leader is worth alone in a school. Where a school has several posts, ``yearly`` says what each pair adds
in each finishing year, and ``shared_pupils`` takes off what its leaders would count twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.scenario import Scenario
from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import INELIGIBLE_COLUMNS, ImpactMatrix, RiskForecast, YearlyGains
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.plan import WHOLE
from pilotage.domain.tables import CONSENTS
from pilotage.placement.cohorts import finishers
from pilotage.placement.eligibility.pairs import Eligible, eligible_pairs
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.catalogue import spans_of
from pilotage.placement.support import SUPPORT, leaders_and_regions, posts_and_schools

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

Z_90 = 1.6448536269514722  # half-width of a 90% interval, in standard deviations
RATIOS = ("senior", "middle", "executive", SUPPORT)  # levels whose effect is a share of a head's
WORTHS = ("benefit", "benefit_low", "benefit_high", "effect_spread", "fall_weight")  # what a discount shrinks
WORKING = (  # columns of the factors that no report needs
    *("effect_sd", "responsiveness", "finishers", "origin", "origin_effect", "origin_sd", "ratio"),
    *("p_fall", "p_fall_sd", "fall_share"),
)
BLOCK = 200_000  # pairs
EXACT = ("benefit", "price", "cost_gbp")  # columns that decide
PRIMARY_LIKE = ("primary", "nursery")


@dataclass(frozen=True)
class Sides:
    """Leaders, then regions that give support; posts, then schools whose leader in post may be supported."""

    leaders: pd.DataFrame
    posts: pd.DataFrame


def impact_matrix(case: Case, forecast: RiskForecast) -> ImpactMatrix:
    """Return the benefit of every eligible pair; there may be none."""
    pupils = finishers(case.panel, case.evidence)
    valued = np.intersect1d(case.urns, pupils.index[pupils.notna()].to_numpy())
    need = forecast.table.set_index("urn")["need"].astype(float)
    eligible = eligible_pairs(case, valued, need)
    sides = Sides(leaders_and_regions(case, eligible.support), posts_and_schools(case, eligible.support))
    several = _several_posts(sides.posts["urn"], eligible.post)
    yearly: list[YearlyGains] = []

    def blocks() -> Iterator[pd.DataFrame]:
        start = 0
        for part in _parts(eligible):
            factors = _factors(case, sides, part, forecast, pupils)
            yearly.append(_yearly(case, sides, factors, several, start))
            start += len(part.leader)
            yield _discounted(case, sides, _benefits(factors, case.evidence))

    pairs = _gathered(blocks(), len(eligible.leader))
    barred = [(post, one.rule, one.why) for post, one in sorted(eligible.reasons.items())]
    ineligible = pd.DataFrame(barred, columns=list(INELIGIBLE_COLUMNS))
    assumed = _assumptions(case.evidence, case.scenario)
    offer, posts = eligible.support, len(case.posts.posts)
    return ImpactMatrix(pairs, ineligible, assumed, _joined(yearly), eligible.counts, offer, posts)


def _several_posts(urn: pd.Series, post: NDArray[np.int32]) -> Bools:
    """Return which posts are in a school with several posts that have an eligible pair, shape (posts,)."""
    fillable = np.unique(post)
    crowded = urn.iloc[fillable][urn.iloc[fillable].duplicated(keep=False)]
    found: Bools = urn.isin(crowded).to_numpy(dtype=bool)
    return found


def _yearly(case: Case, sides: Sides, factors: pd.DataFrame, several: Bools, start: int) -> YearlyGains:
    """Return what each pair of a school with several posts adds in each finishing year, as ``YearlyGains`` says."""
    scenario, evidence = case.scenario, case.evidence
    at = np.flatnonzero(several[factors["post_index"].to_numpy()])
    few = factors.iloc[at]
    leader, post = (few[name].to_numpy(dtype=np.int64) for name in ("leader_index", "post_index"))
    first = planning_year(starts_on(sides.leaders, sides.posts, leader, post), scenario.as_of)
    count = scenario.impact.years
    gain = np.zeros((len(few), scenario.time.years + count))
    discount = (1 + scenario.time.discount_rate) ** -first.astype(float)
    scale = (few["acceptance"] * few["responsiveness"] * few["effect_months"]).to_numpy(dtype=float) * discount
    for year in range(1, count + 1):
        faded = few["stay"].to_numpy(dtype=float) ** (year / 3) * evidence.value(f"fade_in_year_{min(year, 4)}")
        gain[np.arange(len(few)), first + year - 1] = scale * few["finishers"].to_numpy(dtype=float) * faded
    averted = evidence.value("fall_value_pupil_months") * few["fall_share"] * few["p_fall"]
    gain[:, -1] = (few["acceptance"] * averted * evidence.value("fall_reduction")).to_numpy(dtype=float) * discount
    units = np.repeat(_units(few["ratio"])[:, None], gain.shape[1], axis=1)
    units[:, -1] = _units(few["fall_share"])
    return YearlyGains(start + at, np.maximum(gain, 0.0), units)


def _units(ratio: pd.Series) -> NDArray[np.int64]:
    """Return a share of a school's pupils in whole units, from 1 to all of them."""
    found: NDArray[np.int64] = np.clip(np.rint(ratio.to_numpy(dtype=float) * WHOLE), 1, WHOLE).astype(np.int64)
    return found


def _joined(parts: list[YearlyGains]) -> YearlyGains:
    return YearlyGains(
        np.concatenate([part.pair for part in parts]),
        np.concatenate([part.gain for part in parts]),
        np.concatenate([part.units for part in parts]),
    )


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
            kept = values.dtype if values.dtype.kind != "f" or name in EXACT else np.dtype(np.float32)
            columns.setdefault(name, np.empty(size, dtype=kept))[start : start + len(block)] = values
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


def _factors(case: Case, sides: Sides, eligible: Eligible, forecast: RiskForecast, pupils: pd.Series) -> pd.DataFrame:
    """Return every factor of the benefit, one row per pair."""
    table, leaders, evidence = sides.posts, sides.leaders, case.evidence
    leader, post = eligible.leader, eligible.post
    primary = table["phase"].isin(PRIMARY_LIKE).to_numpy()[post]
    mean, sd = _effects(leaders, evidence)
    stay, weight = _stays(leaders, case.scenario.impact.years, evidence)
    support = (leaders["level"] == SUPPORT).to_numpy()
    risk = _school_risk(forecast, table["urn"].to_numpy()).fillna(0)
    origin, origin_primary = _origins(leaders, case.panel, pupils, case.scenario)
    moves = (leaders["current_urn"].to_numpy(dtype=float, na_value=np.nan)[leader]) != table["urn"].to_numpy()[post]
    finishing = pupils.reindex(table["urn"]).to_numpy()[post]
    at_origin = np.where(origin_primary, mean["primary"], mean["secondary"])[leader]
    return pd.DataFrame(
        {
            "leader_index": leader,
            "post_index": post,
            "travel_km": eligible.travel_km,
            "acceptance": _acceptance(eligible, table, leaders, evidence),
            "stay": np.where(primary, stay["primary"][leader], stay["secondary"][leader]),
            "effect_months": np.where(primary, mean["primary"][leader], mean["secondary"][leader]),
            "effect_sd": np.where(primary, sd["primary"][leader], sd["secondary"][leader]),
            "responsiveness": 1 + evidence.value("responsiveness_slope") * risk["need"].to_numpy()[post],
            "finishers": finishing,
            "pupils": finishing * np.where(primary, weight["primary"][leader], weight["secondary"][leader]),
            "origin": np.where(moves, origin[leader], 0.0) * evidence.value("origin_loss_share"),
            "origin_effect": np.maximum(at_origin, 0.0),
            "origin_sd": np.where(at_origin > 0, np.where(origin_primary, sd["primary"], sd["secondary"])[leader], 0.0),
            "ratio": _ratios(leaders, evidence)[leader],
            "p_fall": risk["p_fall"].to_numpy()[post],
            "p_fall_sd": risk["p_fall_sd"].to_numpy()[post],
            "fall_share": np.where(support[leader], evidence.value("fall_ratio_support"), 1.0),
            "cost_gbp": _costs(eligible, table, leaders, evidence),
        }
    ).assign(**({"price": eligible.price} if len(eligible.price) else {}))


def _benefits(factors: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return the pairs with benefit and interval, columns as ``ImpactMatrix`` says."""
    delta = evidence.value("fall_reduction")
    worth = evidence.value("fall_value_pupil_months") * factors["fall_share"]
    gain = factors["responsiveness"] * factors["pupils"]
    fall = worth * factors["p_fall"] * delta
    loss = factors["origin"] * factors["origin_effect"]
    benefit = factors["acceptance"] * (factors["effect_months"] * gain - loss + fall)
    of_effect = gain * factors["effect_sd"] - factors["origin"] * factors["origin_sd"]
    variance = of_effect**2
    variance += (worth * factors["p_fall"] * evidence.value("fall_reduction_sd")) ** 2
    variance += (worth * delta * factors["p_fall_sd"]) ** 2
    half = Z_90 * factors["acceptance"] * np.sqrt(variance)
    kept = factors.drop(columns=list(WORKING))
    spread = factors["acceptance"] * of_effect
    columns = {"origin_loss": loss, "fall_value": fall, "benefit": benefit}
    columns |= {"effect_spread": spread, "fall_weight": factors["acceptance"] * worth}
    return kept.assign(**columns, benefit_low=benefit - half, benefit_high=benefit + half)


def _effects(leaders: pd.DataFrame, evidence: Evidence) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return mean and sd of each leader's effect in months, by stage; own evidence is shrunk to the prior."""
    scale = _ratios(leaders, evidence)
    own = leaders["effect_mean"].to_numpy(dtype=float) / evidence.value("sd_per_month")
    own_sd = leaders["effect_sd"].to_numpy(dtype=float) / evidence.value("sd_per_month")
    known = np.isfinite(own) & np.isfinite(own_sd) & (own_sd > 0)
    means, sds = {}, {}
    for stage in ("primary", "secondary"):
        prior = scale * evidence.value(f"effect_head_{stage}_months")
        prior_sd = np.abs(prior) * evidence.value("effect_sd_ratio")
        trust = np.where(known, prior_sd**2 / (prior_sd**2 + np.where(known, own_sd, 1.0) ** 2), 0.0)
        means[stage] = prior + trust * (np.where(known, own, 0.0) - prior) * known
        sds[stage] = prior_sd * np.sqrt(1 - trust)
    return means, sds


def _ratios(leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return each leader's effect as a share of a head's, by level."""
    ratio = {"head": 1.0} | {v: evidence.value(f"effect_ratio_{v}") for v in RATIOS}
    return np.asarray(leaders["level"].map(ratio), dtype=np.float64)


def _stays(leaders: pd.DataFrame, years: int, evidence: Evidence) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return s(3), the three-year stay, and W, the sum over years of s(y) f(y), of each leader, by stage.

    Leaving is steady: s(y) = s(3)^(y/3).
    """
    levels, stays, weights = leaders["level"].to_numpy(), dict[str, Floats](), dict[str, Floats]()
    for stage in ("primary", "secondary"):
        known = {level: evidence.value(f"stay_three_years_{level}_{stage}") for level in sorted(set(levels))}
        stay = np.array([known[level] for level in levels], dtype=float)
        terms = [stay ** (y / 3) * evidence.value(f"fade_in_year_{min(y, 4)}") for y in range(1, years + 1)]
        stays[stage], weights[stage] = stay, np.sum(terms, axis=0)
    return stays, weights


def _acceptance(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the probability that school and leader agree, from consent and distance.

    Posts of schools that said no are here only where the scenario's consent rule is priced or absent.
    """
    of_consent = {word: evidence.value(f"acceptance_consent_{word}") for word in CONSENTS}
    base = table["consent"].map(of_consent).to_numpy(dtype=float)[eligible.post]
    limit = leaders["max_travel_km"].to_numpy()[eligible.leader]
    share = np.divide(eligible.travel_km, limit, out=np.zeros(len(limit)), where=limit > 0)
    near = 1 - (1 - evidence.value("acceptance_at_travel_limit")) * np.minimum(share, 1)
    placed = base * np.where(eligible.relocates, evidence.value("acceptance_relocation"), near)
    support = (leaders["level"] == SUPPORT).to_numpy()[eligible.leader]
    found: Floats = np.where(support, evidence.value("acceptance_support"), placed)
    return found


def _costs(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the cost of each pair: of the leader, of the post's salary, and of relocation beyond the travel limit."""
    own = leaders["cost_gbp"].fillna(evidence.value("placement_cost_gbp")).to_numpy()[eligible.leader]
    salary = table["salary_gbp"].fillna(0).to_numpy()[eligible.post]
    moving = np.where(eligible.relocates, evidence.value("relocation_cost_gbp"), 0)
    found: Floats = np.round(own + salary + moving)
    return found


def _school_risk(forecast: RiskForecast, urn: NDArray[np.int64]) -> pd.DataFrame:
    """Return need, the probability of a fall and the standard deviation of its draws, one row per URN given."""
    table = forecast.table.set_index("urn")
    draws = forecast.draws.get("p_fall_if_inspected")
    spread = np.zeros(len(table)) if draws is None else np.asarray(draws, dtype=np.float64).std(axis=1)
    named = {"p_fall": table["p_fall_if_inspected"], "p_fall_sd": pd.Series(spread, index=table.index)}
    frame = pd.DataFrame(named | {"need": table["need"]}).astype(float)
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


def _assumptions(evidence: Evidence, scenario: Scenario) -> tuple[str, ...]:
    """Return what the reports must say that the benefits rest on."""
    general: tuple[str, ...] = (
        "A benefit is modelled from published effects and the assumptions below; it is not a measured gain.",
        "A placed head is taken to exceed the likely alternative as the 50th percentile of heads does the 16th.",
        "Travel is a straight line between the leader's base and the school.",
        "A school whose leadership is not good, or not graded, has no fall to avert: that part is left out.",
        "Where free school meals of the last six years are not published, those of the year stand in (a lower bound).",
    )
    if scenario.time.discount_rate:
        rate = f"{scenario.time.discount_rate:.1%}"
        general += (f"A placement is worth {rate} less for each planning year that it starts later (assumed).",)
    if scenario.time.years > 1:
        general += (f"Each placement counts the {scenario.impact.years} years from its own start, and is made once.",)
    return general + tuple(p.sentence for p in evidence.parameters.values() if p.grade != "measured" or p.changed)
