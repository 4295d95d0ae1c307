"""A rule is hard, or broken at a price."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(
    ("keys", "words"),
    [({"hard": True, "price": 2.0}, "is hard and has a price"), ({"hard": False}, "has no price")],
)
def test_a_rule_is_hard_or_has_a_price(world: Callable[..., Any], keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        world([{}], rules={"level": {"rule": "level"} | keys})


@pytest.mark.parametrize(
    ("rule", "price", "benefit", "worth"),
    [
        ({"rule": "authority_cap", "count": 1}, 2, [[5, 4]] * 2, 7_000),
        ({"rule": "budget", "total_gbp": 1500}, 1, [[5, 4]] * 2, 7_000),  # £3,000: two thousands over, in part
        (
            {"rule": "area_maximum", "areas": ["area: Derby"], "share": 0.25},
            0.5,
            [[5, 4]] * 2,
            8_000,
        ),  # 2 of 2, 2 too many
        ({"rule": "area_minimum", "areas": ["Oldham"], "share": 0.5}, 0.5, [[5, 4]] * 2, 8_500),
        (
            {"rule": "case_quota", "minimum_count": 2, "cases": {"c": {"urn": 1, "reason": "r", "author": "a"}}},
            1,
            [[5, 4]] * 2,
            8_000,
        ),
        ({"rule": "phase_balance", "shares": {"secondary": {"minimum": 1.0}}}, 1, [[5, 4]] * 2, 7_000),
        ({"rule": "deprived_share", "share": 1.0, "most_deprived": 0.5}, 0.25, [[5, 4]] * 2, 8_000),
    ],
)
def test_every_rule_that_counts_can_be_priced(
    world: Callable[..., Any], rule: dict[str, Any], price: float, benefit: Any, worth: int
) -> None:
    schools = [{"area": "Derby", "authority": "Derby"}, {"area": "Derby", "authority": "Derby"}]
    small = world(schools, leaders=[{}, {}], rules={"soft": rule | {"price": price}})
    small.panel.school_years.loc[0, "fsm6_share"] = 0.9
    assert small.plan(benefit).objective == worth
    assert small.audited(benefit).clean, small.broken(benefit)
    assert np.all(small.plan(benefit).auxiliary >= 0)
