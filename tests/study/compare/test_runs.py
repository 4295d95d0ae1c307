"""Two hand-made runs: each leader, list, figure and difference is what the tables say."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from pilotage.case.read_back import ReadRun
from pilotage.config.overlay import resolve
from pilotage.domain.findings.comparison import (
    Change,
    Comparison,
    Differing,
    Figure,
    FigureChange,
    LeaderChange,
    PlanList,
    Post,
    SettingWords,
)
from pilotage.domain.forecast import RiskForecast
from pilotage.errors import DataError, Problem
from pilotage.report.compare.since import whole_difference
from pilotage.study.compare import attribution
from pilotage.study.compare.attribution import with_attribution
from pilotage.study.compare.runs import compared

Rows = list[tuple[str, str, int]]


def _run(placed: Rows, worry: list[int], benefit: float, **changed: Any) -> ReadRun:
    schools = pd.DataFrame({"urn": [1, 2, 3, 4], "name": ["Ash", "Beech", "Cedar", "Dale"]})
    manifest = {"inputs": (), "versions": {"pilotage": "1"}, "model_extra": {"banner": "Invented."}} | changed
    expected = {"yes": benefit / 10, "committed_gbp": 500, "spent_gbp": 400.0}
    plan = SimpleNamespace(benefit=benefit, placements=len(placed), supported=0, model_extra={"expected": expected})
    run = SimpleNamespace(
        folder=Path("run"),
        clean=True,
        scenario=resolve("baseline", ("report.top=2",)).scenario,
        ranked=schools,
        placements=pd.DataFrame(placed, columns=["leader_id", "post_id", "urn"]),
        worry_about=pd.DataFrame({"urn": worry}),
        ask_next=pd.DataFrame({"urn": [4, 3, 2], "ask_rank": pd.array([3, 1, 2], dtype="Int64")}),
        support=None,
        asks=None,
        plan=plan,
        forecast=RiskForecast(date(2016, 8, 31), pd.DataFrame({"urn": [1], "need": [0.5]}), {}, {}),
        manifest=SimpleNamespace(**manifest),
    )
    return cast("ReadRun", run)


def _input(name: str, checksum: str, key: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(role="posts", name=name, key=key, sha256=checksum)


BEFORE: Rows = [("L1", "P1", 1), ("L2", "P2", 2), ("L4", "P4", 4)]
AFTER: Rows = [("L1", "P3", 3), ("L3", "P2", 2), ("L4", "P4", 4)]


def test_who_gained_lost_and_moved() -> None:
    found = compared(_run(BEFORE, [1], 10), _run(AFTER, [1], 10))
    assert found.leaders == (
        LeaderChange("L1", Change.MOVED, (Post("P1", 1),), (Post("P3", 3),)),
        LeaderChange("L2", Change.LOST, (Post("P2", 2),), ()),
        LeaderChange("L3", Change.GAINED, (), (Post("P2", 2),)),
    )
    assert found.leaders[0].gained == {("L1", "P3")}
    assert found.leaders[0].lost == {("L1", "P1")}


def test_the_lists_are_compared_in_their_first_rows_and_one_that_is_not_there_is_left_out() -> None:
    found = compared(_run(BEFORE, [1, 2, 3], 10), _run(AFTER, [3, 2, 1], 10))
    lists = {each.name: (each.came, each.went, each.top) for each in found.lists}
    assert lists == {
        PlanList.WORRY: ((3,), (1,), 2),
        PlanList.ASK_NEXT: ((), (), 2),
        PlanList.PLACEMENTS: ((3,), (1,), None),
    }


def test_asks_that_come_and_go_are_counted_and_listed() -> None:
    before, after = (_run(BEFORE, [1], 10) for _ in range(2))
    asks = pd.DataFrame({"leader_id": ["L1", "L2", "L2"], "urn": [1, 2, 3], "name": ["Ash", "Beech", "Cedar"]})
    vars(before)["asks"], vars(after)["asks"] = asks, asks.iloc[1:].assign(urn=[2, 4], name=["Beech", "Dale"])
    found = compared(before, after)
    asked = next(each for each in found.lists if each.name is PlanList.ASKS)
    assert (asked.came, asked.went) == ((4,), (1, 3))
    assert next(each for each in found.figures if each.figure is Figure.ASKS) == FigureChange(Figure.ASKS, 3, 2)
    told = "\n".join(whole_difference(found))
    assert "  asks: 3 -> 2 (−1)" in told
    assert "1 school newly asked, 2 not asked now." in told
    assert "  Newly asked: Dale (4)\n  Not asked now: Ash (1); Cedar (3)" in told


def test_support_in_the_list_of_an_earlier_version_is_no_placement() -> None:
    old = _run(BEFORE, [1], 10)
    table = old.placements.assign(intervention=["place", "support", "place"])
    cast("Any", old).placements = table
    assert [each.leader_id for each in compared(old, _run(BEFORE, [1], 10)).leaders] == ["L2"]


def test_benefit_acceptances_and_spend() -> None:
    figures = {
        each.figure: (each.before, each.after) for each in compared(_run(BEFORE, [], 10), _run([], [], 30)).figures
    }
    assert figures[Figure.BENEFIT] == (10, 30)
    assert figures[Figure.ACCEPTED] == (1.0, 3.0)
    assert figures[Figure.SPENT] == (400.0, 400.0)
    assert figures[Figure.PLACEMENTS] == (3, 0)


def test_other_inputs_versions_and_forecasts_are_each_named() -> None:
    one = _run(BEFORE, [], 10, inputs=(_input("posts.csv", "a" * 64), _input("gone.csv", "b" * 64)))
    other = _run(BEFORE, [], 10, inputs=(_input("posts.csv", "c" * 64),), versions={"pilotage": "2"})
    cast("Any", other).forecast = RiskForecast(date(2016, 8, 31), pd.DataFrame({"urn": [1], "need": [0.6]}), {}, {})
    told = [(each.kind, each.name, each.before, each.after) for each in compared(one, other).differences]
    assert told == [
        (Differing.INPUT, "gone.csv (posts)", "b" * 64, None),
        (Differing.INPUT, "posts.csv (posts)", "a" * 64, "c" * 64),
        (Differing.FORECAST, "forecast", None, None),
        (Differing.VERSION, "pilotage", "1", "2"),
    ]


def test_a_run_whose_audit_failed_is_named() -> None:
    failed = _run(BEFORE, [], 10)
    cast("Any", failed).clean = False
    (told,) = compared(_run(BEFORE, [], 10), failed).differences
    assert (told.kind, told.before, told.after) == (Differing.AUDIT, "passed", "failed")


def test_a_table_of_another_content_is_a_setting_that_differs_whatever_its_name() -> None:
    runs = [_run([], [], 1, inputs=(_input("mine.csv", sha * 64, "pool.posts"),)) for sha in "abb"]
    (setting,) = compared(runs[0], runs[1]).settings
    assert setting.key == "pool.posts"
    assert setting.words == SettingWords("Posts", "the sample's", "the sample's, with other content")
    assert compared(runs[1], runs[2]).settings == ()


def test_a_setting_is_told_in_words_with_the_names_of_schools() -> None:
    one, other = _run([], [1], 10), _run([], [1], 10)
    pin = "pins.p={leader_id: L1, urn: 2, reason: Agreed., author: Ann}"
    changed = ("report.top=2", "impact.parameters.carry_over=0.75", pin)
    cast("Any", other).scenario = resolve("baseline", changed).scenario
    carry = "How much of a school's leadership its next head is expected to have (carry-over)"
    assert [each.words for each in compared(one, other).settings] == [
        SettingWords(carry, "0.5, the evidence's", "0.75"),
        SettingWords("Pin of L1 at Beech (2)", None, "Ann: Agreed."),
    ]


def test_inputs_that_are_gone_leave_the_comparison_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_run: ReadRun) -> None:
        raise DataError(Problem("posts.csv (posts)", "is gone"))

    monkeypatch.setattr(attribution, "again", gone)
    one, other = _run(BEFORE, [], 10), _run(AFTER, [], 10)
    cast("Any", other).scenario = resolve("baseline", ("report.top=3",)).scenario
    found: Comparison = compared(one, other)
    assert with_attribution(found, one, other, print) == replace(found, why_not=("posts.csv (posts) - is gone",))


def test_each_side_has_its_scenario_its_day_and_its_banner() -> None:
    side = compared(_run(BEFORE, [1], 10), _run(AFTER, [1], 10)).before
    assert (side.folder, side.scenario, side.as_of, side.banner) == ("run", "baseline", date(2016, 8, 31), "Invented.")


def test_a_school_of_a_list_that_is_not_ranked_has_its_name_too() -> None:
    run = _run([("L1", "P9", 9)], [1], 10)
    cast("Any", run).placements = run.placements.assign(name="Elm")
    assert compared(run, _run([], [1], 10)).schools[9] == "Elm"
