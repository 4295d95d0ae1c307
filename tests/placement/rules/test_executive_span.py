"""Spans of executive leaders: by hand, priced, named where they cannot hold, counted again by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pilotage.domain.bars import Barred
from pilotage.errors import InfeasibleError
from pilotage.placement.eligibility.pairs import eligible_pairs
from pilotage.placement.solver.solve import solve

BOSS = {"level": "executive", "span": 4}
SPAN = {"rule": "executive_span", "minimum": 3}


def _eligible(small: Any) -> Any:
    urns = small.panel.schools["urn"].to_numpy()
    return eligible_pairs(small.known(), urns)


def test_an_executive_takes_up_to_the_span(world: Callable[..., Any]) -> None:
    benefit = [[5, 4, 3, 2, 1], [9, 9, 9, 9, 9]]  # L2 takes one post for 9; L1 her four best of the rest
    small = world([{}] * 5, leaders=[BOSS, {}], rules={"span": SPAN})
    assert small.plan(benefit).objective == 23_000  # 9 for the post worth 1 to L1, and 5 + 4 + 3 + 2
    assert small.audited(benefit).clean
    three = replace(small, pool=replace(small.pool, leaders=small.pool.leaders.assign(span=3)))
    assert three.plan(benefit).objective == 21_000  # 9 + 5 + 4 + 3
    assert "rules.span" in three.broken(benefit, before=small)


def test_an_executive_takes_the_minimum_or_none(world: Callable[..., Any]) -> None:
    benefit = [[5, 4, -2], [None, 3, None]]  # three posts: 5 + 4 - 2 = 7, and L2 none; or L2 alone: 3
    small = world([{}] * 3, leaders=[BOSS, {}], rules={"span": SPAN})
    assert small.plan(benefit).objective == 7_000
    worse = [[1, 1, -1], [None, 3, None]]  # 1 + 1 - 1 = 1 is less than 3: none
    assert small.plan(worse).objective == 3_000
    assert small.audited(worse).clean
    loose = small.with_rules({"span": SPAN | {"minimum": 1}})
    assert loose.plan(benefit).objective == 9_000
    assert small.broken(benefit, before=loose) == {"rules.span"}


def test_schools_of_one_executive_belong_to_one_trust(world: Callable[..., Any]) -> None:
    schools = [{"trust": "Ark"}, {"trust": "Ark"}, {"trust": "Oak"}, {"trust": "Oak"}, {}]
    benefit = [[9, 1, 8, 3, 7]]  # freely three best: 24; of one trust two posts: Oak 11, Ark 10
    rule = SPAN | {"minimum": 2}
    small = world(schools, leaders=[BOSS], rules={"span": rule | {"one_trust": True}})
    assert small.plan(benefit).objective == 11_000
    assert small.audited(benefit).clean
    free = small.with_rules({"span": rule})
    assert free.plan(benefit).objective == 27_000
    assert small.broken(benefit, before=free) == {"rules.span"}


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
    assert found.reasons == dict.fromkeys((3, 4), Barred("span", "few_posts"))


def test_one_person_leads_a_school_once(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1}, {"urn": 1}, {"urn": 2}, {"urn": 3}]
    small = world([{}] * 3, leaders=[BOSS], posts=posts, rules={"span": SPAN})
    assert small.plan([[9, 8, 2, 1]]).objective == 12_000  # 9 + 2 + 1; not 9 + 8 + 2
    with pytest.raises(InfeasibleError, match="a span of 4, and 3 posts in reach"):
        _eligible(small)
    free = small.with_rules({"span": SPAN})
    problem = replace(free.problem([[9, 8, 2, 1]]), rows=())
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert {
        check.name for check in small.recount(problem, plan, free.impact([[9, 8, 2, 1]])).checks if not check.holds
    } == {"rules.span"}


def test_without_the_rule_an_executive_takes_one_post(world: Callable[..., Any]) -> None:
    assert world([{}] * 3, leaders=[BOSS]).plan([[5, 4, 3]]).objective == 5_000


def test_each_post_below_the_minimum_costs_its_price(world: Callable[..., Any]) -> None:
    small = world([{}] * 3, leaders=[BOSS], rules={"span": SPAN | {"price": 1.5}})
    plan = small.plan([[5, 4, -2]])  # 5 + 4 - 1.5, rather than 5 + 4 - 2
    assert plan.objective == 7_500
    assert small.audited([[5, 4, -2]]).clean
    told = next(check for check in small.audited([[5, 4, -2]]).checks if check.name == "rules.span")
    assert "broken at a price" in told.detail
