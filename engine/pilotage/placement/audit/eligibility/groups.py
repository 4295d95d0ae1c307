"""Who may go where: what bars a pair by itself, then because of other pairs, then by lot.

The order is that of the documentation: pairs barred by themselves are out, then each rule on groups of pairs looks at
what is left by those before it, and lots are drawn last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from pilotage.placement.audit.case import AuditCase, Bools, Capacities, Ints
from pilotage.placement.audit.eligibility.single_pairs import bars
from pilotage.placement.audit.rule_audit import GroupTest, Reach, Reasons
from pilotage.placement.audit.rules.catalogue import audited, said_to_be_held_back


@dataclass(frozen=True)
class Eligibility:
    """Who may go where.

    ``valued``: which posts are in schools in scope whose benefit can be valued. ``filled``: the posts that have a pair
    in the problem, which need no search of their own.
    """

    case: AuditCase
    capacities: Capacities
    valued: Bools
    filled: Ints
    _reach: dict[tuple[int, int], Ints] = field(default_factory=dict)

    @cached_property
    def group_tests(self) -> tuple[GroupTest, ...]:
        """Return the tests of rules on groups of pairs, in their order; each looks at what those before it leave."""
        tests: list[GroupTest] = []
        for name, rule, audit in sorted(audited(self.case.scenario), key=lambda entry: entry[2].order):
            reach = Reach(self.case, self.capacities, partial(self._posts_of, len(tests)))
            test = None if audit.group_test is None else audit.group_test(name, rule, reach)
            tests += [] if test is None else [test]
        return tuple(tests)

    def _posts_of(self, before: int, leader: int) -> Ints:
        """Return the posts of a leader that neither the pair itself nor the first group tests bar, ascending."""
        if (before, leader) not in self._reach:
            if before:
                posts = self._posts_of(before - 1, leader)
                reasons = self.group_tests[before - 1](leader, posts)
            else:
                posts = np.arange(len(self.case.posts.posts))
                reasons = bars(self.case, self.valued, np.full(len(posts), leader), posts)
            self._reach[before, leader] = posts[pd.isna(reasons)]
        return self._reach[before, leader]

    def before_lots(self, leader: Ints, post: Ints) -> Reasons:
        """Return what bars each pair, None where nothing but lots can, shape (pairs,)."""
        reasons = bars(self.case, self.valued, leader, post)
        left = np.flatnonzero(pd.isna(reasons))
        if self.group_tests:
            for person in np.unique(leader[left]).tolist():
                mine = left[leader[left] == person]
                reasons[mine] = self._by_group(person, post[mine])
        return reasons

    def _by_group(self, leader: int, posts: Ints) -> Reasons:
        reasons = np.full(len(posts), None, dtype=object)
        for test in self.group_tests:
            left = np.flatnonzero(pd.isna(reasons))
            reasons[left] = test(leader, posts[left])
        return reasons

    def barred(self, leader: Ints, post: Ints) -> Reasons:
        """Return what bars each pair, None where nothing does, shape (pairs,)."""
        reasons = self.before_lots(leader, post)
        for name, held in self.held.items():
            reasons[pd.isna(reasons) & np.isin(post, self._of_schools(held))] = f"rules.{name}"
        return reasons

    @cached_property
    def held(self) -> dict[str, Ints]:
        """Return the posts that each rule's lots hold back, drawn again."""
        rules = [(name, rule, audit.lots) for name, rule, audit in audited(self.case.scenario) if audit.lots]
        drawn = dict[str, Ints]()
        if not rules:
            return drawn
        fillable = np.union1d(self.filled, self._fillable_beside())
        for name, rule, lots in rules:
            posts = lots.draw(rule, self.case, fillable)
            if posts is None:
                return drawn
            drawn[name] = posts
            fillable = np.setdiff1d(fillable, self._of_schools(posts))
        return drawn

    def _of_schools(self, posts: Ints) -> Ints:
        """Return all posts of the schools of some posts, ascending."""
        urn = self.case.posts.posts["urn"].to_numpy()
        return np.flatnonzero(np.isin(urn, urn[posts]))

    def _fillable_beside(self) -> Ints:
        """Return the posts of held schools that somebody could take, were it not for the lots."""
        table = self.case.posts.posts
        held = np.flatnonzero(table["post_id"].isin(said_to_be_held_back(self.case)).to_numpy(dtype=bool))
        beside = [post for post in self._of_schools(held).tolist() if self._takes_somebody(post)]
        return np.array(beside, dtype=np.int64)

    def _takes_somebody(self, post: int) -> bool:
        leader = np.arange(len(self.case.pool.leaders))
        return bool(pd.isna(self.before_lots(leader, np.full(len(leader), post))).any())
