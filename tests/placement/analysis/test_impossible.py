"""What is refused before solving: limits below what is pinned."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotage.errors import InfeasibleError
from pilotage.placement.analysis.impossible import refuse_impossible

NOTE = {"reason": "promised", "author": "AB"}
TWO_AT_ONE = [{"urn": 1}, {"urn": 1}, {"urn": 2}]
MONEY = {"money": {"rule": "budget", "total_gbp": 3_500}}  # the posts cost £1,000, £2,000 and £3,000
TERMS = {"years": 3, "term_years": 1}


def _pins(*wanted: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {f"p{number}": {"leader_id": leader} | where | NOTE for number, (leader, where) in enumerate(wanted, 1)}


def test_a_limit_below_the_cheapest_ways_to_keep_the_pins_is_refused(world: Callable[..., Any]) -> None:
    pins = _pins(("L1", {"urn": 1}), ("L2", {"post_id": "P3"}))
    small = world([{}, {}], leaders=[{}, {}], posts=TWO_AT_ONE, rules=MONEY, pins=pins)
    with pytest.raises(InfeasibleError, match=r"pins\.p1, pins\.p2 need 4,000"):
        refuse_impossible(small.problem([[3, 5, 9], [2, 7, 9]]))


@pytest.mark.parametrize("order", [1, -1])
def test_pins_that_one_placement_keeps_count_once(world: Callable[..., Any], order: int) -> None:
    pins = _pins(*[("L1", {"urn": 1}), ("L1", {"post_id": "P2"})][::order])
    small = world([{}, {}], leaders=[{}], posts=TWO_AT_ONE, rules=MONEY, pins=pins, time=TERMS)
    refuse_impossible(small.problem([[3, 5, 9]]))  # P2 keeps both, for £2,000 and not for £3,000
    assert small.plan([[3, 5, 9]]).objective == 5_000
    assert small.audited([[3, 5, 9]]).clean
