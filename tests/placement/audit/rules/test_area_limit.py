"""Placements in areas, by a plan that was made without the limit."""

from collections.abc import Callable
from typing import Any

import pytest

BENEFIT = [[5, 1, 1], [1, 4, 1], [1, 1, 3]]


@pytest.mark.parametrize(
    ("rule", "missing", "wrong"),
    [
        ({"rule": "area_minimum", "areas": ["area: Derby"], "count": 2}, "r", "1 in the areas, under 2"),
        ({"rule": "area_minimum", "areas": ["area: Derby"], "share": 0.5}, "r", "1 in the areas, under 1.5"),
        (
            {"rule": "area_minimum", "areas": ["area: Derby"], "share": 0.5, "of": "pool"},
            "r",
            "1 in the areas, under 2",
        ),
        ({"rule": "area_maximum", "count": 0}, "r", "1 in the areas, over 0"),
    ],
)
def test_a_limit_missed_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], rule: dict[str, Any], missing: str, wrong: str
) -> None:
    small = world([{"area": "Derby"}, {}, {}])
    assert refused(small, BENEFIT, rules={"r": rule}) == {"rules.r": wrong, "constraints": f"{missing} is missing"}
