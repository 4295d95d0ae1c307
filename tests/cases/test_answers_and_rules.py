"""Answers of pairs and asks that contradict one another, the calendar or the rules: exit 3, with file and row."""

from typing import Any

import pytest

OPEN = ("rules.need-floor=null",)


def _said(case: Any, rows: list[dict[str, Any]], *settings: str, key: str = "pairs", **post: Any) -> Any:
    table = case.write(key, rows).as_posix()
    posts = [post, {"urn": 900006}]
    return case.place([{}, {}], posts, f"pool.{key}={table}", *OPEN, *settings)


def _pair(state: str, leader: str = "L1", post: str = "P1", date: str = "") -> dict[str, str]:
    return {"leader_id": leader, "post_id": post, "state": state, "date": date}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [_pair("refused"), _pair("accepted")],
            "pairs.csv, row 3 - the pair L1, P1 stands twice, as refused in row 2 and as accepted",
        ),
        (
            [_pair("accepted", post="P2"), _pair("accepted")],
            "pairs.csv, row 3 - post P1 for L1: accepted, but leader L1 has post P2 already (",
        ),
        (
            [_pair("started"), _pair("accepted", "L2")],
            "pairs.csv, row 3 - post P1 for L2: accepted, but leader L1 has it already (",
        ),
        ([_pair("refused", date="2018-05-01")], "pairs.csv, row 2 - "),
    ],
)
def test_rows_that_contradict_name_file_and_row(case: Any, rows: list[dict[str, str]], words: str) -> None:
    done = _said(case, rows)
    assert (done.code, done.err.count("error: ")) == (3, 1), done.err
    assert words in done.err
    assert "pins." not in done.err


@pytest.mark.parametrize("state", ["accepted", "started"])
def test_an_answer_at_a_post_that_opens_after_the_plan_names_its_row(case: Any, state: str) -> None:
    done = _said(case, [_pair(state)], opens_on="2019-09-01")
    assert (done.code, done.err.count("error: ")) == (3, 1), done.err
    assert f"pairs.csv, row 2 - L1 in P1: {state}, but barred: opens after the last year of the plan" in done.err


def test_an_answer_that_a_rule_bars_names_its_row_and_the_rule(case: Any) -> None:
    done = _said(case, [_pair("started")], consent="no")
    assert (done.code, done.err.count("error: ")) == (3, 1), done.err
    assert "pairs.csv, row 2 - L1 in P1: started, but barred by rules.consent" in done.err


def test_an_answered_ask_that_a_rule_bars_names_its_row(case: Any) -> None:
    ask = {"urn": 900004, "level": "senior", "leader_id": "L1", "school": "started"}
    done = _said(case, [ask], "pool.prospects={levels: [senior]}", key="asks")
    assert (done.code, done.err.count("error: ")) == (3, 1), done.err
    assert "asks.csv, row 2 - L1 in ask: 900004 senior: started by the school, but barred by rules.level" in done.err


def test_a_pin_of_the_scenario_beside_a_barred_answer_keeps_its_own_exit_code(case: Any) -> None:
    pin = "pins.mine={leader_id: L2, post_id: P2, reason: r, author: a}"
    done = _said(case, [_pair("started")], pin, "rules.travel.max_km=0.001", consent="no")
    assert (done.code, done.err.count("error: ")) == (2, 2), done.err
    assert "--set pins.mine: pins.mine - L2 may not take P2" in done.err
    assert "pairs.csv, row 2 - L1 in P1: started, but" in done.err


def test_an_answer_against_a_pin_names_both(case: Any) -> None:
    pin = "pins.a={leader_id: L1, post_id: P1, reason: r, author: a}"
    done = _said(case, [_pair("refused")], pin)
    assert done.code == 3
    assert "pairs.csv, row 2 - " in done.err
    assert "refused, but pins.a sends L1 to P1" in done.err


def test_answers_that_a_limit_does_not_hold_are_named_by_row(case: Any) -> None:
    done = _said(case, [_pair("accepted"), _pair("accepted", "L2", "P2")], "rules.budget.total_gbp=1")
    assert done.code == 4
    assert "baseline.yaml" not in done.err
    assert "error: --set rules.budget.total_gbp: rules.budget - total cost at most £1, and " in done.err
    assert "pairs.csv, row 2 need 8,000 - at least 16,000, with all 2 pins" in done.err  # row 2 alone is too much
    assert "Raise rules.budget.total_gbp from 1 to 16,000" in done.err
    assert "pins." not in done.err


def test_rules_in_conflict_are_each_named_with_file_and_line(case: Any) -> None:
    lines = ["extends: baseline", "name: s", "why: x", "rules:", "  need-floor: null", "  most:"]
    lines += ["    rule: phase_balance", "    shares: {primary: {maximum: 0.5}}", "pins:"]
    lines += [f"  {name}: {{leader_id: {name}, post_id: P{name[1]}, reason: r, author: a}}" for name in ("L1", "L2")]
    (case.work / "s.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = case.place([{}, {}], [{}, {"urn": 900006}], scenario=str(case.work / "s.yaml"))
    assert done.code == 4
    assert "s.yaml, line 7: rules.most: primary" in done.err
    assert "s.yaml, line 10: pins.L1 - L1 takes P1 (pinned by a: r)" in done.err
    assert "pins.L1 need 1 - at least 2, with all 2 pins" in done.err
    assert "Raise rules.most.shares.primary.maximum from 50% to 100% (s.yaml, line 8)" in done.err
