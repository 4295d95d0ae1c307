"""Each linear rule: a plan derived by hand in which it binds, and what it refuses."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.errors import ScenarioError

TWO = [{"authority": "Derby", "area": "Derby"}, {"authority": "Oldham", "trust": "Ark"}]


def _pairs(problem: PlacementProblem, plan: PlacementPlan) -> set[tuple[str, str]]:
    return {(problem.leader_ids[problem.leader[p]], problem.post_ids[problem.post[p]]) for p in plan.chosen}


def test_one_post_per_leader_and_one_leader_per_post(world: Callable[..., Any]) -> None:
    benefit = [[10, 9], [8, 1]]  # greedy takes 10 + 1; the optimum is 9 + 8
    small = world(TWO)
    plan = small.plan(benefit)
    assert plan.objective == 17_000
    assert plan.bound == 17_000
    assert _pairs(small.problem(benefit), plan) == {("L1", "P2"), ("L2", "P1")}


def test_area_minimum_by_count_takes_the_worse_pair(world: Callable[..., Any]) -> None:
    benefit = [[1, 10]]  # one leader: without the rule she goes to P2, outside the area
    small = world(TWO, leaders=[{}], rules={"area": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1}})
    assert small.plan(benefit).objective == 1_000
    assert small.with_rules({}).plan(benefit).objective == 10_000


def test_area_minimum_by_share_of_placements_gives_up_a_placement(world: Callable[..., Any]) -> None:
    schools = [{"area": "Derby"}, {}, {}]
    benefit = [[5, 0, 0], [0, 4, 3], [0, 4, 3]]  # half in the area allows one outside: 5 + 4; freely: 5 + 4 + 3
    rule = {"rule": "area_minimum", "share": 0.5, "of": "placements"}
    small = world(schools, rules={"share": rule})
    assert small.plan(benefit).objective == 9_000
    assert small.with_rules({}).plan(benefit).objective == 12_000


def test_area_minimum_by_share_of_the_pool_rounds_up(world: Callable[..., Any]) -> None:
    schools = [{"area": "Derby"}, {"area": "Derby"}, {}, {}]
    benefit = [[1, 1, 9, 9]] * 3  # 0.4 of 3 leaders = 1.2, so two in the area
    small = world(schools, leaders=[{}] * 3, rules={"pool": {"rule": "area_minimum", "share": 0.4, "of": "pool"}})
    assert small.plan(benefit).objective == 11_000


@pytest.mark.parametrize("column", ["authority", "trust", "region"])
def test_caps_leave_the_second_best(world: Callable[..., Any], column: str) -> None:
    schools = [{column: "One"}, {column: "One"}, {column: "Two"}]
    benefit = [[10, 0, 1], [0, 9, 2]]  # cap of one in "One": 10 + 2
    small = world(schools, leaders=[{}, {}], rules={"cap": {"rule": f"{column}_cap", "count": 1}})
    assert small.plan(benefit).objective == 12_000


def test_a_cap_of_null_trusts_binds_nobody(world: Callable[..., Any]) -> None:
    small = world([{}, {}], rules={"cap": {"rule": "trust_cap", "count": 1}})
    assert small.plan([[10, 1], [1, 10]]).objective == 20_000


def test_budget_takes_the_cheaper_pair(world: Callable[..., Any]) -> None:
    benefit = [[6, 10], [6, 10]]  # P1 costs 1,000 and P2 2,000: with 2,000 in all, P2 alone
    small = world(TWO, rules={"budget": {"rule": "budget", "total_gbp": 2000}})
    assert small.plan(benefit).objective == 10_000
    tight = small.with_rules({"budget": {"rule": "budget", "total_gbp": 1999}})
    assert tight.plan(benefit).objective == 6_000


def test_a_pin_is_kept_though_it_costs(world: Callable[..., Any]) -> None:
    pin = {"leader_id": "L1", "post_id": "P1", "reason": "promised", "author": "AB"}
    small = world(TWO, pins={"promise": pin})
    benefit = [[1, 9], [8, 1]]
    assert small.plan(benefit).objective == 2_000


def test_an_unreachable_minimum_is_infeasible_and_named(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 2}
    plan = world(TWO, rules={"too-many": rule}).plan([[5, 5], [5, 5]])
    assert plan.status is Status.INFEASIBLE
    assert plan.conflict == ("too-many",)


def test_a_pin_against_a_cap_of_zero_is_infeasible_and_names_both(world: Callable[..., Any]) -> None:
    pin = {"leader_id": "L1", "post_id": "P1", "reason": "promised", "author": "AB"}
    small = world(TWO, rules={"cap": {"rule": "authority_cap", "count": 0}}, pins={"promise": pin})
    plan = small.plan([[1, 9], [8, 1]])
    assert plan.status is Status.INFEASIBLE
    assert set(plan.conflict) == {"cap: Derby", "pins.promise"}


def _pin(leader: str, post: str) -> dict[str, str]:
    return {"leader_id": leader, "post_id": post, "reason": "r", "author": "a"}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"pins": {"a": _pin("L1", "P1"), "b": _pin("L1", "P2")}}, "leader L1 is pinned by pins.a too"),
        ({"pins": {"a": _pin("L1", "P1"), "b": _pin("L2", "P1")}}, "post P1 is pinned by pins.a too"),
        ({"pins": {"a": _pin("L9", "P1")}}, "no such leader_id 'L9'"),
        ({"bans": {"a": {"urn": 77, "reason": "r", "author": "a"}}}, "no such urn '77'"),
        ({"pins": {"a": _pin("L2", "P2")}}, "L2 may not take P2"),
    ],
)
def test_pins_and_bans_that_cannot_hold_are_refused(
    world: Callable[..., Any], keys: dict[str, Any], words: str
) -> None:
    with pytest.raises(ScenarioError, match=words):
        world(TWO, **keys).problem([[1, 2], [3, None]])


def test_a_second_term_at_the_same_level_of_a_school_is_no_move(world: Callable[..., Any]) -> None:
    # Years 1 and 2 in school 1 would be worth 9 + 8; nobody may stay, so the second year is spent in school 2: 9 + 3.
    posts = [
        {"urn": 1},
        {"urn": 1, "opens_on": pd.Timestamp("2017-09-01")},
        {"urn": 2, "opens_on": pd.Timestamp("2017-09-01")},
    ]
    small = world([{}, {}], leaders=[{}], posts=posts, time={"years": 2, "term_years": 1})
    benefit = [[9, 8, 3]]
    plan = small.plan(benefit)
    assert plan.chosen.tolist() == [0, 2]
    assert plan.objective == 12_000
    rows = [row for row in small.problem(benefit).rows if row.rule == "own_post"]
    assert [row.part for row in rows] == [("L1", 1, "head")]
