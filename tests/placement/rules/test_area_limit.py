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


PLACES = [
    {"region": "London", "trust": "Ark", "authority": "Camden"},
    {"region": "London", "trust": "Oak", "authority": "Camden"},
    {"region": "North West", "trust": "Ark", "authority": "Bolton"},
    {"region": "North West", "trust": None, "authority": "Bury"},
]
GAINS = [[9, 8, 5, 1]] * 2  # freely the first two: 17


def _planned(world: Callable[..., Any], rule: dict[str, Any]) -> float:
    small = world(PLACES, leaders=[{}, {}], rules={"r": rule})
    assert small.audited(GAINS).clean
    assert "rules.r" in small.broken(GAINS, before=small.with_rules({}))
    assert "constraints" in {check.name for check in _unruled(small).checks if not check.holds}
    return float(small.plan(GAINS).objective)


def _unruled(small: Any) -> Any:
    """Return the audit of the best plan of the world without rules, as if it were a plan under them."""
    free = small.with_rules({})
    return small.audit(free.problem(GAINS), free.plan(GAINS), free.impact(GAINS))


def test_a_minimum_in_a_trust_takes_the_trusts_school(world: Callable[..., Any]) -> None:
    # two in Ark: 9 + 5
    assert _planned(world, {"rule": "area_minimum", "areas": [{"trust": "Ark"}], "count": 2}) == 14_000


def test_a_maximum_in_a_region_sends_one_elsewhere(world: Callable[..., Any]) -> None:
    assert _planned(world, {"rule": "area_maximum", "areas": "London", "count": 1}) == 14_000  # 9 + 5


def test_a_whole_list_is_its_authorities(world: Callable[..., Any]) -> None:
    # of the investment areas Bolton and Bury are here: one of the two
    rule = {"rule": "area_minimum", "areas": ["list: education_investment_areas"], "count": 1}
    assert _planned(world, rule) == 14_000  # 9 + 5


def test_each_place_on_its_own(world: Callable[..., Any]) -> None:
    names = ["region: London", "Bury"]
    together = world(PLACES, leaders=[{}, {}], rules={"r": {"rule": "area_minimum", "areas": names, "count": 1}})
    assert together.plan(GAINS).objective == 17_000  # one in London is enough
    alone = {"rule": "area_minimum", "areas": names, "count": 1, "each": True}
    assert _planned(world, alone) == 10_000  # one in London and one in Bury: 9 + 1


def test_each_place_misses_at_its_own_price(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_maximum", "areas": ["trust: Ark", "trust: Oak"], "count": 0, "each": True, "price": 2}
    small = world(PLACES, leaders=[{}, {}], rules={"r": rule})
    plan = small.plan(GAINS)
    assert plan.objective == 13_000  # 9 and 8, each less 2 for a place of its own
    assert small.audited(GAINS).clean
    assert [row.name for row in small.problem(GAINS).rows] == ["r: the trust Ark", "r: the trust Oak"]
    dearer = small.with_rules({"r": rule | {"price": 3}})
    assert dearer.broken(GAINS, before=small) == {"prices"}


def test_what_the_rule_asks_is_said_with_the_names(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_minimum", "areas": ["trust: Ark", "opportunity_areas"], "count": 1, "each": True}
    asked = world(PLACES, rules={"r": rule}).scenario.rules["r"].asks()
    assert asked == "at least 1 placement in each of the trust Ark, Opportunity areas (all twelve)"
