"""What is said of rules that cannot hold together: the conflict with file and row, and the repairs, best first."""

import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import yaml

from pilotage.study.repair import repairs

PIN = {"reason": "promised", "author": "AB"}
TABLES = ("leaders", "posts")
HEADS = [{}, {}, {}]
NORTH_WEST = [{"urn": 900004}, {"urn": 900003}, {"urn": 900010}]


@pytest.fixture(autouse=True)
def _ample_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repairs, "SECONDS", 600.0)


@pytest.fixture
def refused(case: Any) -> Callable[..., list[str]]:
    """Return what plans under a scenario of the given keys, in a file, and returns the lines of its error."""

    def planned(leaders: list[dict[str, Any]], posts: list[dict[str, Any]], *options: str, **keys: Any) -> list[str]:
        file = case.work / "mine.yaml"
        text = {"extends": "baseline", "name": "mine", "why": "A case."} | keys
        file.write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
        done = case.place(leaders, posts, scenario=str(file), options=options)
        assert done.code == 4, done.err
        assert not (case.work / "out").exists()
        return [*done.err.splitlines(), *([done.out] if done.out else [])]

    return planned


@pytest.fixture
def repaired(case: Any) -> Callable[[list[str]], list[float]]:
    """Return what plans again under each repair as it is to be typed, and returns the benefits, which are as told."""

    def planned(lines: list[str]) -> list[float]:
        options = [line.split("--set ", 1)[1] for line in lines if re.match(r" +--set ", line)]
        benefits = [_benefit(line) for line in lines if re.match(r"  \d+\. ", line)]
        assert len(options) == len(benefits) > 0
        for number, option in enumerate(options):
            settings = [part.strip('"') for part in option.split(" --set ")]
            leaders, posts = (pd.read_csv(case.work / f"{name}.csv").to_dict("records") for name in TABLES)
            done = case.place(leaders, posts, *settings, out=f"out-{number}", scenario=str(case.work / "mine.yaml"))
            assert done.code == 0, (option, done.err)
            plan = json.loads((case.work / f"out-{number}" / "plan.json").read_text(encoding="utf-8"))
            assert plan["benefit"] == pytest.approx(benefits[number], abs=0.051)
        return benefits

    return planned


def _benefit(line: str) -> float:
    (found,) = re.findall(r": ([\d,.−]+) pupil-months", line)
    return float(found.replace(",", "").replace("−", "-"))


def _row(case: Any, text: str) -> int:
    """Return the number of the row of the scenario's file that holds a text."""
    rows = (case.work / "mine.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, row in enumerate(rows, 1) if text in row)


def test_pins_above_a_cap_raise_it_or_let_one_pin_go(case: Any, refused: Any, repaired: Any) -> None:
    pins = {f"p{n}": {"leader_id": f"L{n}", "post_id": f"P{n}"} | PIN for n in (1, 2)}
    lines = refused(HEADS, NORTH_WEST, pins=pins, rules={"few": {"rule": "region_cap", "count": 1}})
    text = "\n".join(lines)
    assert f"mine.yaml, line {_row(case, 'rule: region_cap')}: rules.few" in text
    assert f"Raise rules.few.count from 1 to 2 (mine.yaml, line {_row(case, 'count: 1')})" in text
    assert f"Remove the pin pins.p1 (mine.yaml, line {_row(case, 'leader_id: L1')})" in text
    assert "--set pins.p2=null" in text
    benefits = repaired(lines)
    assert len(benefits) == 3
    assert benefits == sorted(benefits, reverse=True)


def test_a_minimum_above_what_is_eligible_is_lowered(refused: Any, repaired: Any) -> None:
    many = {"rule": "case_quota", "cases": {"c": {"urn": 900004} | PIN}, "minimum_count": 4}
    lines = refused(HEADS, NORTH_WEST, rules={"many": many})
    assert any("4 are needed, and the eligible pairs allow at most 1" in line for line in lines)
    (line,) = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Lower rules.many.minimum_count from 4 to 1" in line
    assert len(repaired(lines)) == 1


def test_a_budget_below_a_pin_is_raised_by_what_is_missing(refused: Any, repaired: Any) -> None:
    pins = {"p": {"leader_id": "L1", "post_id": "P1"} | PIN}
    lines = refused([{"cost_gbp": 6000}], [{}], pins=pins, rules={"budget": {"total_gbp": 5000}})
    text = "\n".join(lines)
    assert "Raise rules.budget.total_gbp from 5,000 to 6,000" in text
    assert "--set rules.budget.total_gbp=6000" in text
    assert len(repaired(lines)) == 2


def test_a_ban_that_leaves_a_minimum_without_posts_is_named_as_a_repair(refused: Any, repaired: Any) -> None:
    quota = {"rule": "case_quota", "cases": {"c": {"urn": 900004} | PIN}, "minimum_count": 1}
    bans = {"no": {"urn": 900004} | PIN}
    lines = refused(HEADS, NORTH_WEST, bans=bans, rules={"case": quota})
    first, second = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Remove the ban bans.no (mine.yaml, line" in first + second
    assert "Lower rules.case.minimum_count from 1 to 0" in first + second
    worth = repaired(lines)
    assert worth[0] >= worth[1]


def test_two_contradictions_need_two_changes(refused: Any, repaired: Any) -> None:
    cases = [{"cases": {"c": {"urn": urn} | PIN}} for urn in (900004, 900003)]
    rules = {f"m{n}": {"rule": "case_quota", "minimum_count": 2} | cases[n] for n in (0, 1)}
    lines = refused(HEADS, NORTH_WEST, rules=rules)
    assert sum("2 are needed, and the eligible pairs allow at most 1" in line for line in lines) == 2
    (line,) = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Lower rules.m0.minimum_count from 2 to 1" in line
    assert "and lower rules.m1.minimum_count from 2 to 1" in line
    assert len(repaired(lines)) == 1


def test_a_team_that_no_place_can_take_is_left_out(refused: Any, repaired: Any) -> None:
    lines = refused([{"team_id": "A"}, {"team_id": "A"}, {}], NORTH_WEST, rules={"teams": {"rule": "teams"}})
    (line,) = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Set rules.teams.when_impossible to leave" in line
    assert len(repaired(lines)) == 1


def test_lots_for_more_posts_than_could_be_filled_are_fewer(refused: Any, repaired: Any) -> None:
    lines = refused(HEADS, NORTH_WEST, rules={"trial": {"rule": "hold_back", "posts": 9}})
    (line,) = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Lower rules.trial.posts from 9 to 3" in line
    assert len(repaired(lines)) == 1


def test_what_an_answer_holds_is_no_setting_and_no_repair(case: Any, refused: Any) -> None:
    pairs = case.write("pairs", [{"leader_id": f"L{n}", "post_id": f"P{n}", "state": "accepted"} for n in (1, 2)])
    rules = {"few": {"rule": "region_cap", "count": 1}}
    lines = refused(HEADS, NORTH_WEST, pool={"pairs": str(pairs)}, rules=rules)
    (line,) = (line for line in lines if re.match(r"  \d+\. ", line))
    assert "Raise rules.few.count from 1 to 2" in line


def test_as_json_the_problems_and_repairs_are_one_object(case: Any, refused: Any) -> None:
    pins = {"p": {"leader_id": "L1", "post_id": "P1"} | PIN}
    lines = refused([{"cost_gbp": 6000}], [{}], "--json", pins=pins, rules={"budget": {"total_gbp": 5000}})
    made = json.loads(lines[-1])
    assert (made["schema_version"], made["kind"], made["scenario"], made["ended"]) == (1, "infeasible", "mine", "all")
    changes = [change for repair in made["repairs"] for change in repair["changes"]]
    assert {change["set"] for change in changes} == {"rules.budget.total_gbp=6000", "pins.p=null"}
    raised = next(change for change in changes if change["way"] == "raise")
    assert (raised["key"], raised["now"], raised["needed"]) == ("rules.budget.total_gbp", 5000, 6000)
    assert all(repair["benefit"] is not None and repair["proven"] for repair in made["repairs"])
    assert made["problems"][0]["where"].startswith("mine.yaml, line")
