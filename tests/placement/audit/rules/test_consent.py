"""Posts without consent, in a plan that was made without the rule."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("consent", "accept_unknown", "refuses"),
    [("no", True, True), ("unknown", False, True), ("unknown", True, False), ("yes", False, False)],
)
def test_a_post_without_consent_is_refused(
    world: Callable[..., Any], refused: Callable[..., Any], consent: str, accept_unknown: bool, refuses: bool
) -> None:
    rules = {"r": {"rule": "consent", "accept_unknown": accept_unknown}}
    broken = refused(world([{}], posts=[{"consent": consent}]), [[5]], rules=rules)
    assert broken == ({"rules.r": "L1 in P1"} if refuses else {})
