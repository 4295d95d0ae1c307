"""Case 01: a leader is never placed in the post already held: no move, no benefit, no loss; a pin there says why."""

import json
from typing import Any

import pytest

OWN = {"current_urn": 900004}
PIN = "pins.stay={leader_id: L1, post_id: P1, reason: r, author: a}"


def test_the_own_post_is_no_placement(case: Any) -> None:
    done = case.place([OWN], [{}])
    assert done.code == 0
    assert case.placements() == []
    plan = json.loads((case.work / "out" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["pairs_considered"], plan["benefit"], plan["audit_clean"]) == (0, 0, True)


def test_two_heads_may_change_places_and_neither_stays(case: Any) -> None:
    done = case.place([OWN, {"current_urn": 900006}], [{}, {"urn": 900006}])
    assert done.code == 0
    assert case.placements() == [("L1", "P2"), ("L2", "P1")]


@pytest.mark.parametrize("level", ["middle", "senior", "head", "executive"])
def test_no_level_takes_the_post_it_holds(case: Any, level: str) -> None:
    assert case.place([OWN | {"level": level}], [{"level": level}]).code == 0
    assert case.placements() == []


@pytest.mark.parametrize("settings", [("time.years=2", "time.term_years=1"), ("rules.travel.price=1",)])
def test_the_own_post_stays_barred_in_later_years_and_where_rules_are_priced(case: Any, settings: Any) -> None:
    posts = [{}, {"opens_on": "2017-09-01"}] if "time" in settings[0] else [{}]
    assert case.place([OWN], posts, *settings).code == 0
    assert case.placements() == []


def test_a_promotion_inside_the_own_school_is_a_placement_without_a_loss(case: Any) -> None:
    """A senior leader for whom the level rule is priced at 1: the school left is the school joined."""
    worth = {}
    for name, urn in (("inside", 900004), ("nowhere", "")):
        done = case.place([{"level": "senior", "current_urn": urn}], [{}], "rules.level.price=1", out=name)
        assert done.code == 0
        assert case.placements(name) == [("L1", "P1")]
        worth[name] = json.loads((case.work / name / "plan.json").read_text(encoding="utf-8"))["benefit"]
    assert worth["inside"] == worth["nowhere"]


def test_a_pin_on_the_own_post_is_refused_with_the_reason(case: Any) -> None:
    done = case.place([OWN, {}], [{}], PIN)
    assert done.code == 2
    assert (
        "pins.stay - L1 may not take P1: barred by the leader's own post: the leader holds that level in that"
        in done.err
    )
    assert not (case.work / "out").exists()


def test_a_known_pair_on_the_own_post_is_refused_with_the_reason(case: Any) -> None:
    pairs = case.write("pairs", [{"leader_id": "L1", "post_id": "P1", "state": "accepted"}])
    done = case.place([OWN], [{}], f"pool.pairs={pairs.as_posix()}")
    assert done.code == 3
    assert f"{pairs}, row 2 - " in done.err
    assert "the leader holds that level in that school already" in done.err


def test_a_pin_elsewhere_stands(case: Any) -> None:
    done = case.place([{"current_urn": 900006}], [{}], PIN)
    assert done.code == 0
    assert case.placements() == [("L1", "P1")]
