"""What a plan costs, by a plan that was made without the budget."""

from collections.abc import Callable
from typing import Any

import pandas as pd


def test_a_plan_that_costs_too_much_is_refused(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    rules = {"r": {"rule": "budget", "total_gbp": 2999}}  # £1,000 and £2,000
    broken = refused(world([{}, {}]), [[5, 1], [1, 4]], rules=rules)
    assert broken == {"rules.r": "costs £3,000, over £2,999", "constraints": "r is missing"}


def test_each_year_has_its_own_sum(world: Callable[..., Any], refused: Callable[..., Any]) -> None:
    posts = [{}, {"opens_on": pd.Timestamp("2017-09-01")}]
    rules = {"r": {"rule": "budget", "total_gbp": 1500, "per_year": True}}
    time = {"years": 2, "term_years": 2}
    broken = refused(world([{}, {}], posts=posts, time=time), [[5, 1], [1, 4]], rules=rules, time=time)
    assert broken == {
        "rules.r": "costs £2,000, over £1,500",
        "constraints": "r, year, 1 is missing; r, year, 2 is missing",
    }
