"""Leaders who travel too far, in a plan that was made without the rule."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("leader", "keys"),
    [
        ({"max_travel_km": 19.9}, {}),
        ({"max_travel_km": 30.0}, {"max_km": 15}),
        ({"max_travel_km": 19.9, "relocates": True}, {"relocation": False}),
        ({"willing_regions": "London"}, {}),
    ],
)
def test_a_post_out_of_reach_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], leader: dict[str, Any], keys: dict[str, Any]
) -> None:
    small = world([{"easting": 20_000.0}], [leader])
    assert refused(small, [[5]], rules={"r": {"rule": "travel"} | keys}) == {"rules.r": "L1 in P1"}


def test_a_leader_who_moves_house_may_go(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    small = world([{"easting": 20_000.0}], [{"max_travel_km": 1.0, "relocates": True}])
    assert refused(small, [[5]], rules={"r": {"rule": "travel"}}) == {}
