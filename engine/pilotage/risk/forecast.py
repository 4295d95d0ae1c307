"""Every outcome of a scenario for the schools in scope: the risk forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.config.scenario import Scenario
from pilotage.domain.forecast import FORECAST_COLUMNS, OutcomeState, RiskForecast
from pilotage.domain.need import need
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.units import DAYS_A_YEAR
from pilotage.errors import DataError, Problem
from pilotage.risk.features.compute import standing_of
from pilotage.risk.gap.forecast import forecast_gap
from pilotage.risk.gap.table import Gaps
from pilotage.risk.leadership.forecast import LeadershipForecast, forecast_leadership
from pilotage.risk.leadership.hazard import learned_hazard
from pilotage.risk.missing import missing_words
from pilotage.risk.reasons import gap_reason, of_proxy, reasons
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """What each outcome found for the rows of ``asked``."""

    asked: pd.DataFrame
    leadership: dict[str, LeadershipForecast]
    gaps: Gaps | None


def forecast_risk(
    panel: SchoolPanel,
    scenario: Scenario,
    urns: NDArray[np.int64],
    *,
    specs: dict[str, Spec],
    store: Store,
    say: Callable[[str], None],
) -> RiskForecast:
    """Return the forecast of every school in ``urns`` (ascending), from what was known by the panel's date.

    Raises
    ------
    DataError
        When no outcome of the scenario can be forecast.
    """
    day = pd.Timestamp(panel.as_of)
    asked = standing_of(panel, pd.DataFrame({"urn": urns, "on": day}))
    seed = scenario.solver.seed
    leadership: dict[str, LeadershipForecast] = {
        name: forecast_leadership(panel, asked, spec, seed, store=store, say=say)
        for name, spec in specs.items()
        if isinstance(spec, LeadershipSpec) and name in scenario.outcomes
    }
    gap_spec, gap = specs["gap_widening"], scenario.outcomes.get("gap_widening")
    gaps = forecast_gap(panel, gap_spec, gap.horizon_months, seed) if gap and isinstance(gap_spec, GapSpec) else None
    found = Found(asked, leadership, gaps)
    outcomes = _outcomes(found, panel.grade_proxy)
    _expect_some(outcomes, scenario)
    table = _table(panel, scenario, found, specs)
    return RiskForecast(panel.as_of, table, outcomes, _draws(found))


def _outcomes(found: Found, grade_proxy: str | None) -> dict[str, OutcomeState]:
    states = {name: _of_proxy(one.state, grade_proxy) for name, one in found.leadership.items()}
    return states | ({"gap_widening": found.gaps.state} if found.gaps else {})


def _of_proxy(state: OutcomeState, grade_proxy: str | None) -> OutcomeState:
    """Return the state of a leadership outcome that says which grade stands for leadership, where one does."""
    if grade_proxy is None:
        return state
    return replace(state, why=f"{state.why}; {grade_proxy} stands for leadership, as the scenario says")


def _expect_some(outcomes: dict[str, OutcomeState], scenario: Scenario) -> None:
    if not any(state.available for state in outcomes.values()):
        why = "; ".join(f"{name}: {state.why}" for name, state in outcomes.items())
        do = "choose a later as_of, or bring more data"
        raise DataError(Problem("outcomes", f"none can be forecast as of {scenario.as_of} ({why})", "at least one", do))


def _table(panel: SchoolPanel, scenario: Scenario, found: Found, specs: dict[str, Spec]) -> pd.DataFrame:
    asked = found.asked
    columns: dict[str, object] = {"urn": asked["urn"].to_numpy(dtype=np.int64)}
    columns |= _fall_columns(panel, scenario, found, specs)
    columns["p_stuck"] = found.leadership["leadership_stuck"].p if "leadership_stuck" in found.leadership else np.nan
    gap = _gap_columns(found)
    columns |= {name: gap[name].to_numpy() for name in ("gap_months", "gap_change_months", "p_widens")}
    frame = pd.DataFrame(columns)
    frame["need"] = need(frame, scenario.outcomes)
    frame["reasons"] = _reasons(found, specs, gap, panel.grade_proxy)
    frame["data_age_years"] = _age_years(panel, found, gap)
    frame["missing"] = missing_words(
        panel,
        asked,
        leadership=bool(found.leadership),
        gaps=found.gaps.table.index if found.gaps is not None and found.gaps.state.available else None,
    )
    return frame.reindex(columns=list(FORECAST_COLUMNS))


def _fall_columns(
    panel: SchoolPanel, scenario: Scenario, found: Found, specs: dict[str, Spec]
) -> dict[str, Floats | float]:
    """Return p_fall_if_inspected with its interval, and p_fall_within_horizon."""
    fall, spec = found.leadership.get("leadership_fall"), specs["leadership_fall"]
    names = ("p_fall_if_inspected", "p_fall_if_inspected_low", "p_fall_if_inspected_high", "p_fall_within_horizon")
    if fall is None or not fall.state.available:
        return dict.fromkeys(names, np.nan)
    low, high = np.full(len(fall.p), np.nan), np.full(len(fall.p), np.nan)
    tail = (1 - spec.interval) / 2
    low[fall.rows], high[fall.rows] = np.quantile(fall.draws[fall.rows], [tail, 1 - tail], axis=1)
    low, high = np.fmin(low, fall.p), np.fmax(high, fall.p)
    return dict(zip(names, (fall.p, low, high, fall.p * _inspected(panel, scenario, found)), strict=True))


def _inspected(panel: SchoolPanel, scenario: Scenario, found: Found) -> Floats:
    """Return the chance of an inspection within the horizon, null where it cannot be learnt."""
    hazard = learned_hazard(panel)
    asked, horizon = found.asked, scenario.outcomes["leadership_fall"].horizon_months
    if hazard is None:
        return np.full(len(asked), np.nan)
    return hazard.within(asked, horizon)


def _gap_columns(found: Found) -> pd.DataFrame:
    names = ["gap_months", "gap_raw_months", "gap_change_months", "p_widens", "last_year", "why"]
    if found.gaps is None:
        return pd.DataFrame(np.nan, index=found.asked.index, columns=names)
    return found.gaps.table.reindex(found.asked["urn"])[names].reset_index(drop=True)


def _reasons(found: Found, specs: dict[str, Spec], gap: pd.DataFrame, grade_proxy: str | None) -> list[str]:
    told = np.full(len(found.asked), "", dtype=object)
    for name, one in found.leadership.items():
        spec = specs[name]
        if one.rows.any() and isinstance(spec, LeadershipSpec):
            texts = reasons(one.frame, spec.features, one.contributions)
            told[one.rows] = [of_proxy(text, grade_proxy) for text in texts]
    values = zip(gap["gap_months"], gap["gap_raw_months"], gap["gap_change_months"], gap["why"], strict=True)
    return [" ".join(part for part in (text, gap_reason(*one)) if part) for text, one in zip(told, values, strict=True)]


def _age_years(panel: SchoolPanel, found: Found, gap: pd.DataFrame) -> pd.Series:
    """Return years between the panel's date and the newest inspection, or end of the year of the newest table, used."""
    day = pd.Timestamp(panel.as_of)
    years = panel.school_years[panel.school_years["known_on"] <= day].groupby("urn")["year"].max()
    newest = pd.concat([found.asked["urn"].map(years).reset_index(drop=True), gap["last_year"]], axis=1).max(axis=1)
    ends = pd.to_datetime(newest.dropna().astype(int).astype(str) + "-08-31").reindex(newest.index)
    last = pd.concat([found.asked["last_inspected_on"].reset_index(drop=True), ends], axis=1).max(axis=1)
    age: pd.Series = ((day - last).dt.days / DAYS_A_YEAR).clip(lower=0).round(2)
    return age


def _draws(found: Found) -> dict[str, NDArray[np.float32]]:
    named = {"leadership_fall": "p_fall_if_inspected", "leadership_stuck": "p_stuck"}
    draws = {named[name]: one.draws for name, one in found.leadership.items() if one.state.available}
    if found.gaps is not None and found.gaps.state.available:
        position = found.gaps.table.index.get_indexer(pd.Index(found.asked["urn"]))
        widened = found.gaps.draws[np.maximum(position, 0)].copy()
        widened[position < 0] = np.nan
        draws["p_widens"] = widened
    return draws
