"""Rules that bar pairs: who is barred, and the reason that a post gives when nobody may take it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pilotage.domain.bars import Bar, Barred
from pilotage.errors import ScenarioError
from pilotage.placement.eligibility import pairs as pairs_module
from pilotage.placement.eligibility.pairs import Eligible, eligible_pairs

RULES = {name: {"rule": name} for name in ("consent", "phase", "level", "travel", "availability")}


def _eligible(small: Any, valued: tuple[int, ...] = (1, 2)) -> Eligible:
    return eligible_pairs(small.known(), np.array(valued))


def _pairs(found: Eligible) -> list[tuple[int, int]]:
    return list(zip(found.leader.tolist(), found.post.tolist(), strict=True))


@pytest.mark.parametrize(
    ("rule", "leader", "post", "school", "reason"),
    [
        ("consent", {}, {"consent": "no"}, {}, "consent_refused"),
        ("consent", {}, {"consent": "unknown"}, {}, "consent_unknown"),
        ("level", {"level": "middle"}, {}, {}, "level"),
        ("phase", {"phases": "secondary;all_through"}, {}, {}, "phase"),
        ("availability", {"available_from": "2017-01-04"}, {}, {}, "availability"),
        ("travel", {}, {}, {"easting": 30_001.0}, Bar.OUT_OF_REACH),
        ("travel", {"willing_regions": "London"}, {}, {}, Bar.OUT_OF_REACH),
        ("travel", {"relocates": True, "willing_regions": "London"}, {}, {"easting": 9e5}, Bar.OUT_OF_REACH),
    ],
)
def test_each_rule_bars_and_says_why(
    world: Callable[..., Any],
    rule: str,
    leader: dict[str, Any],
    post: dict[str, Any],
    school: dict[str, Any],
    reason: Bar,
) -> None:
    small = world([school, {}], leaders=[leader], posts=[post, {"level": leader.get("level", "head")}], rules=RULES)
    found = _eligible(small, (1,))
    assert (0, 0) not in _pairs(found)
    assert found.reasons[0][:2] == Barred(rule, reason)[:2]
    without = {name: keys for name, keys in RULES.items() if name != rule}
    assert (0, 0) in _pairs(_eligible(small.with_rules(without), (1,)))


@pytest.mark.parametrize("rules", [RULES, {}, {"travel": {"rule": "travel", "price": 5}}])
def test_a_school_whose_place_is_not_known_takes_nobody_whatever_travel_says(
    world: Callable[..., Any], rules: dict[str, Any]
) -> None:
    # How far it is, and so how likely a yes and what it costs, is not known: the other school is 0 km away.
    found = _eligible(world([{"easting": None}, {}], leaders=[{}], rules=rules))
    assert _pairs(found) == [(0, 1)]
    assert found.reasons[0].why == Bar.NO_PLACE


def test_a_post_at_the_very_travel_limit_is_within_it(world: Callable[..., Any]) -> None:
    assert _pairs(_eligible(world([{"easting": 30_000.0}], rules=RULES), (1,))) == [(0, 0)]


def test_a_leader_who_relocates_goes_anywhere_in_willing_regions(world: Callable[..., Any]) -> None:
    schools = [{"easting": 4e5}, {"easting": 4e5, "region": "London"}]
    small = world(schools, leaders=[{"relocates": True, "willing_regions": "London; South East"}], rules=RULES)
    found = _eligible(small)
    assert _pairs(found) == [(0, 1)]
    assert found.travel_km.tolist() == [400.0]
    assert found.relocates.tolist() == [True]
    barred = RULES | {"travel": {"rule": "travel", "relocation": False}}
    assert _pairs(_eligible(small.with_rules(barred))) == []


def test_a_ceiling_shortens_every_limit(world: Callable[..., Any]) -> None:
    small = world([{"easting": 20_000.0}], rules={"travel": {"rule": "travel", "max_km": 10}})
    assert _pairs(_eligible(small, (1,))) == []


def test_days_of_grace_let_a_post_wait(world: Callable[..., Any]) -> None:
    late = [{"available_from": "2016-09-11"}]
    rule = {"rule": "availability", "grace_days": 10}
    assert _pairs(_eligible(world([{}], leaders=late, rules={"availability": rule}), (1,))) == [(0, 0)]
    short = {"availability": rule | {"grace_days": 9}}
    assert _pairs(_eligible(world([{}], leaders=late, rules=short), (1,))) == []


@pytest.mark.parametrize(("free", "pairs"), [("2017-08-31", [(0, 0)]), ("2017-09-01", [])])
def test_a_placement_that_would_start_after_the_plans_last_year_is_out(
    world: Callable[..., Any], free: str, pairs: list[tuple[int, int]]
) -> None:
    # The plan of one year as of 31 August 2016 ends on 31 August 2017; the post opens in it, and may wait.
    rule = {"rule": "availability", "grace_days": 366}
    late = [{"available_from": free}]
    for rules in ({}, {"availability": rule}, {"availability": {"rule": "availability", "price": 2.0}}):
        found = _eligible(world([{}], leaders=late, rules=rules), (1,))
        assert _pairs(found) == pairs
        assert [barred.why for barred in found.reasons.values()] == ([] if pairs else [Bar.FREE_LATER])


def test_pairs_beyond_what_memory_is_meant_for_are_refused_with_what_to_do(
    world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # two leaders, three posts, one of another phase: 2 x 2 pairs suit where travel is priced, 2 where it is hard
    schools = [{}, {"easting": 90_000.0}, {"phase": "secondary"}]
    priced = RULES | {"travel": {"rule": "travel", "price": 5.0}}
    small = world(schools, leaders=[{}, {}], rules=priced)
    monkeypatch.setattr(pairs_module, "MOST_PAIRS", 4)
    assert _pairs(_eligible(small, (1, 2, 3))) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    monkeypatch.setattr(pairs_module, "MOST_PAIRS", 3)
    with pytest.raises(ScenarioError, match=r"4 pairs of leader and post .* at most 3.* make a travel rule hard"):
        _eligible(small, (1, 2, 3))
    assert _pairs(_eligible(small.with_rules(RULES), (1, 2, 3))) == [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    ("ban", "left"),
    [
        ({"leader_id": "L1"}, [(1, 0), (1, 1)]),
        ({"post_id": "P1"}, [(0, 1), (1, 1)]),
        ({"urn": 2}, [(0, 0), (1, 0)]),
        ({"leader_id": "L1", "post_id": "P1"}, [(0, 1), (1, 0), (1, 1)]),
    ],
)
def test_a_ban_bars_what_matches_all_its_fields(
    world: Callable[..., Any], ban: dict[str, Any], left: list[tuple[int, int]]
) -> None:
    small = world([{}, {}], rules=RULES, bans={"b": ban | {"reason": "r", "author": "a"}})
    assert _pairs(_eligible(small)) == left


def test_a_school_that_cannot_be_valued_takes_nobody(world: Callable[..., Any]) -> None:
    found = _eligible(world([{}, {}], rules=RULES), (2,))
    assert {post for _, post in _pairs(found)} == {1}
    assert found.reasons == {0: Barred("out_of_scope", Bar.OUT_OF_SCOPE)}


def test_unknown_consent_may_be_accepted(world: Callable[..., Any]) -> None:
    rule = {"consent": {"rule": "consent", "accept_unknown": True}}
    small = world([{}, {}], leaders=[{}], posts=[{"consent": "unknown"}, {"consent": "no"}], rules=rule)
    assert _pairs(_eligible(small)) == [(0, 0)]


def test_each_of_two_travel_rules_holds_for_itself(world: Callable[..., Any]) -> None:
    # One lets leaders relocate beyond 10 km; the other does not let them beyond their own 30 km.
    schools = [{"easting": 20_000.0}, {"easting": 31_000.0}]
    rules = {"near": {"rule": "travel", "max_km": 10}, "own": {"rule": "travel", "relocation": False}}
    assert _pairs(_eligible(world(schools, leaders=[{"relocates": True}, {}], rules=rules))) == [(0, 0)]
