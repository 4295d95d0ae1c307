"""The one table of outcomes: every other place that names one says the same."""

from typing import get_args

from pilotage import assets
from pilotage.config.scenario import Outcome, OutcomeName
from pilotage.domain.forecast import FORECAST_COLUMNS
from pilotage.domain.outcomes import OUTCOMES
from pilotage.report.cards import words
from pilotage.report.run import outcomes
from pilotage.risk.spec.load import load_specs


def test_an_outcome_is_a_folder_of_models_a_spec_and_a_name_that_scenarios_may_give() -> None:
    folders = {path.parent.name for path in assets.models().glob("*/spec.yaml")}
    assert folders == set(OUTCOMES) == set(get_args(OutcomeName))
    assert {name: spec.outcome for name, spec in load_specs(assets.models()).items()} == {
        name: name for name in OUTCOMES
    }
    assert all(outcome.horizon_months == Outcome().horizon_months for outcome in OUTCOMES.values())


def test_the_forecasts_table_has_the_columns_of_each_outcome_in_order() -> None:
    columns = [column for outcome in OUTCOMES.values() for column in outcome.columns]
    assert [column for column in FORECAST_COLUMNS if column in columns] == columns


def test_reports_use_its_words() -> None:
    titles = {name: outcome.title for name, outcome in OUTCOMES.items()}
    assert outcomes.TITLES == words.TITLES == titles
    assert {name: outcome.use for name, outcome in OUTCOMES.items()} == words.USE
