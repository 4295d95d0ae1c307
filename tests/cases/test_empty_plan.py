"""The empty plan is a plan: nobody placed, exit 0 and why; exit 4 only where hard rules cannot hold together."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

NOWHERE = ("rules.travel.max_km=0", "rules.travel.relocation=false")


def _plan(case: Any, out: str = "out") -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((case.work / out / "plan.json").read_text(encoding="utf-8"))
    return plan


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (NOWHERE, "1 post: no suitable leader within reach."),
        (("scope.regions=[London]",), "1 post: out of scope, or disadvantaged pupils unknown."),
        (("time.years=1", "as_of=2015-06-30"), "1 post: "),
        (("bans.all={leader_id: L1, reason: r, author: a}",), "1 post: barred by a ban."),
        ((*NOWHERE, "objective.measure=mean_less_cvar"), "1 post: no suitable leader within reach."),
        ((*NOWHERE, "objective.equity_weights.deprivation_fifths={5: 2}"), "1 post: no suitable leader within reach."),
        ((*NOWHERE, "report.alternatives.count=2"), "1 post: no suitable leader within reach."),
        ((*NOWHERE, "rules.share={rule: area_minimum, share: 0.4}"), "1 post: no suitable leader within reach."),
    ],
)
def test_no_eligible_pair_is_an_empty_plan_with_its_reasons(case: Any, settings: tuple[str, ...], why: str) -> None:
    done = case.place([{}], [{}], *settings)
    assert (done.code, done.err) == (0, "")
    plan = _plan(case)
    assert (plan["status"], plan["placements"], plan["objective"], plan["bound"]) == ("optimal", 0, 0, 0)
    assert plan["pairs_considered"] == 0
    assert any(line.startswith(why) for line in plan["nobody_placed"])
    assert plan["nobody_placed"][0] in done.out
    assert plan["nobody_placed"][0] in (case.work / "out" / "report.html").read_text(encoding="utf-8")
    assert case.placements() == []


def test_pairs_that_would_all_do_harm_leave_nobody_placed(case: Any) -> None:
    done = case.place([{"effect_mean": -0.9, "effect_sd": 0.01}], [{}])
    assert done.code == 0
    (line,) = _plan(case)["nobody_placed"]
    assert line.startswith("Nobody is placed: none of 1 possible pair of leader and post would add anything")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((*NOWHERE, "rules.some={rule: area_minimum, areas: [Derby], count: 1}"), "1 are needed"),
        ((*NOWHERE, "rules.trial={rule: hold_back, posts: 1}"), "1 posts are to be held back, and 0 could be filled"),
        ((*NOWHERE, "rules.span={rule: executive_span}"), "a span of 3, and 0 posts in reach"),
        ((*NOWHERE, "rules.teams={rule: teams}"), "team A - no school in reach has posts for all of L3 (head)"),
    ],
)
def test_hard_rules_that_cannot_hold_are_infeasible(case: Any, settings: tuple[str, ...], words: str) -> None:
    leaders = [{}, {"level": "executive"}, {"team_id": "A"}, {"team_id": "A"}]
    done = case.place(leaders, [{}], *settings)
    assert done.code == 4
    assert words in done.err
    assert not (case.work / "out").exists()


def test_a_priced_minimum_with_no_pair_is_missed_at_its_price(case: Any) -> None:
    done = case.place([{}], [{}], *NOWHERE, "rules.some={rule: area_minimum, areas: [Derby], count: 2, price: 7}")
    assert done.code == 0
    assert _plan(case)["objective"] == -14


def test_a_budget_that_pays_for_nothing_places_nobody_and_says_both_sums(case: Any) -> None:
    leaders, posts = [{"cost_gbp": 12000}], [{}, {"urn": 900006, "salary_gbp": 500}]
    done = case.place(leaders, posts, "rules.budget.total_gbp=11999")
    assert done.code == 0
    says = "rules.budget pays for no placement: the cheapest placement costs £12,000 and the budget is £11,999."
    assert says in done.out
    assert _plan(case)["nobody_placed"] == [says]
    assert case.placements() == []
    assert case.place(leaders, posts, "rules.budget.total_gbp=12000", out="enough").code == 0
    assert case.placements("enough") == [("L1", "P1")]


def test_a_year_whose_budget_pays_for_nothing_leaves_the_plan_of_the_other_year(case: Any) -> None:
    """Case opt-06."""
    leaders = [{"cost_gbp": 6000}, {"cost_gbp": 6000}]
    posts = [{}, {"urn": 900006, "opens_on": "2017-09-01", "salary_gbp": 50000}]
    budget = "rules.budget={rule: budget, total_gbp: 10000, per_year: true}"
    done = case.place(leaders, posts, budget, "time.years=2")
    assert done.code == 0
    assert [post for _, post in case.placements()] == ["P1"]
    says = "rules.budget pays for no placement in planning year 2: the cheapest placement in planning year 2 costs"
    assert f"{says} £56,000 and the budget is £10,000." in done.out


def _every_school_banned(case: Any) -> tuple[str, ...]:
    urns = pd.read_csv(case.forecast)["urn"].unique()
    return (f"bans={{{', '.join(f'a{urn}: {{urn: {urn}, reason: r, author: a}}' for urn in urns)}}}",)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (("rules.budget.total_gbp=10",), "rules.budget pays for no placement: the cheapest placement costs £3,000"),
        ((), "Nobody is supported: there is no leader and post that the rules allow"),
    ],
)
def test_support_alone_that_reaches_nobody_says_why(case: Any, settings: tuple[str, ...], why: str) -> None:
    settings = settings or _every_school_banned(case)
    support = ("interventions.place=false", "interventions.support={capacity: {London: 3}}")
    done = case.place([{}], [{}], *support, *settings)
    assert done.code == 0, done.err
    assert why in done.out
    assert case.placements() == []


def test_tables_without_rows_are_both_named(case: Any) -> None:
    for name, column in (("leaders", "leader_id"), ("posts", "post_id")):
        header = pd.read_csv(case.folder / f"{name}.csv", nrows=0)
        header.to_csv(case.work / f"no-{name}.csv", index=False)
        assert column in header
    named = (f"pool.{name}={(case.work / f'no-{name}.csv').as_posix()}" for name in ("leaders", "posts"))
    done = case.place([{}], [{}], *named)
    assert done.code == 3
    assert [line.split(" - ")[1] for line in done.err.splitlines()] == ["has no rows"] * 2


def test_support_alone_needs_no_leaders_and_no_posts(case: Any) -> None:
    for name in ("leaders", "posts"):
        pd.read_csv(case.folder / f"{name}.csv", nrows=0).to_csv(case.work / f"no-{name}.csv", index=False)
    named = [f"pool.{name}={(case.work / f'no-{name}.csv').as_posix()}" for name in ("leaders", "posts")]
    support = ("interventions.place=false", "interventions.support={capacity: {London: 3}}")
    done = case.place([{}], [{}], *named, *support)
    assert done.code == 0, done.err
    assert len(pd.read_csv(case.work / "out" / "support_in_post.csv")) == 3
    assert case.placements() == []


def test_support_that_reaches_nobody_says_that_there_are_no_leaders(case: Any) -> None:
    for name in ("leaders", "posts"):
        pd.read_csv(case.folder / f"{name}.csv", nrows=0).to_csv(case.work / f"no-{name}.csv", index=False)
    named = [f"pool.{name}={(case.work / f'no-{name}.csv').as_posix()}" for name in ("leaders", "posts")]
    support = ("interventions.place=false", "interventions.support={capacity: {London: 3}}")
    done = case.place([{}], [{}], *named, *support, *_every_school_banned(case))
    assert (done.code, done.err) == (0, "")
    nobody, why = _plan(case)["nobody_placed"][:2]
    assert nobody == "Nobody is supported: there is no leader and post that the rules allow together."
    assert why == "There are no leaders."


def test_a_cap_of_none_leaves_room_for_no_placement(case: Any) -> None:
    done = case.place([{}], [{}], "rules.none={rule: region_cap, count: 0}")
    assert (done.code, done.err) == (0, "")
    assert _plan(case)["pairs_considered"] == 1
    assert _plan(case)["nobody_placed"] == ["Nobody is placed: the rules below leave room for no placement."]


def test_a_pin_that_a_budget_cannot_pay_for_is_infeasible(case: Any) -> None:
    pin = "pins.a={leader_id: L1, post_id: P1, reason: r, author: a}"
    done = case.place([{"cost_gbp": 6000}], [{}], "rules.budget.total_gbp=5000", pin)
    assert done.code == 4
    assert "pins.a need 6,000" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["baseline", "cvar", "equity", "executive-span", "multi-year", "opportunity-areas", "support-in-post"]
)
def test_shipped_scenarios_run_where_nobody_can_travel(pilotage: Callable[..., Any], tmp_path: Any, name: str) -> None:
    settings = [part for setting in NOWHERE for part in ("--set", setting)]
    done = pilotage("run", name, "--quiet", "--out", str(tmp_path / "out"), *settings)
    assert done.code == 0
    assert json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))["clean"]
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["placements"] == 0
