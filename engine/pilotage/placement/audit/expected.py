"""A row that a rule asks for, and what rules derive such rows from: the tables and the problem's pairs.

Every row is known by its kind of rule, the scenario's name of the rule and which of the rule's rows it is. Rows on
posts have a weight for each post, those on pairs a weight for each pair that they name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.priced import Counted, Priced
from pilotage.domain.plan import Over, Part, Sense
from pilotage.placement.audit.case import UNITS, AuditCase, Bools, Capacities, Claim, Ints, planning_year
from pilotage.placement.audit.support_tables import SUPPORT

Identity = tuple[str, str, Part]  # kind of rule, the scenario's name of it, which row


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

    @property
    def identity(self) -> Identity:
        """Return what the variable is about."""
        return self.kind, self.key, self.part


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
    """The case, the problem's pairs and the leaders' capacities: what rows are derived from."""

    case: AuditCase
    claim: Claim
    capacities: Capacities

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


def on_pairs(identity: Identity, limit: tuple[Sense, int], members: Ints) -> Expected:
    """Return a row that counts each of some pairs once."""
    return Expected(identity, limit[0], limit[1], members, np.ones(len(members), dtype=np.int64))


def plain(part: Part) -> Part:
    """Return a part in plain numbers and words."""
    return tuple(int(entry) if isinstance(entry, int | np.integer) else str(entry) for entry in part)


def units_of_price(price: float) -> int:
    """Return a price in whole units, at least one."""
    return max(1, round(price * UNITS))


def share_row(
    stated: Stated, rule: Priced, identity: Identity, limit: tuple[Sense, float], posts: tuple[Bools, Bools]
) -> Expected:
    """Return the row of a share of the placements counted; ``posts``: those inside, and those counted."""
    (inside, counted), part = posts, fraction(limit[1])
    weights = counted * (inside.astype(np.int64) * part.denominator - part.numerator)
    return stated.breach(rule, stated.on_posts(identity, (limit[0], 0), weights), part.denominator)


def count_row(stated: Stated, rule: Priced, identity: Identity, limit: tuple[Sense, int], inside: Bools) -> Expected:
    """Return the row of a number of placements; ``inside``: the posts that count."""
    return stated.breach(rule, stated.on_posts(identity, limit, inside.astype(np.int64)), 1)
