"""Leaders who do not suit a post, in a plan that was made without the rule."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

LATE = {"available_from": pd.Timestamp("2016-10-01")}
MIDDLE = {"level": "middle", "subjects": "French"}


@pytest.mark.parametrize(
    ("rule", "leader", "post"),
    [
        ("level", {"level": "senior"}, {}),
        ("phase", {"phases": "secondary; special"}, {}),
        ("subject", MIDDLE, {"level": "middle", "subject": "Maths"}),
        ("requirement", {"meets": "Welsh"}, {"requires": "Catholic; Welsh"}),
        ("availability", LATE, {}),
    ],
)
def test_a_leader_who_does_not_suit_the_post_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], rule: str, leader: dict[str, Any], post: dict[str, Any]
) -> None:
    small = world([{}], [leader], [post])
    assert refused(small, [[5]], rules={"r": {"rule": rule}}) == {"rules.r": "L1 in P1"}


@pytest.mark.parametrize(
    ("rule", "leader", "post"),
    [
        ({"rule": "phase"}, {"phases": "secondary;Primary "}, {}),
        ({"rule": "subject"}, MIDDLE | {"subjects": "maths; French"}, {"level": "middle", "subject": "Maths"}),
        ({"rule": "requirement"}, {"meets": "Welsh;catholic"}, {"requires": "Catholic; Welsh"}),
        ({"rule": "availability", "grace_days": 30}, LATE, {}),
    ],
)
def test_a_leader_who_suits_the_post_is_not(
    world: Callable[..., Any], refused: Callable[..., Any], rule: dict[str, Any], leader: Any, post: dict[str, Any]
) -> None:
    assert refused(world([{}], [leader], [post]), [[5]], rules={"r": rule}) == {}
