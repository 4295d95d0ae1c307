"""The disadvantage gap: level, change and chance that it widens, with error of measurement taken out first.

Where schools have several years of published gaps, a straight line by school (``gap/trend``). Else a transition learnt
from schools whose gap of two years is known by the date (``gap/transition``): first of disadvantaged pupils, where too
few have two, of all pupils, whose progress has been published for longer. Never from anything known later.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from pilotage.domain.forecast import OutcomeState
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import MONTHS_A_YEAR
from pilotage.risk.gap.features import gap_features, wanted_features
from pilotage.risk.gap.level import published_gaps
from pilotage.risk.gap.pairs import starting_levels, transitions
from pilotage.risk.gap.table import Gaps, no_gaps
from pilotage.risk.gap.transition import Change, LearntTransition, learn_transition, underlying_change
from pilotage.risk.gap.trend import forecast_by_trend
from pilotage.risk.gap.wide import Underlying, chances_wide
from pilotage.risk.spec.gap import GapSpec

NO_RESULTS = "the files of this era publish no results by disadvantage"


def forecast_gap(panel: SchoolPanel, spec: GapSpec, horizon_months: int, seed: int) -> Gaps:
    """Return the gap of every school with results known by the panel's date."""
    observed = observed_gaps(panel, spec)
    schools = observed["urn"].nunique()
    if schools == 0:
        return no_gaps(NO_RESULTS)
    if schools < spec.smallest_training:
        return no_gaps(f"only {schools:,} schools have a published gap, under {spec.smallest_training:,}", schools)
    if observed.groupby("urn")["year"].nunique().median() >= spec.transition.trend_needs_years:
        return forecast_by_trend(observed, panel, spec, horizon_months, seed)
    model = transition_known_by(panel, spec, horizon_months, pd.Timestamp(panel.as_of), seed)
    if model is None:
        why = "no two years of gaps, nor of all pupils' progress, are known by the date for enough schools"
        return no_gaps(why, schools)
    return _forecast_by_transition(panel, spec, model, horizon_months)


def observed_gaps(panel: SchoolPanel, spec: GapSpec) -> pd.DataFrame:
    """Return published gaps known by the date, of the last years: urn, key_stage, year, pupils, gap (SD)."""
    known = panel.results[panel.results["known_on"] <= pd.Timestamp(panel.as_of)]
    own = published_gaps(known, "disadvantaged")
    own = own[own["year"] > own["year"].max() - spec.pooled_years] if len(own) else own
    return own[["urn", "key_stage", "year", "pupils", "gap"]]


def transition_known_by(
    panel: SchoolPanel, spec: GapSpec, horizon_months: int, by: pd.Timestamp | None, seed: int
) -> LearntTransition | None:
    """Return the transition learnt from what was known by a day (null: any) of the first group that has enough."""
    for group in spec.transition.learn_from:
        pairs = transitions(panel, spec, group, horizon_months / MONTHS_A_YEAR, by)
        if len(pairs.rows):
            wanted = wanted_features(spec.transition, group)
            return learn_transition(gap_features(panel, pairs.rows, wanted), pairs, wanted, spec, seed)
    return None


def _forecast_by_transition(panel: SchoolPanel, spec: GapSpec, model: LearntTransition, horizon_months: int) -> Gaps:
    """Return the forecast of each school from its last published gap."""
    day = pd.Timestamp(panel.as_of)
    levels = starting_levels(panel, spec, "disadvantaged", day)
    rows = levels.sort_values(["urn", "year"]).drop_duplicates("urn", keep="last").reset_index(drop=True)
    frame = gap_features(panel, rows.assign(on=day), model.wanted)
    change = underlying_change(model, frame, rows, horizon_months / MONTHS_A_YEAR)
    month = spec.conversion.sd_per_month
    least = spec.widens_by_months * month
    start = (rows["level"] + rows["centre"]).to_numpy() / month
    underlying = Underlying(
        rows["key_stage"].to_numpy(dtype=object),
        start,
        np.sqrt(rows["level_variance"].to_numpy()) / month,
        start + change.mean / month,
        change.later_sd / month,
    )
    moved = (change.draws - change.mean[:, None]) / month
    wide, wide_draws = chances_wide(underlying, moved)
    table = pd.DataFrame(
        {
            "gap_months": start,
            "gap_months_at_horizon": underlying.later_mean,
            "p_gap_wide": wide,
            "gap_raw_months": rows["gap"].to_numpy() / month,
            "gap_change_months": change.mean / month,
            "gap_change_sd_months": change.sd / month,
            "later_sd_months": change.later_sd / month,
            "chance": ndtr(-(least - change.mean) / change.sd),
            "last_year": rows["year"].to_numpy(),
        },
        index=pd.Index(rows["urn"], name="urn"),
    )
    return Gaps(_state(model, len(rows)), table, _draws(change, least), wide_draws, underlying.later_draws(moved))


def _draws(change: Change, least: float) -> np.ndarray:
    return ndtr(-(least - change.draws) / change.sd[:, None]).astype(np.float32)


def _state(model: LearntTransition, schools: int) -> OutcomeState:
    whose = {
        "disadvantaged": "disadvantaged pupils' gaps",
        "all": "all pupils' progress (no two years by disadvantage)",
    }
    why = (
        f"{schools:,} published gaps, shrunk by cohort size; their change learnt from {model.rows:,} changes of "
        f"{whose[model.group]} over {model.years} {'year' if model.years == 1 else 'years'}"
    )
    return OutcomeState(True, why, model.rows)
