"""A question on the screen: its changes, and its file when it changes meanwhile."""

from pathlib import Path

import pytest

from pilotage.errors import ScenarioError
from pilotage.study.session.question import (
    changed_on_disk,
    opened,
    read_again,
    with_edits,
    without_edit,
    without_edits,
    without_entry,
)

CAP = ("rules", "trust-cap", "count")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: baseline\nname: mine\nwhy: Mine.\nrules:\n  trust-cap:\n    count: 3\n", encoding="utf-8")
    return path


def test_a_change_is_laid_over_what_the_file_says(own: Path) -> None:
    question = with_edits(opened(str(own)), {CAP: 2})
    assert question.scenario.rules["trust-cap"].model_dump()["count"] == 2
    assert question.resolved.leaves[CAP].origin == "changed in the workbench"
    assert without_edits(question).scenario.rules["trust-cap"].model_dump()["count"] == 3


def test_a_whole_entry_takes_the_place_of_changes_below_it() -> None:
    limit = {"rule": "trust_cap", "count": 1}
    question = with_edits(with_edits(opened("baseline"), {CAP: 2}), {("rules", "trust-cap"): limit})
    assert list(question.edits) == [("rules", "trust-cap")]
    assert question.scenario.rules["trust-cap"].model_dump()["count"] == 1


def test_a_value_within_an_entry_of_the_screen_is_changed_there_and_its_other_values_stay() -> None:
    limit = {"rule": "trust_cap", "count": 1, "trusts": ["Alder Trust"]}
    added = {"rule": "area_minimum", "areas": ["region: London"], "count": 5}
    question = with_edits(opened("baseline"), {("rules", "trust-cap"): limit, ("rules", "new"): added})
    question = with_edits(question, {CAP: 5, ("rules", "new", "count"): 7})
    assert question.edits == {("rules", "trust-cap"): limit | {"count": 5}, ("rules", "new"): added | {"count": 7}}
    assert question.scenario.rules["new"].asks() == "at least 7 placements in the region London"


def test_a_value_further_below_is_put_where_it_belongs() -> None:
    question = with_edits(opened("baseline"), {("objective",): {"need_weight": 1.0}})
    question = with_edits(question, {("objective", "equity_weights", "areas"): {"region: London": 2.0}})
    assert question.scenario.objective.equity_weights.areas == {"region: London": 2.0}
    assert question.scenario.objective.need_weight == 1.0


def test_a_nested_entry_is_laid_over_value_by_value() -> None:
    question = with_edits(opened("baseline"), {("objective",): {"equity_weights": {"areas": {"region: London": 2.0}}}})
    assert question.scenario.objective.equity_weights.areas == {"region: London": 2.0}
    assert question.scenario.objective.measure == "expected_benefit"


def test_an_entry_of_the_file_is_removed_and_one_of_the_screen_forgotten() -> None:
    question = without_entry(opened("baseline"), ("rules", "budget"))
    assert "budget" not in question.scenario.rules
    added = with_edits(question, {("bans", "b"): {"urn": 900001, "reason": "r", "author": "a"}})
    assert list(without_entry(added, ("bans", "b")).edits) == [("rules", "budget")]


def test_a_change_that_does_not_hold_together_is_refused_where_the_scenario_is_asked_for() -> None:
    question = with_edits(opened("baseline"), {("solver", "time_limit_seconds"): -1})
    with pytest.raises(ScenarioError, match="changed in the workbench"):
        question.resolved  # noqa: B018


def test_a_file_that_changes_meanwhile_is_seen_and_read_again_with_the_changes(own: Path) -> None:
    question = with_edits(opened(str(own)), {("pool", "leave_out"): ["L1"]})
    assert not changed_on_disk(question)
    own.write_text(own.read_text(encoding="utf-8").replace("count: 3", "count: 1"), encoding="utf-8")
    assert changed_on_disk(question)
    again = read_again(question)
    assert again.scenario.rules["trust-cap"].model_dump()["count"] == 1
    assert again.scenario.pool.leave_out == ("L1",)
    assert not changed_on_disk(again)


def test_a_file_that_is_gone_or_broken_has_changed(own: Path) -> None:
    question = opened(str(own))
    own.unlink()
    assert changed_on_disk(question)
    with pytest.raises(ScenarioError, match="no such scenario"):
        read_again(question)


def test_one_change_is_taken_back_alone_with_all_that_is_below_its_key() -> None:
    cap, top = ("rules", "new", "count"), ("report", "top")
    question = with_edits(opened("baseline"), {("rules", "new", "rule"): "trust_cap", cap: 1, top: 5})
    assert list(without_edit(question, ("rules", "new")).edits) == [top]
    assert list(without_edit(question, top).edits) == [("rules", "new", "rule"), cap]
