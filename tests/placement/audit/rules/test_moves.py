"""Earlier placements given up, by a plan that was made without the limit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd


def test_an_earlier_placement_given_up_is_refused(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    small = world([{}, {}])
    earlier = pd.DataFrame([("L1", "P2"), ("L2", "P2")], columns=["leader_id", "post_id"])
    small = replace(small, posts=replace(small.posts, earlier={"r": earlier}))
    rules = {"r": {"rule": "moves", "earlier_plan": "p.csv", "count": 0}}
    broken = refused(small, [[5, 1], [1, 4]], rules=rules)
    wrong = "1 of 2 earlier placements given up; at most 0: L1 in P2"
    assert broken == {"rules.r": wrong, "constraints": "r is missing"}
