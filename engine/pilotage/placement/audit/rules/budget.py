"""What a plan costs, in all or in each planning year."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.config.rules.budget import Budget
from pilotage.domain.prospects import PER_MILLE, PROSPECT
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated
from pilotage.placement.audit.rule_audit import RuleAudit
from pilotage.placement.audit.rules.asks import in_thousandths

BREACH_GBP = 1000  # pounds in a unit of breach


def by_chance(cost: pd.Series, chance: pd.Series) -> pd.Series:
    """Return costs by the chances that they arise, in whole pounds, rounded up; chances in thousandths, rounded up."""
    whole = cost.astype("int64") * in_thousandths(chance)
    return whole // PER_MILLE + (whole % PER_MILLE > 0)


def recount(name: str, rule: Budget, counted: Counted) -> RuleCount:
    """Add up what the placements cost."""
    frame = counted.placements
    years = frame["year"] if rule.per_year else pd.Series(0, index=frame.index)
    cost = frame["cost_gbp"].astype("int64")
    if rule.basis == "expected" and PROSPECT in frame:
        cost = cost.where(~frame[PROSPECT], by_chance(cost, frame["chance"]))
    totals = cost.groupby(years).sum().astype(int)
    over = totals[totals > rule.total_gbp] - rule.total_gbp
    wrong = tuple(f"costs £{totals[year]:,}, over £{rule.total_gbp:,}" for year in over.index)
    spent = ", ".join(f"£{total:,}" for total in totals) or "£0"
    return RuleCount(sum(math.ceil(excess / BREACH_GBP) for excess in over), wrong, f"{spent} of £{rule.total_gbp:,}")


def rows(name: str, rule: Budget, stated: Stated) -> Iterator[Expected]:
    """Yield the row of the cost of all pairs, or a row for the pairs that start in each planning year."""
    cost = stated.case.impact.pairs["cost_gbp"].to_numpy(dtype=np.int64)
    posts = stated.case.posts.posts
    if rule.basis == "expected" and PROSPECT in posts:
        pairs = stated.case.impact.pairs
        asked = posts[PROSPECT].to_numpy(dtype=bool)[stated.claim.problem.post]
        cost = np.where(asked, by_chance(pairs["cost_gbp"], pairs["chance"]).to_numpy(), cost)
    everything = np.arange(len(cost), dtype=np.int64)
    if not rule.per_year:
        row = Expected((rule.rule, name, ()), "<=", rule.total_gbp, everything, cost)
        yield stated.breach(rule, row, BREACH_GBP)
        return
    for year in range(stated.case.scenario.time.years):
        mine = np.flatnonzero(stated.year == year)
        row = Expected((rule.rule, name, ("year", year + 1)), "<=", rule.total_gbp, mine, cost[mine])
        yield stated.breach(rule, row, BREACH_GBP)


AUDITS = (RuleAudit((Budget,), recount=recount, rows=rows),)
