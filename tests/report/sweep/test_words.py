"""What is said of a sweep, word by word."""

from dataclasses import replace
from datetime import date

import pytest

from pilotage.domain.findings.sweep import Came, Moves, Reason, Sweep, Swept, SweptPlan, ValueMean
from pilotage.report.sweep import words
from pilotage.report.sweep.pictures import benefit_chart, moves_charts

PLAN = SweptPlan(100.0, 0.0, 2, 1.5, 10_000, 8_000.0, (), ())
BEST = Swept(1, {"a": "1", "b": "true"}, Came.OPTIMAL, PLAN)
NONE = Swept(2, {"a": "2", "b": "true"}, Came.INFEASIBLE, reasons=(Reason("x", "rules.cap"), Reason("y", "rules.cap")))


def _sweep(*scenarios: Swept) -> Sweep:
    return Sweep("s", "w", date(2016, 8, 31), True, scenarios, (), (), (), "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "not there"),
        ("null", "not set"),
        ("{}", "not set"),
        ('{"rule": "cap"}', "in force"),
        ("[]", "not set"),
        ('["Derby", 3]', "Derby; 3"),
        ("true", "yes"),
        ("false", "no"),
        ("1234567", "1,234,567"),
        ("2.0", "2"),
        ("0.25", "0.25"),
        ('"' + "x" * 70 + '"', "x" * 57 + "..."),
    ],
)
def test_a_value_as_a_planner_writes_it(given: str | None, said: str) -> None:
    assert words.value(given) == said


def test_a_table_has_numbers_without_commas() -> None:
    assert (words.bare("1234567"), words.bare("true"), words.bare(None)) == ("1234567", "yes", "not there")


def test_only_keys_that_differ_are_told_and_all_of_one_scenario() -> None:
    assert words.changed_keys(_sweep(BEST, NONE)) == ["a"]
    assert words.changed_keys(_sweep(BEST)) == ["a", "b"]


def test_a_conflict_names_each_rule_once() -> None:
    assert words.conflict(NONE) == "rules.cap"
    assert words.conflict(BEST) == ""


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        ((NONE,), "1 scenario, and none of them has a plan."),
        ((BEST,), "1 scenario, each with a plan, all worth about 100 pupil-months."),
        ((BEST, NONE), "1 plan of 2 scenarios, all worth about 100 pupil-months. 1 scenario has none."),
        (
            (BEST, replace(BEST, number=3, plan=replace(PLAN, benefit=120.0)), NONE, NONE),
            "2 plans of 4 scenarios, worth 100 to 120 pupil-months. 2 scenarios have none.",
        ),
    ],
)
def test_the_headline(scenarios: tuple[Swept, ...], said: str) -> None:
    assert words.headline(_sweep(*scenarios)) == said


MEANS = (ValueMean("1", 1, 100.0), ValueMean("2", 1, 90.0))


@pytest.mark.parametrize(
    ("moves", "said", "share"),
    [
        (Moves("a", (), True, None, None, None, 0), "no two plans differ in this key alone", "—"),
        (Moves("a", MEANS, True, 0.0, 0.0, 0.0, 1), "it changes nothing", "none"),
        (Moves("a", MEANS, True, 10.0, 10.0, 0.5, 1), "10.0 pupil-months on average, from 90", "50%"),
        (Moves("a", MEANS, False, 10.0, 10.0, None, 1), "over random settings, so it is rough", "—"),
    ],
)
def test_what_a_key_moves(moves: Moves, said: str, share: str) -> None:
    assert said in words.moves(moves)
    assert words.changed(moves) == share


def test_there_is_no_chart_of_nothing() -> None:
    assert benefit_chart(_sweep(NONE)) is None
    assert moves_charts(_sweep(BEST)) == []


def test_many_scenarios_are_points_and_few_are_bars() -> None:
    few, many = (_sweep(*(replace(BEST, number=n) for n in range(1, count))) for count in (3, 50))
    assert "Benefit of 2 scenarios" in str(benefit_chart(few))
    assert "Benefit of 49 scenarios" in str(benefit_chart(many))
