"""What a plan may cost: by hand, and counted again by the audit."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pilotage.domain.forecast import RiskForecast
from pilotage.placement.valuation.benefit import impact_matrix


def test_a_yearly_budget_binds_in_its_year(world: Callable[..., Any]) -> None:
    posts = [{}, {}, {"opens_on": pd.Timestamp("2017-09-01")}]  # they cost 1,000, 2,000 and 3,000
    rule = {"rule": "budget", "total_gbp": 3000, "per_year": True}
    keys = {"time": {"years": 2, "term_years": 3}}
    small = world([{}] * 3, leaders=[{}] * 3, posts=posts, rules={"money": rule}, **keys)
    benefit = [[5, 0, 0], [0, 6, 0], [0, 0, 7]]
    assert small.plan(benefit).objective == 18_000
    tight = small.with_rules({"money": rule | {"total_gbp": 2999}}, **keys)
    assert tight.plan(benefit).objective == 6_000
    assert tight.audited(benefit).clean
    assert tight.broken(benefit, before=small) == {"rules.money"}


def test_the_salary_of_a_post_counts_in_its_cost(world: Callable[..., Any]) -> None:

    small = world([{}, {}], leaders=[{"cost_gbp": 5000}], posts=[{"salary_gbp": 2500}, {}])
    table = pd.DataFrame({"urn": [1, 2], "need": 0.4, "p_fall_if_inspected": 0.1})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    pairs = impact_matrix(small.known(), forecast).pairs
    assert pairs["cost_gbp"].tolist() == [7500, 5000]
