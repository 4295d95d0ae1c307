"""The constraints that a scenario's rules ask for, derived from the tables, for ``constraints`` to compare.

Every row is known by its kind of rule, the scenario's name of the rule and which of the rule's rows it is. Rows on
posts have one weight for each post; those on pairs one for each pair that they name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.area_limit import AreaMaximum, AreaMinimum, InAreas
from pilotage.config.rules.budget import Budget
from pilotage.config.rules.cap import Cap
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.config.rules.moves import Moves
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.config.rules.priced import Counted, Priced
from pilotage.domain.plan import Over, Part, Sense
from pilotage.placement.audit.case import UNITS, AuditCase, Bools, Claim, Ints, planning_year
from pilotage.placement.audit.objective import benefit_units
from pilotage.placement.audit.support_tables import SUPPORT
from pilotage.placement.audit.values import last_known

Identity = tuple[str, str, Part]  # kind of rule, the scenario's name of it, which row

THOUSAND = 1000  # pounds in a unit of breach of a budget
CAPPED = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}


@dataclass(frozen=True)
class Variable:
    """An integer variable of a rule that a row weighs: kind, name of the rule and part, and what a unit of it is worth.

    ``most``: the least upper bound that leaves every plan possible.
    """

    kind: str
    key: str
    part: Part
    benefit: int = 0
    most: int = 1


@dataclass(frozen=True)
class Expected:
    """A row that the rules ask for; ``needed``: it must be there, since a plan could break it."""

    identity: Identity
    sense: Sense
    rhs: int
    members: Ints
    weights: Ints
    over: Over = "pair"
    variables: dict[Variable, int] = field(default_factory=dict)
    needed: bool = True


@dataclass(frozen=True)
class Stated:
    """The case, the problem's pairs, and what rows are derived from."""

    case: AuditCase
    claim: Claim

    @cached_property
    def fillable(self) -> Bools:
        """Return which posts have a pair, shape (posts,)."""
        filled = np.zeros(len(self.claim.problem.post_ids), dtype=bool)
        filled[self.claim.filled] = True
        return filled

    def counted(self, counts: Counted) -> Bools:
        """Return which posts with a pair count as placements, shape (posts,)."""
        support = (self.case.posts.posts["level"] == SUPPORT).to_numpy(dtype=bool)
        return self.fillable & {"place": ~support, "support": support, "both": support | ~support}[counts]

    @cached_property
    def starts(self) -> pd.Series:
        """Return the day on which each pair starts, shape (pairs,)."""
        problem = self.claim.problem
        free = self.case.pool.leaders["available_from"].to_numpy()[problem.leader]
        return pd.Series(np.maximum(self.case.posts.posts["opens_on"].to_numpy()[problem.post], free))

    @cached_property
    def year(self) -> Ints:
        """Return each pair's planning year: the later of its post's and its leader's, shape (pairs,)."""
        problem, as_of = self.claim.problem, self.case.scenario.as_of
        post = planning_year(self.case.posts.posts["opens_on"], as_of)[problem.post]
        return np.maximum(post, planning_year(self.case.pool.leaders["available_from"], as_of)[problem.leader])

    def of_leader(self, leader: int) -> Ints:
        """Return the pairs of a leader, ascending."""
        own = self.claim.problem.leader
        first, last = np.searchsorted(own, np.array([leader, leader + 1], dtype=own.dtype))
        return np.arange(first, last, dtype=np.int64)

    def breach(self, rule: Priced, row: Expected, unit: int) -> Expected:
        """Return a row with what measures its breach, in steps of ``unit``, where its rule has a price."""
        if rule.price is None:
            return row
        sign = 1 if row.sense == "<=" else -1
        post = row.members if row.over == "post" else self.claim.problem.post[row.members]
        best = np.zeros(len(self.claim.problem.post_ids), dtype=np.int64)
        np.maximum.at(best, post, sign * row.weights)
        most = max(0, math.ceil(Fraction(int(best.sum()) - sign * row.rhs, unit)))
        missed = Variable("breach", row.identity[1], row.identity[2], -units_of_price(rule.price), most)
        variables = row.variables | {missed: -sign * unit}
        return Expected(row.identity, row.sense, row.rhs, row.members, row.weights, row.over, variables, row.needed)

    def on_posts(self, identity: Identity, limit: tuple[Sense, int], weights: Ints) -> Expected:
        """Return a row on posts from the weight of each, 0 for those that it does not count."""
        members = np.flatnonzero(weights)
        return Expected(identity, limit[0], limit[1], members, weights[members], "post")


def units_of_price(price: float) -> int:
    """Return a price in whole units, at least one."""
    return max(1, round(price * UNITS))


def _share(
    stated: Stated, rule: Priced, identity: Identity, limit: tuple[Sense, float], posts: tuple[Bools, Bools]
) -> Expected:
    """Return the row of a share of the placements counted; ``posts``: those inside, and those counted."""
    (inside, counted), part = posts, fraction(limit[1])
    weights = counted * (inside.astype(np.int64) * part.denominator - part.numerator)
    return stated.breach(rule, stated.on_posts(identity, (limit[0], 0), weights), part.denominator)


def _number(stated: Stated, rule: Priced, identity: Identity, limit: tuple[Sense, int], inside: Bools) -> Expected:
    """Return the row of a number of placements."""
    return stated.breach(rule, stated.on_posts(identity, limit, inside.astype(np.int64)), 1)


def _areas(stated: Stated, name: str, rule: InAreas) -> Iterator[Expected]:
    area, counted = stated.case.sites["area"], stated.counted(rule.counts)
    inside = (area.isin(rule.areas) if rule.areas else area.notna()).to_numpy(dtype=bool)
    least = isinstance(rule, AreaMinimum)
    sense: Sense = ">=" if least else "<="
    identity = ("area_minimum" if least else "area_maximum", name, ())
    if rule.count is not None:
        yield _number(stated, rule, identity, (sense, rule.count), inside & counted)
    elif rule.of == "placements":
        yield _share(stated, rule, identity, (sense, rule.share or 0.0), (inside, counted))
    else:
        people = int((stated.case.pool.leaders["level"] != SUPPORT).sum())
        whole = fraction(rule.share or 0.0) * people
        limit = math.ceil(whole) if least else math.floor(whole)
        yield _number(stated, rule, identity, (sense, limit), inside & counted)


def _caps(stated: Stated, name: str, rule: Cap) -> Iterator[Expected]:
    """Yield a row for each authority, trust or region; it is needed only where so many could come."""
    counted = stated.counted(rule.counts)
    group = stated.case.sites[CAPPED[rule.rule]].where(counted)
    number, values = pd.factorize(group)
    hands = np.zeros((len(values), len(stated.claim.problem.leader_ids)), dtype=bool)
    of_pair = number[stated.claim.problem.post]
    hands[of_pair[of_pair >= 0], stated.claim.problem.leader[of_pair >= 0]] = True
    posts, most = np.bincount(number[number >= 0], minlength=len(values)), hands @ stated.claim.problem.capacities
    for place, value in enumerate(values):
        row = _number(stated, rule, (rule.rule, name, (str(value),)), ("<=", rule.count), number == place)
        needed = bool(posts[place] > rule.count and most[place] > rule.count)
        yield Expected(row.identity, row.sense, row.rhs, row.members, row.weights, row.over, row.variables, needed)


def _phases(stated: Stated, name: str, rule: PhaseBalance) -> Iterator[Expected]:
    for phase, limits in rule.shares.items():
        posts = (stated.case.sites["phase"] == phase).to_numpy(dtype=bool), stated.counted(rule.counts)
        if limits.minimum > 0:
            yield _share(stated, rule, (rule.rule, name, (phase, "minimum")), (">=", limits.minimum), posts)
        if limits.maximum < 1:
            yield _share(stated, rule, (rule.rule, name, (phase, "maximum")), ("<=", limits.maximum), posts)


def _cases(stated: Stated, name: str, rule: CaseQuota) -> Iterator[Expected]:
    counted = stated.counted(rule.counts)
    inside = stated.case.posts.posts["urn"].isin([case.urn for case in rule.cases.values()]).to_numpy(dtype=bool)
    if rule.minimum_count is not None:
        identity = (rule.rule, name, ("minimum", "number"))
        yield _number(stated, rule, identity, (">=", rule.minimum_count), inside & counted)
    if rule.minimum_share is not None:
        identity = (rule.rule, name, ("minimum", "share"))
        yield _share(stated, rule, identity, (">=", rule.minimum_share), (inside, counted))
    if rule.maximum_count is not None:
        identity = (rule.rule, name, ("maximum", "number"))
        yield _number(stated, rule, identity, ("<=", rule.maximum_count), inside & counted)
    if rule.maximum_share is not None:
        identity = (rule.rule, name, ("maximum", "share"))
        yield _share(stated, rule, identity, ("<=", rule.maximum_share), (inside, counted))


def _budget(stated: Stated, name: str, rule: Budget) -> Iterator[Expected]:
    cost = stated.case.impact.pairs["cost_gbp"].to_numpy(dtype=np.int64)
    everything = np.arange(len(cost), dtype=np.int64)
    if not rule.per_year:
        row = Expected((rule.rule, name, ()), "<=", rule.total_gbp, everything, cost)
        yield stated.breach(rule, row, THOUSAND)
        return
    for year in range(stated.case.scenario.time.years):
        mine = np.flatnonzero(stated.year == year)
        row = Expected((rule.rule, name, ("year", year + 1)), "<=", rule.total_gbp, mine, cost[mine])
        yield stated.breach(rule, row, THOUSAND)


def most_deprived(case: AuditCase, part: float) -> list[int]:
    """Return the schools of the most deprived part of those in scope whose share is known; ties by URN."""
    shares = last_known(case, "fsm_share") | last_known(case, "fsm6_share")
    known = sorted((-shares[urn], urn) for urn in case.urns.tolist() if urn in shares)
    return [urn for _, urn in known[: round(part * len(known))]]


def _deprived(stated: Stated, name: str, rule: DeprivedShare) -> Iterator[Expected]:
    problem, part = stated.claim.problem, fraction(rule.share)
    inside = np.isin(problem.urns, most_deprived(stated.case, rule.most_deprived))[problem.post]
    weights = benefit_units(stated.case) * (inside.astype(np.int64) * part.denominator - part.numerator)
    row = Expected((rule.rule, name, ()), ">=", 0, np.arange(len(weights), dtype=np.int64), weights)
    yield stated.breach(rule, row, part.denominator * UNITS)


def _moves(stated: Stated, name: str, rule: Moves) -> Iterator[Expected]:
    problem, earlier = stated.claim.problem, stated.case.posts.earlier[name]
    leaders = {leader: number for number, leader in enumerate(problem.leader_ids)}
    posts = {post: number for number, post in enumerate(problem.post_ids)}
    kept = []
    for leader, post in zip(earlier["leader_id"], earlier["post_id"], strict=True):
        mine = stated.of_leader(leaders[leader])
        kept += mine[problem.post[mine] == posts[post]].tolist()
    members = np.array(sorted(set(kept)), dtype=np.int64)
    rhs = max(0, len(earlier) - rule.count)
    row = Expected((rule.rule, name, ()), ">=", rhs, members, np.ones(len(members), dtype=np.int64))
    yield stated.breach(rule, row, 1)


#: What each rule that counts asks for: (stated, name, rule) -> its rows.
COUNTING: dict[type[Any], Callable[[Stated, str, Any], Iterator[Expected]]] = {
    AreaMinimum: _areas,
    AreaMaximum: _areas,
    Cap: _caps,
    PhaseBalance: _phases,
    CaseQuota: _cases,
    Budget: _budget,
    DeprivedShare: _deprived,
    Moves: _moves,
}
