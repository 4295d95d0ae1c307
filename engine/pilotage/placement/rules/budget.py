"""The cost of the plan, or of each planning year, stays within a sum.

sum of cost(l, p) x(l, p), over all pairs or over those that start in the year, <= total_gbp. A unit of breach is
GBP 1,000.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.config.rules.budget import Budget
from pilotage.placement.candidates import Candidates
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened
from pilotage.placement.rules.traits import RuleTraits

THOUSAND = 1000


def rows(named: RowName, rule: Budget, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limit: the total cost of the plan, or that of each planning year, stays within ``total_gbp``."""
    cost = candidates.pairs["cost_gbp"].to_numpy(dtype=np.int64)
    label = f"total cost at most £{rule.total_gbp:,}"
    if not rule.per_year:
        row = constraint(named, label, ("<=", rule.total_gbp), np.arange(len(cost)), cost)
        yield softened(row, rule, candidates, THOUSAND, "£1,000 over")
        return
    year = planning_year(
        starts_on(candidates.leaders, candidates.table, candidates.leader, candidates.post), candidates.scenario.as_of
    )
    for number in range(candidates.scenario.time.years):
        members = np.flatnonzero(year == number)
        in_year = f"{label} in planning year {number + 1}"
        row = constraint(named.at("year", number + 1), in_year, ("<=", rule.total_gbp), members, cost[members])
        yield softened(row, rule, candidates, THOUSAND, "£1,000 over")


RULES = (RuleTraits((Budget,), "counts", "pound", rows=rows),)
