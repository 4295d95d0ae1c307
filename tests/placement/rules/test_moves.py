"""Moves against an earlier plan: by hand, and counted again by the audit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd


def _with_earlier(small: Any, *pairs: tuple[str, str]) -> Any:
    earlier = pd.DataFrame(list(pairs), columns=["leader_id", "post_id"])
    return replace(small, posts=replace(small.posts, earlier={"moves": earlier}))


def test_no_more_moves_than_allowed_against_the_earlier_plan(world: Callable[..., Any]) -> None:
    rule = {"rule": "moves", "earlier_plan": "placements.csv", "count": 0}
    benefit = [[9, 1], [1, 9]]  # freely 18; the earlier plan had them the other way round, worth 2
    small = _with_earlier(world([{}, {}], rules={"moves": rule}), ("L1", "P2"), ("L2", "P1"))
    assert small.plan(benefit).objective == 2_000
    one = small.with_rules({"moves": rule | {"count": 1}})
    assert one.plan(benefit).objective == 2_000  # moving one leader needs the other's post: one may drop out, 1 + 0
    two = small.with_rules({"moves": rule | {"count": 2}})
    assert two.plan(benefit).objective == 18_000
    assert small.audited(benefit).clean
    assert small.broken(benefit, before=two) == {"rules.moves"}


def test_an_earlier_placement_that_is_barred_now_is_a_move(world: Callable[..., Any]) -> None:
    rule = {"rule": "moves", "earlier_plan": "placements.csv", "count": 1}
    small = _with_earlier(world([{}, {}], rules={"moves": rule}), ("L1", "P1"), ("L2", "P2"))
    plan = small.plan([[None, 5], [9, 1]])  # L1 may no longer take P1: that is the one move, so L2 stays in P2, worth 1
    assert plan.objective == 1_000
