"""The benefit in the most deprived schools, by a plan that was made without the share."""

from collections.abc import Callable
from typing import Any


def test_too_little_for_the_most_deprived_is_refused(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    small = world([{}, {}])
    small.panel.school_years["fsm6_share"] = [0.2, 0.7]
    rules = {"r": {"rule": "deprived_share", "share": 0.5, "most_deprived": 0.5}}
    broken = refused(small, [[5, 1], [1, 4]], rules=rules)
    wrong = "4.0 of 9.0 pupil-months in the most deprived schools, under 50%"
    assert broken == {"rules.r": wrong, "constraints": "r is missing"}
