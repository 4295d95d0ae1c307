"""Spans of executive leaders and teams: each by hand, priced, named where it cannot hold, counted by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.bars import Bar, Barred
from pilotage.domain.explanation import Audit
from pilotage.errors import InfeasibleError
from pilotage.placement.eligibility.pairs import eligible_pairs
from pilotage.placement.solver.solve import solve

BOSS = {"level": "executive", "span": 4}
CASES = {"c": {"urn": 1, "reason": "r", "author": "a"}}
SPAN = {"rule": "executive_span", "minimum": 3}


def _audit(small: Any, benefit: Any, before: Any = None) -> Audit:
    made = before or small
    check = small.recount if before else small.audit
    return check(made.problem(benefit), made.plan(benefit), made.impact(benefit))


def _broken(found: Audit) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


def _eligible(small: Any) -> Any:
    urns = small.panel.schools["urn"].to_numpy()
    return eligible_pairs(small.known(), urns)


def test_an_executive_takes_up_to_the_span(world: Callable[..., Any]) -> None:
    benefit = [[5, 4, 3, 2, 1], [9, 9, 9, 9, 9]]  # L2 takes one post for 9; L1 her four best of the rest
    small = world([{}] * 5, leaders=[BOSS, {}], rules={"span": SPAN})
    assert small.plan(benefit).objective == 23_000  # 9 for the post worth 1 to L1, and 5 + 4 + 3 + 2
    assert _audit(small, benefit).clean
    three = replace(small, pool=replace(small.pool, leaders=small.pool.leaders.assign(span=3)))
    assert three.plan(benefit).objective == 21_000  # 9 + 5 + 4 + 3
    assert "rules.span" in _broken(_audit(three, benefit, before=small))


def test_an_executive_takes_the_minimum_or_none(world: Callable[..., Any]) -> None:
    benefit = [[5, 4, -2], [None, 3, None]]  # three posts: 5 + 4 - 2 = 7, and L2 none; or L2 alone: 3
    small = world([{}] * 3, leaders=[BOSS, {}], rules={"span": SPAN})
    assert small.plan(benefit).objective == 7_000
    worse = [[1, 1, -1], [None, 3, None]]  # 1 + 1 - 1 = 1 is less than 3: none
    assert small.plan(worse).objective == 3_000
    assert _audit(small, worse).clean
    loose = small.with_rules({"span": SPAN | {"minimum": 1}})
    assert loose.plan(benefit).objective == 9_000
    assert _broken(_audit(small, benefit, before=loose)) == {"rules.span"}


def test_each_post_below_the_minimum_costs_its_price(world: Callable[..., Any]) -> None:
    small = world([{}] * 3, leaders=[BOSS], rules={"span": SPAN | {"price": 1.5}})
    plan = small.plan([[5, 4, -2]])  # 5 + 4 - 1.5, rather than 5 + 4 - 2
    assert plan.objective == 7_500
    assert _audit(small, [[5, 4, -2]]).clean
    told = next(check for check in _audit(small, [[5, 4, -2]]).checks if check.name == "rules.span")
    assert "broken at a price" in told.detail


def test_schools_of_one_executive_belong_to_one_trust(world: Callable[..., Any]) -> None:
    schools = [{"trust": "Ark"}, {"trust": "Ark"}, {"trust": "Oak"}, {"trust": "Oak"}, {}]
    benefit = [[9, 1, 8, 3, 7]]  # freely three best: 24; of one trust two posts: Oak 11, Ark 10
    rule = SPAN | {"minimum": 2}
    small = world(schools, leaders=[BOSS], rules={"span": rule | {"one_trust": True}})
    assert small.plan(benefit).objective == 11_000
    assert _audit(small, benefit).clean
    free = small.with_rules({"span": rule})
    assert free.plan(benefit).objective == 27_000
    assert _broken(_audit(small, benefit, before=free)) == {"rules.span"}


def test_a_span_beyond_the_posts_in_reach_is_named(world: Callable[..., Any]) -> None:
    small = world([{}] * 3, leaders=[BOSS], rules={"span": SPAN})
    with pytest.raises(InfeasibleError, match=r"rules\.span: leader L1 - a span of 4, and 3 posts in reach"):
        _eligible(small)
    reduced = small.with_rules({"span": SPAN | {"when_short": "reduce"}})
    assert len(_eligible(reduced).leader) == 3


def test_a_span_below_the_minimum_is_named(world: Callable[..., Any]) -> None:
    small = world([{}] * 6, leaders=[BOSS | {"span": 2}], rules={"span": SPAN | {"when_short": "reduce"}})
    with pytest.raises(InfeasibleError, match=r"leader L1 - a span of 2 - at least the minimum, 3"):
        _eligible(small)


def test_posts_too_few_for_any_executive_say_so(world: Callable[..., Any]) -> None:
    rule = SPAN | {"one_trust": True, "when_short": "reduce"}
    schools = [{"trust": "Ark"}, {"trust": "Ark"}, {"trust": "Ark"}, {"trust": "Oak"}, {}]
    found = _eligible(world(schools, leaders=[BOSS], rules={"span": rule}))
    assert found.post.tolist() == [0, 1, 2]
    assert found.reasons == dict.fromkeys((3, 4), Barred("span", Bar.FEW_POSTS))


def test_one_person_leads_a_school_once(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1}, {"urn": 1}, {"urn": 2}, {"urn": 3}]
    small = world([{}] * 3, leaders=[BOSS], posts=posts, rules={"span": SPAN})
    assert small.plan([[9, 8, 2, 1]]).objective == 12_000  # 9 + 2 + 1; not 9 + 8 + 2
    with pytest.raises(InfeasibleError, match="a span of 4, and 3 posts in reach"):
        _eligible(small)
    free = small.with_rules({"span": SPAN})
    problem = replace(free.problem([[9, 8, 2, 1]]), rows=())
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert _broken(small.recount(problem, plan, free.impact([[9, 8, 2, 1]]))) == {"rules.span"}


def test_without_the_rule_an_executive_takes_one_post(world: Callable[..., Any]) -> None:
    assert world([{}] * 3, leaders=[BOSS]).plan([[5, 4, 3]]).objective == 5_000


PAIR = [{"team_id": "A"}, {"team_id": "A"}, {}]
TEAMS = {"rule": "teams"}
TWO_EACH = [{"urn": 1}, {"urn": 1}, {"urn": 2}]


def test_a_team_goes_to_one_school_or_nowhere(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]  # freely 5 + 6 + 9 ... the team may only share school 1: 5 + 4, and 6
    small = world([{"authority": "Derby"}, {"authority": "Derby"}], PAIR, TWO_EACH, {"teams": TEAMS})
    assert small.plan(benefit).objective == 15_000
    assert _audit(small, benefit).clean
    free = small.with_rules({})
    assert free.plan(benefit).objective == 19_000  # 9 + 4 + 6
    assert _broken(_audit(small, benefit, before=free)) == {"rules.teams"}


def test_a_team_is_left_out_where_others_do_more(world: Callable[..., Any]) -> None:
    benefit = [[1, 0, 1], [0, 1, 1], [9, 2, 2]]  # L3 alone in P1: 9 and no team; the team of 2 beside L3 in P3: 4
    small = world([{}, {}], PAIR, TWO_EACH, {"teams": TEAMS})
    assert small.plan(benefit).objective == 9_000


def test_a_team_may_share_an_authority_instead(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]
    rule = TEAMS | {"together": "authority"}
    small = world([{"authority": "Derby"}, {"authority": "Derby"}], PAIR, TWO_EACH, {"teams": rule})
    assert small.plan(benefit).objective == 19_000
    assert _audit(small, benefit).clean


def test_a_split_team_costs_its_price(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]
    small = world([{}, {}], PAIR, TWO_EACH, {"teams": TEAMS | {"price": 3}})
    assert small.plan(benefit).objective == 16_000  # 19 less 3 beats 15
    assert _audit(small, benefit).clean
    dear = small.with_rules({"teams": TEAMS | {"price": 5}})
    assert dear.plan(benefit).objective == 15_000
    assert "prices" in _broken(_audit(dear, benefit, before=small))


def test_an_executive_in_a_team_goes_with_it_to_one_post(world: Callable[..., Any]) -> None:
    leaders = [BOSS | {"team_id": "A"}, {"team_id": "A"}]
    small = world([{}, {}], leaders, TWO_EACH, {"teams": TEAMS, "span": SPAN})
    assert small.plan([[5, 4, 9], [5, 4, 9]]).objective == 9_000
    assert _audit(small, [[5, 4, 9], [5, 4, 9]]).clean


def test_a_team_that_no_school_can_take_is_named(world: Callable[..., Any]) -> None:
    leaders = [{"team_id": "A"}, {"team_id": "A", "level": "middle"}, {}]
    rules = {"level": {"rule": "level"}, "teams": TEAMS}
    small = world([{}, {}], leaders, [{}, {"level": "middle"}], rules)
    words = r"rules\.teams: team A - no school in reach has posts for all of L1 \(head\), L2 \(middle\)"
    with pytest.raises(InfeasibleError, match=words):
        _eligible(small)
    left = small.with_rules(rules | {"teams": TEAMS | {"when_impossible": "leave"}})
    assert set(_eligible(left).leader.tolist()) == {2}


def test_two_members_need_two_posts(world: Callable[..., Any]) -> None:
    small = world([{}, {}], PAIR[:2], [{"urn": 1}, {"urn": 2}], {"teams": TEAMS})
    with pytest.raises(InfeasibleError, match="team A"):
        _eligible(small)
    found = _eligible(replace(small, posts=world([{}, {}], PAIR[:2], TWO_EACH).posts))
    assert set(found.post.tolist()) == {0, 1}
    assert found.reasons == {2: Barred("teams", Bar.PART_OF_TEAM)}


def test_a_priced_minimum_is_missed_at_its_price(world: Callable[..., Any]) -> None:
    schools, benefit = [{"area": "Derby"}, {}], [[1, 9]]
    rule = {"rule": "area_minimum", "areas": ["Derby"], "count": 1}
    small = world(schools, leaders=[{}], rules={"area": rule | {"price": 3}})
    assert small.plan(benefit).objective == 6_000  # 9 less 3
    assert _audit(small, benefit).clean
    dear = small.with_rules({"area": rule | {"price": 10}})
    assert dear.plan(benefit).objective == 1_000
    assert _broken(_audit(dear, benefit, before=small)) == {"prices"}


@pytest.mark.parametrize(
    ("rule", "price", "benefit", "worth"),
    [
        ({"rule": "authority_cap", "count": 1}, 2, [[5, 4]] * 2, 7_000),
        ({"rule": "budget", "total_gbp": 1500}, 1, [[5, 4]] * 2, 7_000),  # £3,000: two thousands over, in part
        ({"rule": "area_maximum", "areas": ["Derby"], "share": 0.25}, 0.5, [[5, 4]] * 2, 8_000),  # 2 of 2, 2 too many
        ({"rule": "area_minimum", "areas": ["Oldham"], "share": 0.5}, 0.5, [[5, 4]] * 2, 8_500),
        (
            {"rule": "case_quota", "minimum_count": 2, "cases": {"c": {"urn": 1, "reason": "r", "author": "a"}}},
            1,
            [[5, 4]] * 2,
            8_000,
        ),
        ({"rule": "phase_balance", "shares": {"secondary": {"minimum": 1.0}}}, 1, [[5, 4]] * 2, 7_000),
        ({"rule": "deprived_share", "share": 1.0, "most_deprived": 0.5}, 0.25, [[5, 4]] * 2, 8_000),
    ],
)
def test_every_rule_that_counts_can_be_priced(
    world: Callable[..., Any], rule: dict[str, Any], price: float, benefit: Any, worth: int
) -> None:
    schools = [{"area": "Derby", "authority": "Derby"}, {"area": "Derby", "authority": "Derby"}]
    small = world(schools, leaders=[{}, {}], rules={"soft": rule | {"price": price}})
    small.panel.school_years.loc[0, "fsm6_share"] = 0.9
    assert small.plan(benefit).objective == worth
    assert _audit(small, benefit).clean, _broken(_audit(small, benefit))
    assert np.all(small.plan(benefit).auxiliary >= 0)
