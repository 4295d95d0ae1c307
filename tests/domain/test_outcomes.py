"""The one table of outcomes: specs, scenarios, tables and reports take their names from it."""

from typing import get_args

from pilotage import assets
from pilotage.config.scenario import Outcome, OutcomeName, SortKey
from pilotage.domain.forecast import FORECAST_COLUMNS
from pilotage.domain.outcomes import FALL, FIGURES, GAP_SD, OUTCOMES, outcomes_of, title_of
from pilotage.domain.tables import FORECAST
from pilotage.report.cards.words import limits
from pilotage.report.columns import RANKED
from pilotage.risk.spec.load import load_specs


def test_an_outcome_is_a_folder_of_models_a_spec_and_a_name_that_scenarios_may_give() -> None:
    folders = {path.parent.name for path in assets.models().glob("*/spec.yaml")}
    assert folders == set(OUTCOMES) == set(get_args(OutcomeName))
    assert {name: spec.outcome for name, spec in load_specs(assets.models()).items()} == {
        name: name for name in OUTCOMES
    }
    assert all(outcome.horizon_months == Outcome().horizon_months for outcome in OUTCOMES.values())


def test_scenarios_may_sort_by_need_benefit_and_the_chances_that_the_table_allows() -> None:
    assert get_args(SortKey) == ("benefit", "need", "p_fall_if_inspected")


def test_the_forecasts_table_has_the_columns_of_each_outcome_in_order() -> None:
    columns = [column for outcome in OUTCOMES.values() for column in outcome.columns]
    assert list(FORECAST_COLUMNS) == ["urn", *columns, "need", "reasons", "data_age_years", "missing"]
    assert set(FORECAST.columns) == {*FORECAST_COLUMNS, GAP_SD}
    assert columns == [
        *("p_fall_if_inspected", "p_fall_if_inspected_low", "p_fall_if_inspected_high", "p_fall_within_horizon"),
        *("p_stuck", "p_below_good", "gap_months", "gap_months_at_horizon", "gap_change_months"),
        *("p_widens", "p_gap_wide"),
    ]


def test_a_chance_lies_between_0_and_1_and_months_within_a_decade() -> None:
    for figure in FIGURES:
        (check,) = FORECAST.columns[figure.name].checks
        ends = (check.statistics["min_value"], check.statistics["max_value"])
        assert ends == ((0, 1) if figure.form == "chance" else (-120, 120)), figure.name


def test_the_ranked_list_describes_every_figure() -> None:
    described = {column.name: (column.heading, column.meaning, column.form) for column in RANKED}
    assert {f.name: described[f.name] for f in FIGURES} == {f.name: (f.heading, f.meaning, f.form) for f in FIGURES}


def test_a_card_says_what_limits_an_outcomes_kind_and_the_outcome_itself() -> None:
    fall, stuck = (limits(outcome) for outcome in outcomes_of("leadership"))
    assert set(stuck) < set(fall)
    assert set(fall) - set(stuck) == set(FALL.limits)


def test_what_is_no_outcome_is_named_as_it_is() -> None:
    assert title_of("leadership_stuck") == "Leadership stays below good"
    assert title_of("another") == "another"
