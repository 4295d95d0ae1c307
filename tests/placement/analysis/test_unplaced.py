"""Every leader without a post is given the nearest reason, each reason by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.config.scenario import Interventions, Support
from pilotage.domain.bars import Bar
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.domain.plan import Status
from pilotage.placement.analysis.unplaced import unplaced

RULES = {
    name: {"rule": name} for name in ("consent", "phase", "level", "travel", "availability", "subject", "requirement")
}
World = Callable[..., Any]
SUPPORT = Interventions(support=Support(capacity={"East Midlands": 1}))


def _only(small: Any, need: list[float] | None = None, **parameters: float) -> Unplaced:
    (found,) = unplaced(small.plan_case(need, **parameters))
    return found


def test_everyone_placed_leaves_nobody(world: World) -> None:
    assert unplaced(world([{}], rules=RULES).plan_case()) == ()


def test_how_far_the_nearest_posts_are_and_how_many(world: World) -> None:
    # The leader may travel 30 km. Posts at 54.2, 54.9 and 54.9 km: three within 55 km, and one at 80 km.
    schools = [{"easting": 80_000.0}, {"easting": 54_200.0}, {"easting": 54_900.0}, {"northing": 54_900.0}]
    found = _only(world(schools, leaders=[{}], rules=RULES))
    assert found == Unplaced(0, Why.OUT_OF_REACH, 1, 54.2, posts=3, within_km=55.0, limit_km=30.0)


def test_of_posts_out_of_reach_those_that_are_open_count(world: World) -> None:
    schools = [{"easting": 40_000.0}, {"easting": 50_000.0}]
    small = world(schools, leaders=[{}], posts=[{"consent": "no"}, {}], rules=RULES)
    assert (_only(small).post, _only(small).distance_km) == (1, 50.0)
    closed = world(schools, leaders=[{}], posts=[{"consent": "no"}, {"consent": "no"}], rules=RULES)
    assert (_only(closed).post, _only(closed).distance_km) == (0, 40.0)


def test_a_ceiling_on_travel_is_the_limit(world: World) -> None:
    small = world([{"easting": 20_000.0}], rules={"travel": {"rule": "travel", "max_km": 10}})
    assert (_only(small).why, _only(small).limit_km) == (Why.OUT_OF_REACH, 10.0)


def test_a_post_without_a_place_has_no_distance(world: World) -> None:
    found = _only(world([{"easting": None}], rules=RULES))
    assert (found.why, found.post, found.within_km) == (Why.OUT_OF_REACH, None, None)


@pytest.mark.parametrize(
    ("leader", "post", "why"),
    [
        ({}, {"level": "senior"}, "no_post_of_level"),
        ({"phases": "secondary"}, {}, "no_post_in_phase"),
        (
            {"level": "middle", "subjects": "English"},
            {"level": "middle", "subject": "mathematics"},
            "no_post_of_subject",
        ),
        ({}, {"requires": "Catholic"}, "requirements_not_met"),
        ({"available_from": "2017-01-04"}, {}, Why.NOT_FREE),
        ({"available_from": "2017-09-01"}, {}, Why.NOT_FREE),  # after the plan's last year
        ({"current_urn": 1}, {}, Why.OWN_POST),
    ],
)
def test_a_post_in_reach_that_does_not_suit(
    world: World, leader: dict[str, Any], post: dict[str, Any], why: Why
) -> None:
    found = _only(world([{}], leaders=[leader], posts=[post], rules=RULES))
    assert found.why is why
    assert found.leader == 0


@pytest.mark.parametrize(
    ("posts", "bar", "count", "post"),
    [
        ([{"consent": "no"}], "consent_refused", 1, 0),
        ([{"consent": "unknown"}, {"consent": "unknown"}, {"consent": "no"}], "consent_unknown", 2, 0),
        ([{"opens_on": "2018-09-01"}], Bar.LATE, 1, 0),
    ],
)
def test_posts_in_reach_that_are_closed(
    world: World, posts: list[dict[str, Any]], bar: Bar, count: int, post: int
) -> None:
    found = _only(world([{} for _ in posts], leaders=[{}], posts=posts, rules=RULES))
    assert (found.why, found.bar, found.posts, found.post) == (Why.CLOSED, bar, count, post)


def test_low_need_closes_a_post(world: World) -> None:
    rules = {"need": {"rule": "need_threshold", "minimum": 0.5}}
    needs = [0.4, 0.6]  # nobody can go to the school of 0.6: it has no post
    found = _only(world([{}, {}], leaders=[{}], posts=[{}], rules=rules), needs)
    assert (found.why, found.bar) == (Why.CLOSED, "need_low")


def test_a_ban_and_the_lots_of_a_trial(world: World) -> None:
    ban = {"leader_id": "L1", "reason": "r", "author": "a"}
    found = _only(world([{}], rules=RULES, bans={"never": ban}))
    assert (found.why, found.rule, found.posts) == (Why.BAN, "bans.never", 1)
    assert _only(world([{}], rules={"trial": {"rule": "hold_back", "posts": 1}})).why == "held_back"


def test_no_placing_at_all(world: World) -> None:
    interventions = {"place": False, "support": {"capacity": {"East Midlands": 1}}}
    assert _only(world([{}], interventions=interventions)).why is Why.PLACING_OFF


def test_a_team_and_a_span_that_nothing_fits(world: World) -> None:
    team = [{"team_id": "A"}, {"team_id": "A"}]
    rules = {"teams": {"rule": "teams", "when_impossible": "leave"}}
    found = unplaced(world([{}, {}], leaders=team, rules=rules).plan_case())
    assert [(one.leader, one.why, one.rule) for one in found] == [
        (0, "team_cannot_go", "teams"),
        (1, "team_cannot_go", "teams"),
    ]
    span = {"span": {"rule": "executive_span", "when_short": "reduce"}}
    boss = {"level": "executive", "span": 3}
    small = world([{}, {}], leaders=[boss], posts=[{"level": "executive"}] * 2, rules=span)
    assert (_only(small).why, _only(small).posts) == ("too_few_posts", 2)


def test_a_rule_on_teams_is_no_reason_for_a_leader_without_a_team(world: World) -> None:
    rules = {"teams": {"rule": "teams"}, "span": {"rule": "executive_span", "when_short": "reduce"}}
    boss = {"level": "executive", "span": 3}
    found = _only(world([{}, {}], leaders=[boss], posts=[{"level": "executive"}] * 2, rules=rules))
    assert (found.why, found.rule, found.posts) == ("too_few_posts", "span", 2)


def test_a_benefit_of_nothing(world: World) -> None:
    small = world([{}], leaders=[{"effect_mean": -0.2, "effect_sd": 0.01}], rules=RULES)
    found = _only(small, fall_value_months=0.0)
    assert (found.why, found.post) == (Why.NO_ADDED_VALUE, 0)
    # An effect above zero, of which no year has a share, against what the school left loses.
    small = world([{}, {}], leaders=[{"current_urn": 2}], posts=[{}], rules=RULES)
    found = _only(small, **{f"fade_in_year_{year}": 0.0 for year in (1, 2, 3, 4)})
    assert (found.why, found.post) == (Why.BELOW_ZERO, 0)


def test_a_price_beyond_the_benefit(world: World) -> None:
    small = world([{"phase": "secondary"}], rules={"phase": {"rule": "phase", "price": 90_000}})
    assert _only(small).why is Why.PRICE


def test_a_budget_that_is_spent(world: World) -> None:
    # The first placement costs £8,000 of £10,000; the other leader's two posts cost £8,000 and £9,000.
    leaders = [{"cost_gbp": 8000.0, "effect_mean": 0.2, "effect_sd": 0.01}, {"cost_gbp": 8000.0}]
    posts = [{}, {"salary_gbp": 1000.0}]
    budget = {"budget": {"rule": "budget", "total_gbp": 10_000}}
    found = _only(world([{}, {}], leaders=leaders, posts=posts, rules=budget))
    assert (found.leader, found.why, found.rule) == (1, Why.BUDGET, "budget")
    assert (found.left_gbp, found.cost_gbp) in {(2000, 9000), (1000, 8000)}


def test_a_cap_that_is_full(world: World) -> None:
    leaders = [{"effect_mean": 0.2, "effect_sd": 0.01}, {}]
    found = _only(world([{}, {}], leaders=leaders, rules={"cap": {"rule": "authority_cap", "count": 1}}))
    assert (found.leader, found.why, found.rule, found.part) == (1, Why.RULE, "cap", ("Derby",))


def test_the_only_post_goes_to_another(world: World) -> None:
    leaders = [{}, {"effect_mean": 0.2, "effect_sd": 0.01}]
    found = _only(world([{}], leaders=leaders, posts=[{}], rules=RULES))
    assert found == Unplaced(0, Why.BETTER_USE, 0, 0.0, holder=1)


def test_a_team_that_is_worth_less(world: World) -> None:
    # Both posts of the school go to two better leaders; the team of two could go nowhere else.
    best = {"effect_mean": 0.2, "effect_sd": 0.01}
    leaders = [{"team_id": "A"}, {"team_id": "A"}, best]
    posts = [{"urn": 1}, {"urn": 1}]
    found = unplaced(world([{}], leaders=leaders, posts=posts, rules={"teams": {"rule": "teams"}}).plan_case())
    assert {one.leader: one.why for one in found} in ({0: "team_elsewhere", 1: "team_elsewhere"}, {2: Why.BETTER_USE})


def test_an_executive_with_one_post_left(world: World) -> None:
    boss = {"level": "executive", "span": 2}
    span = {"span": {"rule": "executive_span", "minimum": 2, "when_short": "reduce"}}
    pin = {"leader_id": "L2", "post_id": "P1", "reason": "r", "author": "a"}
    other = {"level": "head"}
    small = world([{}, {}], leaders=[boss, other], posts=[{"level": "executive"}] * 2, rules=span, pins={"p": pin})
    assert (_only(small).why, _only(small).rule) == ("span_not_filled", "span")


def test_a_plan_that_is_not_proven_says_so(world: World) -> None:
    case = world([{}], rules=RULES).plan_case()
    plan = replace(case.plan, chosen=np.zeros(0, dtype=np.int64), objective=0, status=Status.FEASIBLE)
    (found,) = unplaced(replace(case, plan=plan))
    assert found.why is Why.NOT_PROVEN


def test_pupils_that_are_counted_already(world: World) -> None:
    # Two head posts at one school: the second head adds nobody's progress, and leaves a school that loses by it.
    leaders = [{"effect_mean": 0.2, "effect_sd": 0.01}, {"current_urn": 2}]
    small = world([{}, {}], leaders=leaders, posts=[{"urn": 1}, {"urn": 1}], rules=RULES)
    found = _only(small, fall_value_months=0.0)
    assert (found.leader, found.why) == (1, Why.SHARED_PUPILS)


def test_support_of_a_leader_in_post_is_no_leader(world: World) -> None:
    small = world([{}], leaders=[{"available_from": "2019-01-01"}], rules=RULES)
    scenario = small.scenario.model_copy(update={"interventions": SUPPORT})
    found = unplaced(replace(small, scenario=scenario).plan_case())
    assert [one.leader for one in found] == [0]


def test_a_school_whose_head_is_supported(world: World) -> None:
    small = world([{}], leaders=[{"current_urn": 2, "effect_mean": 0.01, "effect_sd": 0.001}], rules=RULES)
    scenario = small.scenario.model_copy(update={"interventions": SUPPORT})
    found = unplaced(replace(small, scenario=scenario).plan_case(effect_ratio_support=1.0))
    assert [(one.leader, one.why) for one in found] == [(0, Why.SUPPORTED)]


def test_every_leader_is_placed_or_explained(world: World) -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        schools = [{"easting": float(x), "northing": float(y)} for x, y in random.uniform(0, 6e4, (6, 2))]
        leaders = [{"level": level} for level in random.choice(["head", "senior"], 7)]
        levels, words = random.choice(["head", "senior"], 6), random.choice(["yes", "no"], 6)
        posts = [{"level": level, "consent": word} for level, word in zip(levels, words, strict=True)]
        case = world(schools, leaders, posts, RULES | {"cap": {"rule": "authority_cap", "count": 2}}).plan_case()
        placed = set(case.problem.leader[case.plan.chosen].tolist())
        assert [one.leader for one in unplaced(case)] == sorted(set(range(7)) - placed)


def test_the_only_post_is_at_a_school_whose_place_is_not_known(world: World) -> None:
    # No travel rule bars it: without a place there is no distance, and so no chance of a yes.
    free = {name: rule for name, rule in RULES.items() if name != "travel"}
    small = world([{"easting": None, "northing": None}], leaders=[{}], rules=free)
    only = _only(small)
    assert (only.why, only.bar) == (Why.CLOSED, Bar.NO_PLACE)
