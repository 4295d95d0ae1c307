"""Placements in areas: a plan derived by hand in which each limit binds, and the audit's own count of it."""

from collections.abc import Callable
from typing import Any

AREAS = [{"area": "Derby"}, {"area": "Derby"}, {}]


def test_area_maximum_by_count_sends_the_second_elsewhere(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]  # freely 9 + 8; at most one in Derby: 9 + 2
    small = world(
        AREAS, leaders=[{}, {}], rules={"most": {"rule": "area_maximum", "areas": ["area: Derby"], "count": 1}}
    )
    assert small.plan(benefit).objective == 11_000
    assert small.audited(benefit).clean
    assert small.broken(benefit, before=small.with_rules({})) == {"rules.most"}


def test_area_maximum_by_share_of_placements(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]  # at most half in Derby: one there needs one elsewhere, 9 + 2
    small = world(AREAS, leaders=[{}, {}], rules={"most": {"rule": "area_maximum", "share": 0.5}})
    assert small.plan(benefit).objective == 11_000
    assert small.broken(benefit, before=small.with_rules({})) == {"rules.most"}


def test_area_maximum_by_share_of_the_pool_rounds_down(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_maximum", "share": 0.9, "of": "pool"}  # 0.9 of 2 leaders = 1.8, so one in the area
    small = world(AREAS, leaders=[{}, {}], rules={"most": rule})
    assert small.plan([[9, 8, 1], [9, 8, 2]]).objective == 11_000
    assert small.audited([[9, 8, 1], [9, 8, 2]]).clean


def test_a_priced_minimum_is_missed_at_its_price(world: Callable[..., Any]) -> None:
    schools, benefit = [{"area": "Derby"}, {}], [[1, 9]]
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1}
    small = world(schools, leaders=[{}], rules={"area": rule | {"price": 3}})
    assert small.plan(benefit).objective == 6_000  # 9 less 3
    assert small.audited(benefit).clean
    dear = small.with_rules({"area": rule | {"price": 10}})
    assert dear.plan(benefit).objective == 1_000
    assert dear.broken(benefit, before=small) == {"prices"}
