"""Placements in schools put forward, by a plan that was made without the quota."""

from collections.abc import Callable
from typing import Any

import pytest

CASES = {"c": {"urn": 1, "reason": "r", "author": "a"}}


@pytest.mark.parametrize(
    ("limit", "wrong", "row"),
    [
        ({"minimum_count": 2}, "1 in schools put forward, under 2", "minimum, number"),
        ({"maximum_count": 0}, "1 in schools put forward, over 0", "maximum, number"),
        ({"minimum_share": 0.75}, "1 in schools put forward, under 1.5", "minimum, share"),
        ({"maximum_share": 0.25}, "1 in schools put forward, over 0.5", "maximum, share"),
    ],
)
def test_a_quota_missed_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], limit: dict[str, float], wrong: str, row: str
) -> None:
    rules = {"r": {"rule": "case_quota", "cases": CASES} | limit}
    broken = refused(world([{}, {}]), [[5, 1], [1, 4]], rules=rules)
    assert broken == {"rules.r": wrong, "constraints": f"r, {row} is missing"}
