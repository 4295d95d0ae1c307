"""The forecast of the sample: no leak, exact reasons, honest nulls, the same each time."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import assets
from pilotage.assets import Store
from pilotage.config.overlay import Resolved, resolve
from pilotage.domain.forecast import FORECAST_COLUMNS, RiskForecast
from pilotage.domain.outcomes import FALL, WIDENING
from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.risk.features.compute import features, standing_of
from pilotage.risk.forecast import forecast_risk
from pilotage.risk.leadership.standing import standing
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.spec.load import Spec, load_specs

LEADERSHIP = ["p_fall_if_inspected", "p_stuck"]


def _later_changed(panel: SchoolPanel) -> SchoolPanel:
    """Return the panel with every value moved that became known after its date."""
    day = pd.Timestamp(panel.as_of)
    inspections, years, results = panel.inspections.copy(), panel.school_years.copy(), panel.results.copy()
    late = inspections["known_on"] > day
    inspections.loc[late, ["leadership_grade", "overall_grade", "teaching_grade"]] = 4
    late_years = years["known_on"] > day
    years.loc[late_years, ["fsm_share", "fsm6_share", "absence_share"]] = 0.99
    late_results = results["known_on"] > day
    results.loc[late_results, "progress_sd"] = -3.0
    assert late.any()
    assert late_years.any()
    assert late_results.any()
    return replace(panel, inspections=inspections, school_years=years, results=results)


def test_no_value_known_later_moves_a_feature_or_the_forecast(
    panel: SchoolPanel, resolved: Resolved, specs: dict[str, Spec], tmp_path: Path
) -> None:
    past = replace(panel, as_of=date(2014, 12, 31))
    changed = _later_changed(past)
    urns = panel.schools["urn"].to_numpy()
    asked = pd.DataFrame({"urn": urns, "on": pd.Timestamp(past.as_of)})
    for spec in load_specs(assets.models()).values():
        if isinstance(spec, LeadershipSpec):
            pd.testing.assert_frame_equal(features(changed, asked, spec), features(past, asked, spec))
    first, second = (
        forecast_risk(one, resolved.scenario, urns, specs=specs, store=Store(tmp_path / name), say=print)
        for one, name in ((past, "a"), (changed, "b"))
    )
    pd.testing.assert_frame_equal(first.table, second.table)


def test_the_table_has_its_columns_and_every_school_once(forecast: RiskForecast) -> None:
    assert tuple(forecast.table.columns) == FORECAST_COLUMNS
    assert forecast.table["urn"].is_monotonic_increasing
    assert forecast.table["urn"].is_unique
    assert all(values.shape[0] == len(forecast.table) for values in forecast.draws.values())


def test_a_school_has_a_chance_to_fall_or_to_stay_below_good_never_both(forecast: RiskForecast) -> None:
    known = forecast.table[LEADERSHIP].notna()
    assert not known.all(axis=1).any()
    assert known.any(axis=1).mean() > 0.95


def test_probabilities_and_intervals_are_in_order(forecast: RiskForecast) -> None:
    table = forecast.table[forecast.table["p_fall_if_inspected"].notna()]
    low, p, high = (table[f"p_fall_if_inspected{suffix}"] for suffix in ("_low", "", "_high"))
    assert ((low <= p) & (p <= high)).all()
    assert low.min() >= 0
    assert high.max() <= 1
    assert (table["p_fall_within_horizon"] <= p).all()


def test_the_interval_is_of_the_model_s_draws_and_own_chances_spread_further(forecast: RiskForecast) -> None:
    gaps = ("p_widens", "p_gap_wide", "gap_months_at_horizon")
    assert set(forecast.draws) == {*LEADERSHIP, *(f"{name}_own" for name in LEADERSHIP), *gaps}
    rows = forecast.table["p_fall_if_inspected"].notna().to_numpy()
    p, low, high = (
        forecast.table[f"p_fall_if_inspected{end}"].to_numpy(dtype=float)[rows] for end in ("", "_low", "_high")
    )
    first, last = np.quantile(forecast.draws["p_fall_if_inspected"][rows], [0.05, 0.95], axis=1)
    assert low == pytest.approx(np.fmin(first, p), abs=1e-6)
    assert high == pytest.approx(np.fmax(last, p), abs=1e-6)
    own = np.quantile(forecast.draws["p_fall_if_inspected_own"][rows], [0.05, 0.95], axis=1)
    assert np.mean(own[1] - own[0]) > 2 * np.mean(last - first)
    assert forecast.own_chances(FALL) is forecast.draws["p_fall_if_inspected_own"]
    assert forecast.own_chances(WIDENING) is forecast.draws["p_widens"]


def test_a_second_forecast_comes_from_the_cache_and_is_the_same(
    panel: SchoolPanel, resolved: Resolved, specs: dict[str, Spec], forecast: RiskForecast, cache: Path
) -> None:
    said: list[str] = []
    urns = forecast.table["urn"].to_numpy()
    again = forecast_risk(panel, resolved.scenario, urns, specs=specs, store=Store(cache), say=said.append)
    assert said == []
    pd.testing.assert_frame_equal(again.table, forecast.table)


def test_a_sponsor_led_academy_has_its_predecessors_history_but_not_its_grade(panel: SchoolPanel) -> None:
    own = panel.inspections["urn"] == panel.inspections["urn_at_time"]
    known = panel.inspections["known_on"] <= pd.Timestamp(panel.as_of)
    graded = set(panel.inspections.loc[own & known, "urn"])
    sponsored = panel.schools.loc[panel.schools["sponsor_led"] & ~panel.schools["urn"].isin(graded), "urn"]
    assert len(sponsored) > 0
    asked = standing_of(panel, pd.DataFrame({"urn": sponsored, "on": pd.Timestamp(panel.as_of)}))
    assert asked["leadership_grade"].notna().any()
    assert standing(panel, asked).isna().all()


def test_what_is_missing_says_why(forecast: RiskForecast) -> None:
    table = forecast.table
    told = table.loc[table["p_widens"].isna(), "missing"]
    assert told.str.contains("gap: (?:suppressed|not published|not applicable|too few disadvantaged pupils)").all()
    assert told.str.contains("gap: suppressed").any()
    ungraded = table[LEADERSHIP].isna().all(axis=1)
    assert table.loc[ungraded, "missing"].str.contains("leadership: ").all()


def test_what_is_missing_is_said_in_words(forecast: RiskForecast) -> None:
    told = "; ".join(forecast.table["missing"])
    assert "free school meals, free school meals in six years: suppressed" in told
    assert "_" not in told


def test_schools_differ_in_their_reasons(forecast: RiskForecast) -> None:
    reasons = forecast.table["reasons"]
    with_figures = reasons[reasons.str.contains("%")]
    assert len(with_figures) > 500
    assert with_figures.value_counts().max() <= 0.01 * len(with_figures)  # one figure, rounded, may be that of several
    two_figures = with_figures[with_figures.str.count("above similar|below similar") > 1]
    assert len(two_figures) > 100
    assert two_figures.nunique() > 0.9 * len(two_figures)


def test_an_outcome_without_data_is_unavailable_and_null_and_leaves_need_to_the_others(
    panel: SchoolPanel, resolved: Resolved, specs: dict[str, Spec], forecast: RiskForecast, cache: Path
) -> None:
    bare = replace(panel, results=panel.results.head(0))
    urns = forecast.table["urn"].to_numpy()
    found = forecast_risk(bare, resolved.scenario, urns, specs=specs, store=Store(cache), say=print)
    assert not found.outcomes["gap_widening"].available
    assert found.table[["gap_months", "gap_change_months", "p_widens"]].isna().all(axis=None)
    fall = found.table["p_fall_if_inspected"].notna()
    pd.testing.assert_series_equal(
        found.table.loc[fall, "need"], found.table.loc[fall, "p_fall_if_inspected"], check_names=False
    )


def test_nothing_to_forecast_from_is_a_data_error(panel: SchoolPanel, specs: dict[str, Spec], cache: Path) -> None:
    early = resolve("baseline", ["as_of=2008-01-31"])
    young = replace(panel, as_of=early.scenario.as_of)
    urns = panel.schools["urn"].to_numpy()[:50]
    with pytest.raises(DataError, match="none can be forecast as of 2008-01-31"):
        forecast_risk(young, early.scenario, urns, specs=specs, store=Store(cache), say=print)


def test_the_mean_forecast_is_near_the_known_truth(forecast: RiskForecast) -> None:
    truth = pd.read_csv(assets.sample() / "truth_schools.csv").set_index("urn")["p_below_good_2016"]
    found = forecast.table.set_index("urn")["p_fall_if_inspected"].dropna()
    true = truth[found.index]
    assert found.mean() == pytest.approx(true.mean(), abs=0.02)
    assert np.corrcoef(found, true)[0, 1] > 0.5


def test_nothing_is_said_of_the_gap_of_a_primary_school_with_too_few_disadvantaged_pupils(
    panel: SchoolPanel, forecast: RiskForecast
) -> None:
    own = panel.results[panel.results["pupil_group"] == "disadvantaged"]
    known = own[(own["known_on"] <= pd.Timestamp(panel.as_of)) & own["progress_sd"].notna()]
    pupils = known.groupby("urn")["pupils"].sum()
    primary = panel.schools.loc[panel.schools["phase"] == "primary", "urn"]
    few = primary[primary.map(pupils).between(1, 10)]
    assert len(few) > 50
    rows = forecast.table.set_index("urn").loc[few]
    assert rows[["gap_months", "gap_months_at_horizon", "p_widens", "p_gap_wide"]].isna().all(axis=None)
    assert rows["missing"].str.contains("gap: too few disadvantaged pupils").all()
    assert rows["need"].notna().mean() > 0.9  # by leadership, and the base rate of the gap
    assert np.isnan(forecast.draws["p_gap_wide"][forecast.table["urn"].isin(few)]).all()
    enough = primary[primary.map(pupils) == pupils[pupils > 10].min()]
    assert forecast.table.set_index("urn").loc[enough, "p_gap_wide"].notna().all()
