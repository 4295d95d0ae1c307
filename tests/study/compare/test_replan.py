"""A setting that a forecast rests on is tried with a new forecast; the same settings give the same plan again."""

from dataclasses import replace
from pathlib import Path

import pytest

from pilotage import pipeline
from pilotage.case.read_back import read_run
from pilotage.config.overlay import resolve
from pilotage.domain.findings.comparison import Alone
from pilotage.errors import DataError, Problem
from pilotage.report.lists.counted import expected_benefit
from pilotage.study.compare import replan
from pilotage.study.compare.replan import again, outcome
from pilotage.study.compare.settings import is_of_forecast, with_setting

KEYS = ("as_of", "scope.phases", "risk.labels_from", "outcomes.leadership_fall.weight", "solver.seed", "data.crosswalk")
pytestmark = pytest.mark.usefixtures("gathered_once")


def _silent(_text: str) -> None:
    """Say nothing."""


def test_settings_that_a_forecast_rests_on_are_told_from_others() -> None:
    assert all(is_of_forecast(tuple(key.split("."))) for key in KEYS)
    others = ("solver.gap", "report.top", "rules.authority-cap.count", "objective.need_weight", "impact.years")
    assert not any(is_of_forecast(tuple(key.split("."))) for key in others)


def test_the_forecast_made_anew_gives_the_plan_of_the_run(small_run: Path) -> None:
    run = again(read_run(small_run))
    kept = outcome(run, run.tree, _silent, new_forecast=False)
    assert kept.alone is Alone.PLANNED
    assert kept.placements
    assert outcome(run, run.tree, _silent, new_forecast=True) == kept


def test_a_weight_of_the_forecast_moves_the_plan_only_with_a_new_one(small_run: Path) -> None:
    """The need floor rests on the weights: with the gap alone, other schools are in the top third."""
    run = again(read_run(small_run))
    key = ("outcomes", "leadership_stuck", "weight")
    assert run.tree["outcomes"]["leadership_stuck"]["weight"] > 0
    changed = with_setting(run.tree, {"outcomes": {"leadership_stuck": {"weight": 0.0}}}, key)
    kept = outcome(run, run.tree, _silent, new_forecast=False)
    assert outcome(run, changed, _silent, new_forecast=False) == kept
    anew = outcome(run, changed, _silent, new_forecast=True)
    assert anew.alone is Alone.PLANNED
    assert anew.benefit != kept.benefit


def test_a_forecast_from_a_file_can_not_be_made_anew(small_run: Path) -> None:
    run = replace(again(read_run(small_run)), own_forecast=False)
    assert outcome(run, run.tree, _silent, new_forecast=True).alone is Alone.NOT_FORECAST


def test_a_setting_that_does_not_go_with_the_tables_is_said(small_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = again(read_run(small_run))

    def refused(*_arguments: object) -> None:
        raise DataError(Problem("pins.one", "not in scope"))

    monkeypatch.setattr(replan.pipeline, "gather", refused)
    assert outcome(run, run.tree, _silent, new_forecast=False).alone is Alone.NOT_A_SCENARIO


@pytest.mark.slow
@pytest.mark.parametrize(
    "override",
    [
        "rules.authority-cap.count=1",
        "rules.budget.total_gbp=40000",
        "impact.years=2",
        "outcomes.gap_widening.weight=0.2",
        "scope.regions=[London, South East]",
        "solver.seed=5",
        "pool.leave_out=[SYN-L0078]",
    ],
)
def test_a_setting_changed_alone_gives_what_a_run_with_it_gives(override: str, small_run: Path) -> None:
    """The whole story told again with the setting on the command line: the same placements and the same benefit."""
    record = pipeline.run(resolve("small.yaml", (override,)))
    run = again(read_run(small_run))
    key = tuple(override.partition("=")[0].split("."))
    made = with_setting(run.tree, record.scenario.model_dump(mode="json"), key)
    told = outcome(run, made, _silent, new_forecast=is_of_forecast(key))
    named = record.problem.leader_ids, record.problem.post_ids
    pairs = {
        (named[0][record.problem.leader[pair]], named[1][record.problem.post[pair]]) for pair in record.plan.chosen
    }
    assert told.placements == pairs
    assert told.benefit == pytest.approx(expected_benefit(record), abs=1e-5)
