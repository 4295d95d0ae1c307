"""Every outcome of a scenario for the schools in scope: the risk forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.assets import Store
from pilotage.config.scenario import Scenario
from pilotage.domain.chances import Chances, chances_of
from pilotage.domain.forecast import COMPARED_COLUMNS, FORECAST_COLUMNS, OutcomeState, RiskForecast
from pilotage.domain.need import below_good, need
from pilotage.domain.outcomes import GAP_SD, OUTCOMES, Outcome
from pilotage.domain.panel import SchoolPanel, phases_of
from pilotage.domain.small_cohorts import too_small_to_say
from pilotage.domain.statistics.intervals import end_quantiles
from pilotage.domain.units import DAYS_A_YEAR
from pilotage.errors import DataError, Problem
from pilotage.risk.features.compute import standing_of
from pilotage.risk.gap.forecast import forecast_gap
from pilotage.risk.gap.table import COLUMNS as GAP_COLUMNS
from pilotage.risk.gap.table import Gaps, without
from pilotage.risk.leadership.forecast import Awaiting, LeadershipForecast, forecast_leadership, unavailable
from pilotage.risk.leadership.hazard import Hazard, inspection_hazard
from pilotage.risk.missing import missing_words
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec
from pilotage.risk.why import why_at_risk

Floats = NDArray[np.float64]
OLD_HAZARD = (
    "No whole year of report cards is known by the date, so the chance of an inspection is learnt from years of the "
    "four grades. Whom Ofsted visits first may have changed since."
)
NO_SCALE = "inspections are by report card now, and the scenario names no crosswalk in data.crosswalk"


@dataclass(frozen=True)
class Forecasts:
    """What is forecast of each outcome for the rows of ``asked``, over its horizon in ``months``."""

    asked: pd.DataFrame
    months: dict[str, int]
    leadership: dict[str, LeadershipForecast]
    gaps: dict[str, Gaps]
    hazard: Hazard | None  # of being inspected; None where it cannot be learnt, or no outcome is of leadership

    @property
    def states(self) -> dict[str, OutcomeState]:
        """Return whether each outcome could be forecast."""
        return {name: forecast.state for name, forecast in (self.leadership | self.gaps).items()}


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

    All of England's schools of their phases are forecast, so that base rates and comparisons do not rest on the scope.

    Raises
    ------
    DataError
        When no outcome of the scenario can be forecast, unless report cards without a crosswalk are why.
    """
    every = compared_urns(panel, urns)
    asked = standing_of(panel, pd.DataFrame({"urn": every, "on": pd.Timestamp(panel.as_of)}))
    seed = scenario.solver.seed
    months = {str(name): outcome.horizon_months for name, outcome in scenario.outcomes.items()}
    wanted = {name: spec for name, spec in specs.items() if name in months and isinstance(spec, LeadershipSpec)}
    chances = chances_of(panel, scenario.data.crosswalk)
    hazard = inspection_hazard(panel, store, say, scenario.risk.labels_from) if wanted else None
    if chances is Chances.NOTHING:
        leadership = {name: unavailable(NO_SCALE, 0, asked) for name in wanted}
    else:
        leadership = {
            name: forecast_leadership(panel, Awaiting(asked, months[name], hazard), spec, seed, store=store, say=say)
            for name, spec in wanted.items()
        }
    too_small = too_small_to_say(panel)
    gaps = {
        name: without(forecast_gap(panel, spec, months[name], seed), too_small)
        for name, spec in specs.items()
        if name in months and isinstance(spec, GapSpec)
    }
    forecasts = Forecasts(asked, months, leadership, gaps, hazard)
    states = forecasts.states
    states |= {name: _of_proxy(states[name], panel.grade_proxy) for name in leadership}
    if chances is not Chances.NOTHING:
        _expect_some(states, scenario)
    table, compared = _tables(panel, scenario, forecasts, specs)
    inside = np.isin(every, urns)
    draws = {name: values[inside] for name, values in _draws(forecasts).items()}
    notes = _notes(hazard) if chances is not Chances.NOTHING else ()
    return RiskForecast(panel.as_of, table[inside].reset_index(drop=True), states, draws, compared, notes)


def _notes(hazard: Hazard | None) -> tuple[str, ...]:
    """Return what is to be said of the chance of an inspection, which every chance within the horizon rests on."""
    return (OLD_HAZARD,) if hazard is not None and hazard.of_before_cards else ()


def compared_urns(panel: SchoolPanel, urns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the schools in scope and all that are open on the panel's date of the same phases, ascending."""
    schools = panel.schools
    still_open = schools["closed_on"].isna() | (schools["closed_on"] > pd.Timestamp(panel.as_of))
    phases = schools.loc[schools["urn"].isin(urns), "phase"].dropna().unique()
    inside = schools["urn"].isin(urns) | (still_open & schools["phase"].isin(phases))
    every: NDArray[np.int64] = np.sort(schools.loc[inside, "urn"].to_numpy(dtype=np.int64))
    return every


def _of_proxy(state: OutcomeState, grade_proxy: str | None) -> OutcomeState:
    """Return the state of a leadership outcome that says which grade stands for leadership, where one does."""
    if grade_proxy is None:
        return state
    return replace(state, why=f"{state.why}; {grade_proxy} stands for leadership, as the scenario says")


def _expect_some(states: dict[str, OutcomeState], scenario: Scenario) -> None:
    if not any(state.available for state in states.values()):
        why = "; ".join(f"{name}: {state.why}" for name, state in states.items())
        do = "choose a later as_of, or bring more data"
        raise DataError(Problem("outcomes", f"none can be forecast as of {scenario.as_of} ({why})", "at least one", do))


def _tables(
    panel: SchoolPanel, scenario: Scenario, forecasts: Forecasts, specs: dict[str, Spec]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``FORECAST_COLUMNS`` and ``COMPARED_COLUMNS`` of every school forecast."""
    asked, gap = forecasts.asked, _gap_table(forecasts)
    columns: dict[str, object] = {"urn": asked["urn"].to_numpy(dtype=np.int64)}
    for outcome in OUTCOMES.values():
        if outcome.kind == "leadership":
            columns |= _leadership_columns(forecasts, outcome, specs[outcome.name])
        else:
            columns |= {figure.name: gap[figure.name].to_numpy() for figure in (*outcome.levels, *outcome.beside)}
            columns[outcome.risk] = gap["chance"].to_numpy()
    frame = pd.DataFrame(columns)
    frame["p_below_good"] = below_good(frame)
    frame["phase"], frame[GAP_SD] = phases_of(panel, frame["urn"]), gap["later_sd_months"].to_numpy(dtype=float)
    known = chances_of(panel, scenario.data.crosswalk) is not Chances.NOTHING
    frame["need"] = need(frame, frame["phase"], scenario.outcomes) if known else np.nan
    frame["reasons"] = why_at_risk(panel, frame, _with_specs(forecasts, specs))
    frame["data_age_years"] = _age_years(panel, forecasts, gap)
    frame["missing"] = missing_words(
        panel, asked, leadership=bool(forecasts.leadership), gaps=_urns_with_gaps(forecasts.gaps)
    )
    return frame.reindex(columns=list(FORECAST_COLUMNS)), frame.reindex(columns=list(COMPARED_COLUMNS))


def _leadership_columns(forecasts: Forecasts, outcome: Outcome, spec: Spec) -> dict[str, Floats | float]:
    """Return the columns that a leadership outcome has: its chance, its interval, its chance within the horizon."""
    forecast = forecasts.leadership.get(outcome.name)
    if forecast is None or not forecast.state.available:
        return dict.fromkeys(outcome.columns, np.nan)
    columns: dict[str, Floats | float] = {outcome.risk: forecast.p}
    if outcome.interval:
        names = (end.name for end in outcome.interval)
        columns |= dict(zip(names, _interval(forecast, spec.interval), strict=True))
    if outcome.chance_within_horizon is not None:
        inspected = _inspected(forecasts, forecasts.months[outcome.name])
        columns[outcome.chance_within_horizon.name] = forecast.p * inspected
    return columns


def _interval(forecast: LeadershipForecast, level: float) -> tuple[Floats, Floats]:
    """Return the ends of the interval of the model's knowledge (its resamples), which holds the forecast itself."""
    low, high = np.full(len(forecast.p), np.nan), np.full(len(forecast.p), np.nan)
    ends = np.quantile(forecast.draws[forecast.rows], end_quantiles(level), axis=1)
    low[forecast.rows], high[forecast.rows] = ends
    return np.fmin(low, forecast.p), np.fmax(high, forecast.p)


def _inspected(forecasts: Forecasts, horizon_months: int) -> Floats:
    """Return the chance of an inspection within the horizon, null where it cannot be learnt."""
    asked, hazard = forecasts.asked, forecasts.hazard
    return np.full(len(asked), np.nan) if hazard is None else hazard.within(asked, horizon_months)


def _gap_table(forecasts: Forecasts) -> pd.DataFrame:
    """Return the gap of each row asked for; null where none is forecast."""
    names = list(GAP_COLUMNS)
    for gaps in forecasts.gaps.values():
        return gaps.table.reindex(forecasts.asked["urn"])[names].reset_index(drop=True)
    return pd.DataFrame(np.nan, index=forecasts.asked.index, columns=names)


def _urns_with_gaps(forecasts: dict[str, Gaps]) -> pd.Index | None:
    """Return the schools whose gap is forecast; None where no gap is."""
    return next((gaps.table.index for gaps in forecasts.values() if gaps.state.available), None)


def _with_specs(forecasts: Forecasts, specs: dict[str, Spec]) -> dict[str, tuple[LeadershipForecast, LeadershipSpec]]:
    """Return the forecast of each leadership outcome with its spec."""
    pairs = ((name, forecast, specs[name]) for name, forecast in forecasts.leadership.items())
    return {name: (forecast, spec) for name, forecast, spec in pairs if isinstance(spec, LeadershipSpec)}


def _age_years(panel: SchoolPanel, forecasts: Forecasts, gap: pd.DataFrame) -> pd.Series:
    """Return years between the panel's date and the newest inspection, or end of the year of the newest table, used."""
    day, asked = pd.Timestamp(panel.as_of), forecasts.asked
    years = panel.school_years[panel.school_years["known_on"] <= day].groupby("urn")["year"].max()
    newest = pd.concat([asked["urn"].map(years).reset_index(drop=True), gap["last_year"]], axis=1).max(axis=1)
    ends = pd.to_datetime(newest.dropna().astype(int).astype(str) + "-08-31").reindex(newest.index)
    last = pd.concat([asked["last_inspected_on"].reset_index(drop=True), ends], axis=1).max(axis=1)
    age: pd.Series = ((day - last).dt.days / DAYS_A_YEAR).clip(lower=0).round(2)
    return age


def _draws(forecasts: Forecasts) -> dict[str, NDArray[np.float32]]:
    """Return the draws of each outcome that could be forecast, by the column of its chance, and of own chances."""
    draws = {}
    for name, forecast in forecasts.leadership.items():
        if forecast.state.available:
            outcome = OUTCOMES[name]
            draws[outcome.risk] = forecast.draws
            draws |= {outcome.own_chance: forecast.own_chances} if outcome.own_chance else {}
    for name, gaps in forecasts.gaps.items():
        if gaps.state.available:
            position = gaps.table.index.get_indexer(pd.Index(forecasts.asked["urn"]))
            draws[OUTCOMES[name].risk] = _of_asked(gaps.draws, position)
            draws["p_gap_wide"] = _of_asked(gaps.wide_draws, position)
            draws["gap_months_at_horizon"] = _of_asked(gaps.later_draws, position)
    return draws


def _of_asked(draws: NDArray[np.float32], position: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the draws of the rows at these positions; null at -1."""
    of_asked = draws[np.maximum(position, 0)].copy()
    of_asked[position < 0] = np.nan
    return of_asked
