"""The form of a question: every field becomes a key of the scenario, and what would not hold is refused beside it."""

from dataclasses import replace

import pytest

from pilotage import assets
from pilotage.study.check import Checked
from pilotage.study.session import checking
from pilotage.study.session.tables import TableRole, open_table
from pilotage.workbench import bench
from pilotage.workbench.shown import plain
from tests.workbench.conftest import Window


@pytest.fixture
def form(window: Window) -> Window:
    window.step("Question")
    return window


def test_leaders_regions_and_trusts(form: Window) -> None:
    leader = form.test.multiselect[0].options[0]
    id_ = next(iter(form.bench.checked()[0].pool.leaders["leader_id"]))
    assert id_ in leader
    form.set("multiselect", "Leaders who are not there", [id_])
    assert form.bench.question.scenario.pool.leave_out == (id_,)
    form.set("multiselect", "Regions", ["North East", "London"])
    assert form.bench.question.scenario.scope.regions == ("North East", "London")
    trust = form.test.multiselect[2].options[0]
    form.set("multiselect", "Trusts left out", [trust])
    assert form.bench.question.scenario.scope.exclude_trusts == (trust,)


def test_limits_are_set_and_taken_away(form: Window) -> None:
    form.set("checkbox", "Limit: Farthest", True)
    assert form.bench.question.scenario.rules["travel"].max_km == 50
    form.set("number_input", "Farthest", 30.0)
    assert form.bench.question.scenario.rules["travel"].max_km == 30
    form.set("checkbox", "Limit: Farthest", False)
    assert form.bench.question.scenario.rules["travel"].max_km is None
    form.set("checkbox", "Limit: Budget", False)
    assert "budget" not in form.bench.question.scenario.rules
    form.set("checkbox", "Limit: Budget", True)
    form.set("number_input", "Budget", 50_000)
    assert form.bench.question.scenario.rules["budget"].total_gbp == 50_000


def test_at_least_so_many_in_a_place(form: Window) -> None:
    form.set("number_input", "How many", 2)
    form.set("selectbox", "In", "region: North East")
    form.click("Add")
    assert form.bench.question.scenario.rules["places-at-least-1"].count == 2
    form.click("Add")
    assert "places-at-least-2" in form.bench.question.scenario.rules
    form.click("Remove")
    assert "places-at-least-1" not in form.bench.question.scenario.rules


def test_a_pin_says_how_far_the_school_is(form: Window) -> None:
    assert "No school is chosen yet." in form.texts
    form.set("text_input", "Find the school", "sunderland")
    assert "km from the leader's base" in form.texts
    form.set("text_input", "Why", "Agreed.")
    form.set("text_input", "Who asks for it", "Ann")
    form.test.button(key="pair-add").click().run()
    (pin,) = form.bench.question.scenario.pins.values()
    assert (pin.reason, pin.author) == ("Agreed.", "Ann")
    assert "must go to school" in form.texts
    form.click("Remove")
    assert not form.bench.question.scenario.pins


def test_an_assumption_is_changed_within_its_range(form: Window) -> None:
    form.set("selectbox", "Assumption", "carry_over")
    form.set("number_input", "Value", 0.75)
    assert form.bench.question.scenario.impact.parameters == {"carry_over": 0.75}
    form.set("number_input", "Value", 7.0)
    assert "impact.parameters.carry_over" in form.errors
    assert "0 to 1" in form.errors


def test_a_change_that_does_not_hold_is_said_and_not_made(form: Window) -> None:
    for name in ("Weight: Leadership of schools that are", "Weight: Leadership of schools below"):
        form.set("number_input", name, 0.0)
    form.set("number_input", "Weight: The gap", 0.0)
    assert "only weights of 0" in form.errors
    assert form.bench.question.scenario.outcomes["gap_widening"].weight == 1.0


def test_all_rules_are_checked_together_at_each_change(form: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "eligible pairs of a leader and a post, and some plan keeps all rules" in form.texts
    made = Checked(form.bench.checked()[0], 1234, ("need-floor",), forecast_kept=False)
    monkeypatch.setattr(checking, "checked", lambda *_given: made)
    form.set("number_input", "How much more", 1.0)
    assert "1,234 eligible pairs of a leader and a post, and some plan keeps all rules that were checked." in form.texts
    assert "what rests on the forecast, rules.need-floor" in form.texts
    made = replace(made, forecast_kept=True, settled=False)
    form.set("number_input", "How much more", 2.0)
    assert "Not checked" not in form.texts
    assert "Whether some plan keeps all rules was not settled in time." in form.texts


def test_a_check_that_takes_long_waits_until_it_is_asked_for(form: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "AT_ONCE", 0.0)
    form.set("number_input", "How much more", 1.0)
    assert "eligible pairs" not in form.texts
    form.click("Check all rules together")
    assert "eligible pairs" in form.texts
    form.test.run()
    assert "eligible pairs" in form.texts


def test_rules_that_cannot_hold_together_are_said_with_ways_out(form: Window) -> None:
    """No leader is free, so that a budget of 10,000 cannot pay for two."""
    form.set("number_input", "Budget", 10_000)
    form.set("number_input", "How many", 2)
    form.set("selectbox", "In", "region: North East")
    form.click("Add")
    assert "no plan keeps all rules" in form.errors
    assert "eligible pairs" not in form.texts
    form.click("What would make a plan possible?")
    assert "1. Raise rules.budget.total_gbp from 10,000 to" in form.texts
    form.click("Take way 1")
    assert form.errors == ""
    assert "some plan keeps all rules" in form.texts
    budget = form.bench.question.scenario.rules["budget"].total_gbp
    assert budget > 10_000
    assert next(each for each in form.test.number_input if each.label.startswith("Budget")).value == budget


def test_a_rule_that_nothing_can_keep_is_said(form: Window) -> None:
    rule = {"rule": "area_minimum", "areas": ["region: North East"], "count": 90_000}
    form.bench.change(("rules", "too-many"), rule)
    form.test.run()
    assert "too-many" in form.errors
    assert "eligible pairs" not in form.texts
    form.click("What would make a plan possible?")
    form.click("Take way 1")
    assert "some plan keeps all rules" in form.texts


def test_a_pin_needs_a_reason_and_a_name(form: Window) -> None:
    form.set("text_input", "Find the school", "sunderland")
    form.set("text_input", "Who asks for it", "Ann")
    form.test.button(key="pair-add").click().run()
    assert "nothing says why" in form.errors
    assert not form.bench.question.scenario.pins


def test_what_was_typed_as_the_plan_is_asked_for_counts(form: Window) -> None:
    field = next(each for each in form.test.number_input if each.label.startswith("Weight: The gap"))
    button = next(each for each in form.test.button if each.label == "Plan now")
    field.set_value(2.0)
    button.click().run()
    form.wait()
    assert form.bench.latest.record.scenario.outcomes["gap_widening"].weight == 2.0
    assert ", 1 changed" in form.texts


def test_nothing_is_planned_where_what_was_typed_is_refused(form: Window) -> None:
    for name in ("Weight: Leadership of schools that are", "Weight: Leadership of schools below"):
        form.set("number_input", name, 0.0)
    next(each for each in form.test.number_input if each.label.startswith("Weight: The gap")).set_value(0.0)
    next(each for each in form.test.button if each.label == "Plan now").click().run()
    assert form.bench.job is None
    assert form.bench.plans == []
    assert form.header == "Question"
    assert "only weights of 0" in form.errors


def test_need_can_weigh_more_and_all_changes_can_be_undone(form: Window) -> None:
    form.set("number_input", "How much more", 1.0)
    assert form.bench.question.scenario.objective.need_weight == 1.0
    assert "need_weight: 1.0" in form.test.code[0].value
    form.click("Undo all changes")
    assert not form.bench.question.edits
    assert "Nothing yet." in form.texts


def test_a_change_is_told_with_its_value_before_and_taken_back_alone(form: Window) -> None:
    form.set("number_input", "Weight: The gap", 2.0)
    form.set("number_input", "How much more", 1.0)
    told = "Weight in need, the gap of disadvantaged pupils"
    assert f"{told}: 2 (before: 1)" in form.texts
    form.click(plain(f"Take back: {told}"))
    assert form.bench.question.scenario.outcomes["gap_widening"].weight == 1.0
    assert form.bench.question.scenario.objective.need_weight == 1.0
    assert told not in form.texts
    shown = {each.label: each.value for each in form.test.number_input}
    assert shown["Weight: The gap of disadvantaged pupils"] == 1.0


def test_two_changes_of_one_rule_have_buttons_of_different_names(form: Window) -> None:
    form.bench.change(("rules", "trust-cap", "count"), 1)
    form.bench.change(("rules", "trust-cap", "trusts"), ["Alder"])
    form.test.run()
    names = [each.label for each in form.test.button if each.label.startswith("Take back")]
    assert len(set(names)) == 2


def test_a_change_that_others_need_is_not_taken_back(form: Window) -> None:
    form.bench.change(("pool", "schools"), "known.csv")
    form.bench.change(("rules", "left"), {"rule": "leave_out_supported"})
    form.test.run()
    form.click(plain("Take back: What planners know of schools"))
    assert "pool.schools names no table" in form.errors
    assert form.bench.question.scenario.pool.schools is not None


def test_a_table_that_is_taken_back_is_no_longer_open(form: Window) -> None:
    roles = (TableRole.LEADERS, TableRole.POSTS)
    form.bench.tables = {role: open_table(role, assets.sample() / f"{role.value}.csv") for role in roles}
    form.bench.change(("pool", "leaders"), str(form.bench.tables[TableRole.LEADERS].path))
    form.test.run()
    form.click(plain("Take back: Leaders"))
    assert form.bench.question.scenario.pool.leaders is None
    assert list(form.bench.tables) == [TableRole.POSTS]
