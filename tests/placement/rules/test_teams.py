"""Teams: by hand, priced, named where they cannot hold, counted again by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pilotage.domain.bars import Barred
from pilotage.errors import InfeasibleError
from pilotage.placement.eligibility.pairs import eligible_pairs

BOSS = {"level": "executive", "span": 4}
SPAN = {"rule": "executive_span", "minimum": 3}
PAIR = [{"team_id": "A"}, {"team_id": "A"}, {}]
TEAMS = {"rule": "teams"}
TWO_EACH = [{"urn": 1}, {"urn": 1}, {"urn": 2}]


def _eligible(small: Any) -> Any:
    urns = small.panel.schools["urn"].to_numpy()
    return eligible_pairs(small.known(), urns)


def test_a_team_goes_to_one_school_or_nowhere(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]  # freely 5 + 6 + 9 ... the team may only share school 1: 5 + 4, and 6
    small = world([{"authority": "Derby"}, {"authority": "Derby"}], PAIR, TWO_EACH, {"teams": TEAMS})
    assert small.plan(benefit).objective == 15_000
    assert small.audited(benefit).clean
    free = small.with_rules({})
    assert free.plan(benefit).objective == 19_000  # 9 + 4 + 6
    assert small.broken(benefit, before=free) == {"rules.teams"}


def test_a_team_is_left_out_where_others_do_more(world: Callable[..., Any]) -> None:
    benefit = [[1, 0, 1], [0, 1, 1], [9, 2, 2]]  # L3 alone in P1: 9 and no team; the team of 2 beside L3 in P3: 4
    small = world([{}, {}], PAIR, TWO_EACH, {"teams": TEAMS})
    assert small.plan(benefit).objective == 9_000


def test_a_team_may_share_an_authority_instead(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]
    rule = TEAMS | {"together": "authority"}
    small = world([{"authority": "Derby"}, {"authority": "Derby"}], PAIR, TWO_EACH, {"teams": rule})
    assert small.plan(benefit).objective == 19_000
    assert small.audited(benefit).clean


def test_a_split_team_costs_its_price(world: Callable[..., Any]) -> None:
    benefit = [[5, 0, 9], [0, 4, 8], [6, 6, 6]]
    small = world([{}, {}], PAIR, TWO_EACH, {"teams": TEAMS | {"price": 3}})
    assert small.plan(benefit).objective == 16_000  # 19 less 3 beats 15
    assert small.audited(benefit).clean
    dear = small.with_rules({"teams": TEAMS | {"price": 5}})
    assert dear.plan(benefit).objective == 15_000
    assert "prices" in dear.broken(benefit, before=small)


def test_an_executive_in_a_team_goes_with_it_to_one_post(world: Callable[..., Any]) -> None:
    leaders = [BOSS | {"team_id": "A"}, {"team_id": "A"}]
    small = world([{}, {}], leaders, TWO_EACH, {"teams": TEAMS, "span": SPAN})
    assert small.plan([[5, 4, 9], [5, 4, 9]]).objective == 9_000
    assert small.audited([[5, 4, 9], [5, 4, 9]]).clean


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
    assert found.reasons == {2: Barred("teams", "part_of_team")}
