"""The cost of the plan, or of each planning year, stays within a sum.

sum of cost(l, p) x(l, p), over all pairs or over those that start in the year, <= total_gbp. A unit of breach is GBP
1,000. With ``basis: expected`` the cost of an ask is ``cost(l, p) pi(l, p) / 1000`` in whole pounds, rounded up, with
pi in whole thousandths (``rules.asks``).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotage.config.rules.budget import Budget
from pilotage.domain.prospects import PER_MILLE, prospects_in
from pilotage.placement.candidates import Candidates
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.asks import thousandths
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened
from pilotage.placement.rules.traits import RuleTraits

THOUSAND = 1000


def rows(named: RowName, rule: Budget, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limit: the total cost of the plan, or that of each planning year, stays within ``total_gbp``."""
    cost = _costs(rule, candidates)
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


def _costs(rule: Budget, candidates: Candidates) -> NDArray[np.int64]:
    """Return what each pair costs in whole pounds, on the basis that the rule states."""
    cost = candidates.pairs["cost_gbp"].to_numpy(dtype=np.int64)
    if rule.basis == "committed" or candidates.scenario.pool.prospects is None:
        return cost
    chance = thousandths(candidates.pairs["chance"].to_numpy(dtype=np.float64))
    asked = prospects_in(candidates.table)[candidates.post]
    return np.where(asked, -(-cost * chance // PER_MILLE), cost).astype(np.int64)


RULES = (RuleTraits((Budget,), "counts", "pound", rows=rows),)
