"""Shares of the placements by phase: by hand, counted again by the audit, refused where they exceed the whole."""

from collections.abc import Callable
from typing import Any

import pytest

PHASES = [{"phase": "primary"}, {"phase": "primary"}, {"phase": "secondary"}]


def test_phase_balance_holds_a_minimum_and_a_maximum(world: Callable[..., Any]) -> None:
    benefit = [[9, 8, 1], [9, 8, 2]]
    half = {"rule": "phase_balance", "shares": {"primary": {"maximum": 0.5}}}
    small = world(PHASES, leaders=[{}, {}], rules={"balance": half})
    assert small.plan(benefit).objective == 11_000
    least = small.with_rules({"balance": {"rule": "phase_balance", "shares": {"secondary": {"minimum": 0.5}}}})
    assert least.plan(benefit).objective == 11_000
    for strict in (small, least):
        assert strict.audited(benefit).clean
        assert strict.broken(benefit, before=small.with_rules({})) == {"rules.balance"}


def test_shares_whose_minimums_exceed_the_whole_are_refused(world: Callable[..., Any]) -> None:
    shares = {"primary": {"minimum": 0.6}, "secondary": {"minimum": 0.6}}
    with pytest.raises(ValueError, match="add up to more than the whole"):
        world(PHASES, rules={"balance": {"rule": "phase_balance", "shares": shares}})
