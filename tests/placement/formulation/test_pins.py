"""Pins by post and by school: what the plan takes, what is refused and why, and what the audit sees."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pilotage.config.scenario import Pin
from pilotage.errors import ScenarioError

NOTE = {"reason": "promised", "author": "AB"}
TWO_AT_ONE = [{"urn": 1}, {"urn": 1}, {"urn": 2}]
TRAVEL = {"near": {"rule": "travel"}}


def _pins(**pin: Any) -> dict[str, Any]:
    return {"promise": pin | NOTE}


def test_a_pin_by_urn_takes_the_best_eligible_post_there(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}], posts=TWO_AT_ONE, pins=_pins(leader_id="L1", urn=1))
    assert small.plan([[3, 5, 9]]).objective == 5_000  # freely 9 at the other school
    assert small.audited([[3, 5, 9]]).clean
    assert small.plan([[3, None, 9]]).objective == 3_000  # the only one that is eligible


def test_of_several_posts_it_takes_the_one_of_the_leaders_level(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1, "level": "senior"}, {"urn": 1, "level": "head"}, {"urn": 2}]
    small = world([{}, {}], leaders=[{"level": "head"}], posts=posts, pins=_pins(leader_id="L1", urn=1))
    assert small.plan([[8, 5, 9]]).objective == 5_000
    assert small.audited([[8, 5, 9]]).clean
    assert small.plan([[8, None, 9]]).objective == 8_000  # none of that level may be taken


def test_in_another_year_a_pinned_leader_may_take_a_post_of_another_level_there(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1, "level": "head"}, {"urn": 1, "level": "senior", "opens_on": pd.Timestamp("2017-09-01")}]
    keys = {"pins": _pins(leader_id="L1", urn=1), "time": {"years": 2, "term_years": 1}}
    small = world([{}], leaders=[{"level": "head"}], posts=posts, **keys)
    assert small.plan([[8, 5]]).objective == 13_000
    assert small.audited([[8, 5]]).clean


def test_two_leaders_pinned_to_one_school_take_a_post_each(world: Callable[..., Any]) -> None:
    pins = {name: {"leader_id": leader, "urn": 1} | NOTE for name, leader in (("a", "L1"), ("b", "L2"))}
    small = world([{}, {}], leaders=[{}, {}], posts=TWO_AT_ONE, pins=pins)
    assert small.plan([[3, 5, 9], [2, 7, 9]]).objective == 10_000  # 3 + 7


@pytest.mark.parametrize("other", [{"urn": 1}, {"post_id": "P1"}])
def test_two_pins_that_one_placement_keeps_are_no_contradiction(
    world: Callable[..., Any], other: dict[str, Any]
) -> None:
    pins = {"wish": {"leader_id": "L1"} | other | NOTE, "accepted": {"leader_id": "L1", "post_id": "P1"} | NOTE}
    small = world([{}, {}], leaders=[{}], posts=TWO_AT_ONE, pins=pins)
    assert small.plan([[3, 5, 9]]).objective == 3_000
    assert small.audited([[3, 5, 9]]).clean


def test_pins_on_two_schools_contradict_each_other_for_a_leader_of_one_term(world: Callable[..., Any]) -> None:
    pins = {"a": {"leader_id": "L1", "urn": 1} | NOTE, "b": {"leader_id": "L1", "post_id": "P3"} | NOTE}
    small = world([{}, {}], leaders=[{}], posts=TWO_AT_ONE, pins=pins)
    with pytest.raises(ScenarioError, match=r"pins\.a - leader L1 is pinned by pins\.b too"):
        small.problem([[3, 5, 9]])


def test_the_audit_sees_a_pin_by_urn_that_is_not_kept(world: Callable[..., Any]) -> None:
    free = world([{}, {}], leaders=[{}], posts=TWO_AT_ONE)
    pinned = free.with_rules({}, pins=_pins(leader_id="L1", urn=1))
    assert pinned.broken([[3, 5, 9]], before=free) == {"pins.promise"}
    found = pinned.audit(free.problem([[3, 5, 9]]), free.plan([[3, 5, 9]]), free.impact([[3, 5, 9]]))
    assert {check.name for check in found.checks if not check.holds} >= {"pins.promise", "constraints"}


def test_the_audit_sees_a_leader_who_was_left_out(world: Callable[..., Any]) -> None:
    free = world([{}, {}], leaders=[{}, {}])
    left_out = free.with_rules({}, pool={"source": "files", "leave_out": ["L2"]})
    assert "pool.leave_out" in left_out.broken([[3, 5], [5, 3]], before=free)


@pytest.mark.parametrize(
    ("leader", "words"),
    [
        ({"max_travel_km": 30}, "P1 is barred by rules.near (50.0 km away, and the leader's limit is 30.0 km)"),
        (
            {"max_travel_km": 60, "willing_regions": "London"},
            "P1 is barred by rules.near (50.0 km away, within the leader's limit of 60.0 km, but in East Midlands, "
            "which is not among the leader's regions)",
        ),
    ],
)
def test_a_refusal_by_distance_shows_both_figures(
    world: Callable[..., Any], leader: dict[str, Any], words: str
) -> None:
    far = [{"easting": 30_000.0, "northing": 40_000.0}, {}]  # 50 km
    small = world(far, leaders=[leader], posts=TWO_AT_ONE, rules=TRAVEL, pins=_pins(leader_id="L1", urn=1))
    with pytest.raises(ScenarioError) as caught:
        small.problem([[None, None, 1]])
    assert "pins.promise - L1 may not take a post at school 1: " in str(caught.value)
    assert words in str(caught.value)
    by_post = small.with_rules(TRAVEL, pins=_pins(leader_id="L1", post_id="P1"))
    with pytest.raises(ScenarioError) as caught:
        by_post.problem([[None, None, 1]])
    assert f"L1 may not take P1: {words.removeprefix('P1 is ')}" in str(caught.value)


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ({"leader_id": "L1", "urn": 3}, "school 3 has no post"),
        ({"leader_id": "L1", "urn": 77}, "no such urn '77'"),
        ({"leader_id": "L9", "urn": 1}, "no such leader_id 'L9'"),
    ],
)
def test_a_pin_that_names_nothing_is_refused(world: Callable[..., Any], pin: dict[str, Any], words: str) -> None:
    small = world([{}, {}, {}], leaders=[{}], posts=TWO_AT_ONE, pins=_pins(**pin))
    with pytest.raises(ScenarioError, match=words):
        small.problem([[1, 1, 1]])


def test_a_pin_of_a_leader_left_out_says_so(world: Callable[..., Any]) -> None:
    pool = {"source": "files", "leave_out": ["L9"]}
    small = world([{}], leaders=[{}], pins=_pins(leader_id="L9", urn=1), pool=pool)
    with pytest.raises(ScenarioError, match=r"pins.promise.leader_id - pool.leave_out leaves L9 out"):
        small.problem([[1]])


@pytest.mark.parametrize("where", [{}, {"urn": 1, "post_id": "P1"}])
def test_a_pin_needs_a_post_or_a_school(where: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs either post_id or urn, and not both"):
        Pin.model_validate({"leader_id": "L1"} | where | NOTE)
