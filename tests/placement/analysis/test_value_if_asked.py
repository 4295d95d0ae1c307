"""What a post would be worth: what the leader would add there, less what the leader does now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.findings.ask_values import AskStep, AskValue
from pilotage.domain.forecast import RiskForecast
from pilotage.placement.analysis.value_if_asked import values
from pilotage.placement.analysis.value_if_asked.values import ask_values

FAR = {"easting": 20_000.0}  # 20 km from every leader; the other schools are next door
CONSENT = {"consent": {"rule": "consent"}}
POST = {"urn": 1, "post_id": "P1"}


def _asked(small: Any, *, worst_draws: bool = False) -> dict[tuple[int, str], AskValue]:
    urns = np.arange(1, len(small.panel.schools) + 1)
    table = pd.DataFrame({"urn": urns, "need": 0.4, "p_fall_if_inspected": 0.3}).astype({"urn": "int64"})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    made = ask_values(small.known(), forecast, small.plan_case(), worst_draws=worst_draws)
    return {(value.urn, value.level): value for value in made}


def _worth(small: Any) -> list[float]:
    """Return what one leader adds at each post, in integer units as plans count them, as pupil-months."""
    return [round(1000 * benefit) / 1000 for benefit in small.plan_case().impact.pairs["benefit"].tolist()]


def test_a_busy_leader_is_worth_the_difference(world: Callable[..., Any]) -> None:
    far, near = _worth(world([FAR, {}], leaders=[{}]))
    assert near > far > 0
    value = _asked(world([FAR, {}], leaders=[{}], posts=[POST]))[2, "head"]
    assert (value.step, value.leader_id, value.exact) == (AskStep.KEEP_WARM, "L1", True)
    assert value.value == pytest.approx(near - far)
    assert value.acceptance == pytest.approx(0.4)  # next door, while nobody has asked
    assert value.chance_open is None


def test_with_too_many_pairs_to_solve_again_the_bounds_stand(
    world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = world([FAR, {}], leaders=[{}], posts=[POST])
    exact = _asked(small)[2, "head"]
    monkeypatch.setattr(values, "most_pairs", lambda _plan: 0)
    bound = _asked(small)[2, "head"]
    assert (exact.exact, bound.exact) == (True, False)
    assert bound.value is not None
    assert exact.value is not None
    assert bound.value >= exact.value


def test_an_idle_leader_is_worth_all_that_is_added(world: Callable[..., Any]) -> None:
    _, near = _worth(world([FAR, {}], leaders=[{}]))
    assert _asked(world([FAR, {}], leaders=[{}, {}], posts=[POST]))[2, "head"].value == pytest.approx(near)


def test_a_post_that_is_no_better_is_worth_nothing(world: Callable[..., Any]) -> None:
    assert _asked(world([{}, FAR], leaders=[{}], posts=[POST]))[2, "head"].value == 0


def test_only_those_who_have_not_answered_are_asked(world: Callable[..., Any]) -> None:
    consents = [POST | {"urn": n, "post_id": f"P{n}", "consent": said} for n, said in enumerate(("yes", "no"), 1)]
    posts = [*consents, {"urn": 3, "post_id": "P3", "consent": "unknown"}]
    made = _asked(world([{}, {}, {}, {}], leaders=[{}], posts=posts, rules=CONSENT))
    assert {key: value.step for key, value in made.items()} == {
        (3, "head"): AskStep.AGREE,
        (4, "head"): AskStep.KEEP_WARM,
    }


def test_the_budget_that_is_spent_leaves_nothing(world: Callable[..., Any]) -> None:
    budget = {"budget": {"rule": "budget", "total_gbp": 20_000}}
    poor = world([{}, {}], leaders=[{"cost_gbp": 15_000.0}] * 2, posts=[POST], rules=budget)
    rich = world([{}, {}], leaders=[{"cost_gbp": 10_000.0}] * 2, posts=[POST], rules=budget)
    assert _asked(poor)[2, "head"].value == 0
    assert (_asked(rich)[2, "head"].value or 0) > 0


def test_a_minimum_that_the_post_would_meet_counts(world: Callable[..., Any]) -> None:
    # Half of what is placed must be in Derby: the leader for school 2 waits until school 3 in Derby can have one too.
    rules = {"half": {"rule": "area_minimum", "areas": ["Derby"], "share": 0.5, "of": "placements"}}
    schools = [{"authority": "Blackpool", "region": "North West"}, {}]
    made = _asked(world(schools, leaders=[{}, {}], posts=[POST], rules=rules))
    each = _worth(world([{}], leaders=[{}]))[0]
    assert made[2, "head"].value == pytest.approx(2 * each)  # the post itself, and the placement that it lets in


def test_a_known_post_that_nobody_may_take_has_a_reason_and_no_value(world: Callable[..., Any]) -> None:
    rules = {"travel": {"rule": "travel", "max_km": 10}}
    posts = [POST, {"urn": 2, "post_id": "P2", "consent": "unknown"}]
    value = _asked(world([{}, FAR], leaders=[{}], posts=posts, rules=rules))[2, "head"]
    assert (value.value, value.leader_id, value.no_value) == (None, None, "out_of_reach")


def test_a_school_without_a_post_where_nobody_may_go_is_no_school_to_ask(world: Callable[..., Any]) -> None:
    rules = {"travel": {"rule": "travel", "max_km": 10}}
    assert (2, "head") not in _asked(world([{}, FAR], leaders=[{}], posts=[POST], rules=rules))


def test_schools_held_back_by_lot_are_not_asked_for(world: Callable[..., Any]) -> None:
    rules = {"trial": {"rule": "hold_back", "posts": 1}}
    posts = [{"urn": n, "post_id": f"P{n}", "consent": "unknown"} for n in (1, 2)]
    made = _asked(world([{}, {}], leaders=[{}], posts=posts, rules=rules))
    assert sorted(value.no_value or "" for value in made.values()) == ["", "held_back"]


def test_leaders_of_a_team_are_left_out(world: Callable[..., Any]) -> None:
    team = [{"team_id": "T"}, {"team_id": "T", "level": "senior"}]
    rules = {"teams": {"rule": "teams", "together": "school", "when_impossible": "leave"}}
    made = _asked(world([{}, {}], leaders=team, posts=[POST], rules=rules))
    assert {value.no_value for value in made.values()} == {"not_alone"}


def test_worst_draws_have_no_value(world: Callable[..., Any]) -> None:
    value = _asked(world([FAR, {}], leaders=[{}], posts=[POST]), worst_draws=True)[2, "head"]
    assert (value.value, value.leader_id, value.no_value) == (None, "L1", "worst_draws")


def test_without_leaders_or_posts_there_is_nothing_to_ask(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}], posts=[POST])
    nobody = replace(small, pool=replace(small.pool, leaders=small.pool.leaders.head(0)))
    assert _asked(nobody) == {}
    no_posts = replace(small, posts=replace(small.posts, posts=small.posts.posts.head(0)))
    assert {key: (value.value or 0) > 0 for key, value in _asked(no_posts).items()} == {
        (1, "head"): True,
        (2, "head"): True,
    }
