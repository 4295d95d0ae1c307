"""Figures that would overflow or mean nothing are refused, each by its name and with what is allowed."""

from typing import Any

import pytest

PRICE = "found 1000000000000000.0 - a number of more than 0, at most 100,000"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("rules.authority-cap.price=1e15", PRICE),  # case sec-14
        ("rules.consent.price=100000.1", "at most 100,000"),
        ("rules.travel.price=0", "more than 0"),
        ("rules.travel.max_km=1e9", "at most 10,000"),
        ("rules.authority-cap.count=100001", "at most 100,000"),
        ("rules.budget.total_gbp=10000000001", "at most 10,000,000,000"),
        ("rules.trial={rule: hold_back, posts: 100001}", "at most 100,000"),
        ("rules.trial={rule: hold_back, posts: 1, seed: -1}", "at least 0"),
        (
            "rules.cases={rule: case_quota, cases: {a: {urn: 1e30, reason: r, author: a}}}",
            "a whole number of at least 1",
        ),
        ("interventions.support={capacity: {London: 10001}}", "at most 10,000"),
        ("interventions.support={capacity: {London: 1}, cost_gbp: 1000001}", "at most 1,000,000"),
        ("impact.parameters.placement_cost_gbp=1000001", "0 to 1,000,000 GBP"),
        ("impact.parameters.fall_value_months=1e6", "0 to 120 months"),
        ("impact.parameters.relocation_cost_gbp=.inf", "plain digits"),
        ("impact.parameters.leader_quality_sd=.nan", "plain digits"),
        ("outcomes.leadership_fall.weight=1e300", "at most 10"),
        ("solver.seed=3000000000", "at most 2,147,483,647"),
        ("pool.seed=-1", "at least 0"),
        ("scope.exclude_urns=[10000000000000000000000]", "at most 999,999,999"),
        ("as_of=9999-01-01", "not a day from 1900 to 2200"),
    ],
)
def test_a_number_of_the_scenario_out_of_bounds_is_refused(case: Any, setting: str, words: str) -> None:
    done = case.place([{}], [{}], setting)
    assert done.code == 2
    assert setting.partition("=")[0].split(".")[1 if "." in setting.partition("=")[0] else 0] in done.err
    assert words in done.err
    assert not (case.work / "out").exists()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("cost_gbp", "9300000000000000000", "a number of pounds"),
        ("cost_gbp", "1000001", "between 0 and 1,000,000"),  # case sec-01
        ("cost_gbp", "-1", "between 0 and 1,000,000"),
        ("cost_gbp", "inf", "a number"),
        ("cost_gbp", "1e999", "a number"),
        ("cost_gbp", "nan", "a number"),
        ("easting", "1e30", "a number of metres"),
        ("easting", "700000", "easting from 80,000 to 660,000"),
        ("span", "7", "between 1 and 6"),
        ("max_travel_km", "10001", "between 0 and 10,000"),
        ("span", "99999999999999999999999", "a whole number up to"),
        ("current_urn", "-99999999999999999999999", "a whole number up to"),
        ("available_from", "9999-01-01", "from 1900 to 2200"),
        ("available_from", "0001-01-01", "from 1900 to 2200"),
    ],
)
def test_a_figure_of_a_leader_out_of_bounds_names_row_and_column(
    case: Any, column: str, value: str, words: str
) -> None:
    done = case.place([{}, {column: value}], [{}])
    assert done.code == 3
    assert f"leaders.csv, row 3 - {column} = " in done.err
    assert words in done.err
    assert done.err.count("error:") == 1


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("salary_gbp", "1000001", "between 0 and 1,000,000"),
        ("salary_gbp", "-0.01", "between 0 and 1,000,000"),
        ("salary_gbp", "9e18", "a number of pounds"),
        ("opens_on", "01/09/2999", "from 1900 to 2200"),
        ("urn", "10000000000000000000", "a whole number up to"),
    ],
)
def test_a_figure_of_a_post_out_of_bounds_names_row_and_column(case: Any, column: str, value: str, words: str) -> None:
    done = case.place([{}], [{}, {"urn": 900006, column: value}])
    assert done.code == 3
    assert f"posts.csv, row 3 - {column} = " in done.err
    assert words in done.err


def test_the_largest_money_and_the_highest_price_are_planned_exactly(case: Any) -> None:
    leaders = [{"cost_gbp": 1000000}, {"cost_gbp": 1000000}]
    posts = [{"salary_gbp": 1000000}, {"urn": 900006, "salary_gbp": 1000000}]
    done = case.place(leaders, posts, "rules.budget.total_gbp=10000000000", "rules.authority-cap.price=100000")
    assert done.code == 0
    assert len(case.placements()) == 2
    assert case.place(leaders, posts, "rules.budget.total_gbp=3999999", out="less").code == 0
    assert len(case.placements("less")) == 1
