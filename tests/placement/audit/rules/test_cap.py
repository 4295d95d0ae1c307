"""Placements in an authority, a trust or a region, by a plan that was made without the cap."""

from collections.abc import Callable
from typing import Any

import pytest

SCHOOLS = [{"authority": "Oldham", "trust": "Ark", "region": "London"}] * 2 + [{}]


@pytest.mark.parametrize(
    ("kind", "place"), [("authority_cap", "Oldham"), ("trust_cap", "Ark"), ("region_cap", "London")]
)
def test_a_placement_too_many_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], kind: str, place: str
) -> None:
    small = world(SCHOOLS)
    broken = refused(small, [[5, 1, 1], [1, 4, 1], [1, 1, 3]], rules={"r": {"rule": kind, "count": 1}})
    assert broken == {"rules.r": f"2 in {place}, over 1", "constraints": f"r, {place} is missing"}
