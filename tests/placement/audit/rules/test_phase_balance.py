"""Shares of the placements by phase, by a plan that was made without them."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("limit", "wrong"),
    [({"minimum": 0.75}, "1 in primary schools, under 1.5"), ({"maximum": 0.25}, "1 in primary schools, over 0.5")],
)
def test_a_share_of_a_phase_missed_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], limit: dict[str, float], wrong: str
) -> None:
    rules = {"r": {"rule": "phase_balance", "shares": {"primary": limit}}}
    broken = refused(world([{}, {"phase": "secondary"}]), [[5, 1], [1, 4]], rules=rules)
    assert broken == {"rules.r": wrong, "constraints": f"r, primary, {next(iter(limit))} is missing"}
