"""Need, lots, subject and requirement: who is barred and why, at what price not, and the audit's own count."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.bars import Bar, Barred
from pilotage.errors import InfeasibleError, ScenarioError
from pilotage.placement.eligibility.pairs import Eligible, eligible_pairs
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve

NEED = pd.Series([0.9, 0.5, 0.1, np.nan], index=[1, 2, 3, 4])
CASE = {"rule": "case_quota", "cases": {"c": {"urn": 3, "reason": "r", "author": "a"}}}


def _eligible(small: Any) -> Eligible:
    return eligible_pairs(small.known(), np.array([1, 2, 3, 4]), NEED)


def _posts(found: Eligible) -> list[int]:
    return sorted(set(found.post.tolist()))


def _needs(world: Callable[..., Any], **keys: Any) -> Any:
    return world([{}] * 4, leaders=[{}], rules={"need": {"rule": "need_threshold"} | keys})


def test_a_need_threshold_bars_low_and_unknown_need_and_says_which(world: Callable[..., Any]) -> None:
    found = _eligible(_needs(world, minimum=0.5))
    assert _posts(found) == [0, 1]
    assert found.reasons == {2: Barred("need", "need_low"), 3: Barred("need", "need_unknown")}


def test_unknown_need_is_kept_where_the_scenario_says_so(world: Callable[..., Any]) -> None:
    assert _posts(_eligible(_needs(world, minimum=0.5, unknown="keep"))) == [0, 1, 3]


def test_a_share_of_the_schools_of_known_need(world: Callable[..., Any]) -> None:
    assert _posts(_eligible(_needs(world, top_share=0.34))) == [0]  # a third of three known
    assert _posts(_eligible(_needs(world, top_share=0.67))) == [0, 1]


PHASES = [{"phase": "primary"}, {"phase": "primary"}, {"phase": "secondary"}, {"phase": "secondary"}]


@pytest.mark.parametrize(
    ("keys", "posts"),
    [
        ({}, [0, 2]),  # half of each phase: school 1 of 0.9 and 0.5, school 3 of 0.1 alone
        ({"within": "all"}, [0, 1]),  # 0.9 and 0.5 of three: round(1.5) = 2
        ({"unknown": "keep"}, [0, 2, 3]),
    ],
)
def test_a_share_is_of_the_phase_unless_it_is_said_to_be_of_all(
    world: Callable[..., Any], keys: dict[str, Any], posts: list[int]
) -> None:
    rules = {"need": {"rule": "need_threshold", "top_share": 0.5} | keys}
    assert _posts(_eligible(world(PHASES, leaders=[{"phases": "primary;secondary"}], rules=rules))) == posts


def test_the_schools_of_a_phase_count_whether_or_not_they_have_a_post(world: Callable[..., Any]) -> None:
    rules = {"need": {"rule": "need_threshold", "top_share": 0.5}}
    small = world([{}] * 4, leaders=[{}], posts=[{"urn": 2}, {"urn": 3}], rules=rules)
    assert _eligible(small).reasons == {1: Barred("need", "need_low")}  # known: 0.9, 0.5, 0.1; two of three are in


def test_a_threshold_that_no_school_reaches_is_refused_before_solving(world: Callable[..., Any]) -> None:
    with pytest.raises(ScenarioError) as raised:
        _eligible(_needs(world, minimum=1.0))
    assert str(raised.value) == (
        "rules.need - lets in none of the 4 schools in scope: need is known of 3; the highest need is 90.00% - a "
        "threshold that at least one school reaches - lower it, put schools forward by a rule case_quota, or remove "
        "the rule with null"
    )


@pytest.mark.parametrize(
    ("keys", "more"), [({"unknown": "keep"}, {}), ({"price": 2.0}, {}), ({}, {"cases": CASE})], ids=str
)
def test_a_threshold_that_lets_some_school_in_is_not_refused(
    world: Callable[..., Any], keys: dict[str, Any], more: dict[str, Any]
) -> None:
    small = world([{}] * 4, leaders=[{}], rules={"need": {"rule": "need_threshold", "minimum": 1.0} | keys} | more)
    assert len(_posts(_eligible(small))) > 0


def test_where_the_schools_let_in_have_no_post_the_empty_plan_is_a_plan(world: Callable[..., Any]) -> None:
    rules = {"need": {"rule": "need_threshold", "minimum": 0.9}}
    assert _posts(_eligible(world([{}] * 4, leaders=[{}], posts=[{"urn": 2}], rules=rules))) == []


def test_a_school_put_forward_is_eligible_whatever_its_need(world: Callable[..., Any]) -> None:
    small = _needs(world, minimum=0.5)
    both = small.with_rules({"need": {"rule": "need_threshold", "minimum": 0.5}, "cases": CASE})
    assert _posts(_eligible(both)) == [0, 1, 2]


def test_a_priced_threshold_charges_instead(world: Callable[..., Any]) -> None:
    found = _eligible(_needs(world, minimum=0.5, price=2.5))
    assert found.price.tolist() == [0, 0, 2.5, 2.5]


def test_the_audit_counts_need_by_itself(world: Callable[..., Any]) -> None:
    small = _needs(world, minimum=0.5)
    benefit = [[1, 2, 3, 0]]
    problem, plan = small.problem(benefit), small.plan(benefit)
    found = small.recount(problem, plan, small.impact(benefit), need=NEED)
    assert {check.name for check in found.checks if not check.holds} == {"rules.need"}
    both = small.with_rules({"need": {"rule": "need_threshold", "minimum": 0.5}, "cases": CASE})
    assert both.recount(problem, plan, small.impact(benefit), need=NEED).clean


def test_lots_hold_back_posts_that_could_be_filled(world: Callable[..., Any]) -> None:
    rules = {"trial": {"rule": "hold_back", "posts": 2, "seed": 7}}
    small = world(
        [{}] * 4, leaders=[{}], posts=[{}, {}, {}, {"consent": "no"}], rules={"c": {"rule": "consent"}} | rules
    )
    found = _eligible(small)
    held = [post for post, barred in found.reasons.items() if barred == Barred("trial", "held_back")]
    assert len(held) == 2
    assert 3 not in held  # nobody could fill it anyway
    assert _posts(found) == sorted({0, 1, 2} - set(held))
    assert _eligible(small).reasons == found.reasons
    others = {
        tuple(_posts(_eligible(small.with_rules(rules | {"trial": rules["trial"] | {"seed": s}})))) for s in range(9)
    }
    assert len(others) > 1


def test_the_whole_school_of_a_drawn_post_is_held_back(world: Callable[..., Any]) -> None:
    rules = {"c": {"rule": "consent"}, "trial": {"rule": "hold_back", "posts": 1}}
    posts = [{"urn": 1}, {"urn": 1}, {"urn": 1, "consent": "no"}]
    found = _eligible(world([{}], leaders=[{}], posts=posts, rules=rules))
    assert not len(found.leader)
    drawn = [post for post, barred in found.reasons.items() if barred == Barred("trial", "held_back")]
    assert len(drawn) == 1
    assert found.reasons[1 - drawn[0]] == Barred("trial", "beside_held_back")
    assert found.reasons[2] == Barred("c", "consent_refused")


@pytest.mark.parametrize("where", [{"post_id": "P2"}, {"urn": 2}])
def test_a_pinned_post_is_never_drawn(world: Callable[..., Any], where: dict[str, Any]) -> None:
    pins = {"p": {"leader_id": "L1", "reason": "r", "author": "a"} | where}
    for seed in range(6):
        rules = {"trial": {"rule": "hold_back", "posts": 3, "seed": seed}}
        assert _posts(_eligible(world([{}] * 4, leaders=[{}], rules=rules, pins=pins))) == [1]


def test_more_lots_than_posts_are_refused(world: Callable[..., Any]) -> None:
    rules = {"trial": {"rule": "hold_back", "posts": 5}}
    with pytest.raises(
        InfeasibleError, match=r"rules\.trial\.posts - 5 posts are to be held back, and 4 could be filled"
    ):
        _eligible(world([{}] * 4, leaders=[{}], rules=rules))


def test_a_filled_post_of_the_comparison_group_is_caught(world: Callable[..., Any]) -> None:
    small = world([{}] * 2, leaders=[{}], rules={"trial": {"rule": "hold_back", "posts": 1}})
    problem, plan, impact = small.problem([[1, 2]]), small.plan([[1, 2]]), small.impact([[1, 2]])
    held = pd.DataFrame({"post_index": [1], "rule": ["trial"], "reason": ["held_back"]})
    found = small.recount(problem, plan, replace(impact, ineligible=held))
    assert {check.name for check in found.checks if not check.holds} == {"rules.trial"}


MIDDLE = {"level": "middle"}


@pytest.mark.parametrize(
    ("rule", "leader", "post", "reason"),
    [
        ("subject", MIDDLE | {"subjects": "English"}, MIDDLE | {"subject": "mathematics"}, "subject"),
        ("subject", MIDDLE, MIDDLE | {"subject": "mathematics"}, "subject"),
        ("requirement", {"meets": "Catholic"}, {"requires": "Catholic; Welsh"}, "requirement"),
        ("requirement", {}, {"requires": "Catholic"}, "requirement"),
    ],
)
def test_subject_and_requirement_bar_price_and_are_counted(
    world: Callable[..., Any], rule: str, leader: dict[str, Any], post: dict[str, Any], reason: Bar
) -> None:
    small = world([{}], leaders=[leader], posts=[post], rules={rule: {"rule": rule}})
    found = _eligible(small)
    assert not len(found.leader)
    assert found.reasons[0] == Barred(rule, reason)
    priced = _eligible(small.with_rules({rule: {"rule": rule, "price": 1.5}}))
    assert priced.price.tolist() == [1.5]
    free = small.with_rules({})
    told = small.recount(free.problem([[1]]), free.plan([[1]]), free.impact([[1]]))
    assert {check.name for check in told.checks if not check.holds} == {f"rules.{rule}"}


@pytest.mark.parametrize(
    ("leader", "post"),
    [
        (MIDDLE | {"subjects": "English; Mathematics"}, MIDDLE | {"subject": "mathematics"}),
        (MIDDLE, MIDDLE),
        ({}, {"subject": "mathematics"}),  # a head's post: no subject is asked
        ({"meets": "welsh;catholic"}, {"requires": "Catholic; Welsh"}),
    ],
)
def test_subject_and_requirement_that_are_met(
    world: Callable[..., Any], leader: dict[str, Any], post: dict[str, Any]
) -> None:
    rules = {name: {"rule": name} for name in ("subject", "requirement")}
    assert len(_eligible(world([{}], leaders=[leader], posts=[post], rules=rules)).leader) == 1


@pytest.mark.parametrize(
    ("rule", "leader", "post"),
    [
        ("consent", {}, {"consent": "no"}),
        ("level", {"level": "middle"}, {}),
        ("phase", {"phases": "secondary"}, {}),
        ("availability", {"available_from": "2017-01-04"}, {}),
        ("travel", {"easting": 30_001.0}, {}),
    ],
)
def test_every_rule_on_pairs_can_be_priced(
    world: Callable[..., Any], rule: str, leader: dict[str, Any], post: dict[str, Any]
) -> None:
    small = world([{}, {}], leaders=[leader, {}], posts=[post, {}], rules={rule: {"rule": rule, "price": 3}})
    found = _eligible(small)
    charged = dict(zip(zip(found.leader.tolist(), found.post.tolist(), strict=True), found.price, strict=True))
    assert charged[0, 0] == 3
    assert charged[1, 1] == 0


def test_a_post_beyond_the_plans_years_waits(world: Callable[..., Any]) -> None:
    posts = [{"opens_on": pd.Timestamp(day)} for day in ("2017-08-31", "2017-09-01", "2018-09-01")]
    small = world([{}] * 3, leaders=[{}], posts=posts)
    found = _eligible(small)
    assert _posts(found) == [0]
    assert found.reasons[1] == Barred("late", Bar.LATE)
    assert _posts(_eligible(small.with_rules({}, time={"years": 2}))) == [0, 1]


def test_a_priced_pair_is_worth_less_to_the_plan_and_reported_as_it_is(world: Callable[..., Any]) -> None:
    leaders = [{"level": "middle"}, {}]
    small = world([{}], leaders=leaders, posts=[{}], rules={"level": {"rule": "level", "price": 3}})
    impact = small.impact([[9], [7]])  # the middle leader is worth 9 less 3: so the head, worth 7
    charged = replace(impact, pairs=impact.pairs.assign(price=[3.0, 0.0]))
    problem = placement_problem(small.known(), charged)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert plan.objective == 7_000
    assert problem.leader[plan.chosen].tolist() == [1]
    assert charged.pairs["benefit"].tolist() == [9, 7]
    assert small.audit(problem, plan, charged).clean
    free = placement_problem(small.known(), impact)
    unpaid = small.audit(free, solve(free, time_limit_seconds=30, seed=1), impact)
    assert {check.name for check in unpaid.checks if not check.holds} == {"prices"}
