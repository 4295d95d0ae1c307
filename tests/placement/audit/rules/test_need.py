"""Schools of too little need, in a plan that was made without the threshold."""

from collections.abc import Callable
from typing import Any

import pandas as pd

BENEFIT = [[5, 1, 1], [1, 4, 1], [1, 1, 3]]
NEED = pd.Series([0.6, 0.4, None], index=[1, 2, 3], dtype=float)


def test_schools_below_the_threshold_or_unknown_are_refused(
    world: Callable[..., Any], refused: Callable[..., Any]
) -> None:
    rules = {"r": {"rule": "need_threshold", "minimum": 0.5}}
    assert refused(world([{}] * 3), BENEFIT, rules=rules, need=NEED) == {"rules.r": "L2 in P2; L3 in P3"}


def test_unknown_need_may_be_let_in(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    rules = {"r": {"rule": "need_threshold", "top_share": 0.5, "unknown": "keep"}}
    assert refused(world([{}] * 3), BENEFIT, rules=rules, need=NEED) == {"rules.r": "L2 in P2"}


def test_a_share_is_counted_within_the_phase(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    small = world([{}, {}, {"phase": "secondary"}], leaders=[{"phases": "primary;secondary"}] * 3)
    need, share = pd.Series([0.6, 0.4, 0.1], index=[1, 2, 3]), {"rule": "need_threshold", "top_share": 0.5}
    assert refused(small, BENEFIT, rules={"r": share}, need=need) == {"rules.r": "L2 in P2"}
    of_all = {"r": share | {"within": "all"}}  # round(1.5) = 2 of three
    assert refused(small, BENEFIT, rules=of_all, need=need) == {"rules.r": "L3 in P3"}


def test_a_school_put_forward_is_exempt(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    cases = {"c": {"urn": 2, "reason": "r", "author": "a"}}
    rules = {"r": {"rule": "need_threshold", "minimum": 0.5}, "q": {"rule": "case_quota", "cases": cases}}
    assert refused(world([{}] * 3), BENEFIT, rules=rules, need=NEED) == {"rules.r": "L3 in P3"}
