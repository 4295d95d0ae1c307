"""Rules on what a plan costs, whom its benefit reaches, and what it changes of an earlier plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.budget import Budget
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.config.rules.moves import Moves
from pilotage.placement.candidates import SCALE, Candidates
from pilotage.placement.cohorts import deprivation
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened

THOUSAND = 1000


def budget(name: str, rule: Budget, candidates: Candidates) -> Iterator[Constraint]:
    """The total cost of the plan, or that of each planning year, stays within ``total_gbp``."""
    cost = candidates.pairs["cost_gbp"].to_numpy(dtype=np.int64)
    label, named = f"total cost at most £{rule.total_gbp:,}", RowName(rule.rule, name, unit="pound")
    if not rule.per_year:
        row = constraint(named, label, ("<=", rule.total_gbp), np.arange(len(cost)), cost)
        yield softened(row, rule, candidates, THOUSAND, "£1,000 over")
        return
    year = planning_year(
        starts_on(candidates.leaders, candidates.table, candidates.leader, candidates.post), candidates.scenario.as_of
    )
    for number in range(candidates.scenario.time.years):
        members = np.flatnonzero(year == number)
        told = f"{label} in planning year {number + 1}"
        row = constraint(named.at("year", number + 1), told, ("<=", rule.total_gbp), members, cost[members])
        yield softened(row, rule, candidates, THOUSAND, "£1,000 over")


def deprived_share(name: str, rule: DeprivedShare, candidates: Candidates) -> Constraint:
    """At least ``share`` of the benefit is in the most deprived schools in scope, whatever priced rules charge."""
    urns = most_deprived(deprivation(candidates.panel), candidates.urns, rule.most_deprived)
    inside = np.isin(candidates.of_school("urn"), urns)
    part = fraction(rule.share)
    benefit = np.rint(candidates.pairs["benefit"].to_numpy(dtype=np.float64) * SCALE).astype(np.int64)
    weights = benefit * np.where(inside, part.denominator - part.numerator, -part.numerator)
    label = f"at least {rule.share:.0%} of the benefit in the most deprived {rule.most_deprived:.0%} of schools"
    named = RowName(rule.rule, name, measure="share", unit="pupil_month")
    row = constraint(named, label, (">=", 0), np.arange(len(weights)), weights)
    return softened(row, rule, candidates, part.denominator * SCALE, "pupil-month too few")


def most_deprived(deprived: pd.Series, urns: np.ndarray, part: float) -> np.ndarray:
    """Return the URNs of the most deprived part of the schools in scope whose deprivation is known; ties by URN."""
    known = deprived.reindex(urns).dropna()
    order = np.lexsort((known.index.to_numpy(), -known.to_numpy()))
    count = round(part * len(known))
    return np.sort(known.index.to_numpy()[order[:count]])


def moves(name: str, rule: Moves, candidates: Candidates) -> Constraint:
    """At most ``count`` placements of the earlier plan are given up, those that are not eligible now included."""
    earlier = candidates.earlier[name]
    places = {leader: number for number, leader in enumerate(candidates.leaders["leader_id"])}
    posts = {post: number for number, post in enumerate(candidates.table["post_id"])}
    wanted = earlier["leader_id"].map(places) * len(posts) + earlier["post_id"].map(posts)
    members = np.flatnonzero(
        np.isin(candidates.leader.astype(np.int64) * len(posts) + candidates.post, wanted.to_numpy(dtype=np.int64))
    )
    label = f"at most {rule.count} of the {len(earlier)} placements of the earlier plan given up"
    row = constraint(RowName(rule.rule, name), label, (">=", max(0, len(earlier) - rule.count)), members)
    return softened(row, rule, candidates, 1, "placement given up too many")
