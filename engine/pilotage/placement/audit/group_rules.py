"""What bars a pair because of other pairs, read anew: teams that fit nowhere whole, spans out of reach, a trial's lots.

The order is that of the documentation: pairs barred by themselves are out, then teams, spans and lots in turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.teams import Teams
from pilotage.placement.audit.case import AuditCase, Ints, pair_frame
from pilotage.placement.audit.pair_rules import bars
from pilotage.placement.audit.support_tables import SUPPORT
from pilotage.placement.audit.values import Figures

Visit = tuple[object, int]  # a place and a planning year


@dataclass(frozen=True)
class Eligibility:
    """Who may go where; ``filled``: the posts that have a pair in the problem, which need no search of their own."""

    figures: Figures
    filled: Ints
    _reach: dict[int, Ints] = field(default_factory=dict)
    _visits: dict[tuple[str, int], set[Visit]] = field(default_factory=dict)

    @property
    def case(self) -> AuditCase:
        """Return the case."""
        return self.figures.case

    def reach(self, leader: int) -> Ints:
        """Return the posts that a leader may take but for teams, spans and lots, ascending."""
        if leader not in self._reach:
            post = np.arange(len(self.case.posts.posts))
            reason = bars(self.case, self.figures.valued, np.full(len(post), leader), post)
            self._reach[leader] = np.flatnonzero(pd.isna(reason))
        return self._reach[leader]

    @cached_property
    def teams(self) -> dict[str, Ints]:
        """Return the members of each team of two and more."""
        named = self.case.pool.leaders["team_id"].dropna()
        groups = {str(team): rows.index.to_numpy(dtype=np.int64) for team, rows in named.groupby(named)}
        return {team: members for team, members in groups.items() if len(members) > 1}

    def before_lots(self, leader: Ints, post: Ints) -> NDArray[np.object_]:
        """Return what bars each pair, None where nothing but lots can, shape (pairs,)."""
        reason = bars(self.case, self.figures.valued, leader, post)
        left = np.flatnonzero(pd.isna(reason))
        for number, one, place in zip(left.tolist(), leader[left].tolist(), post[left].tolist(), strict=True):
            reason[number] = self._by_group(one, place)
        return reason

    def barred(self, leader: Ints, post: Ints) -> NDArray[np.object_]:
        """Return what bars each pair, None where nothing does, shape (pairs,)."""
        reason = self.before_lots(leader, post)
        free = pd.isna(reason) & np.isin(post, self.held_schools)
        reason[free] = "rules.hold_back"
        return reason

    def _by_group(self, leader: int, post: int) -> str | None:
        for name, rule in self.case.scenario.rules.items():
            if isinstance(rule, Teams) and rule.price is None:
                team = next((team for team, members in self.teams.items() if leader in members), None)
                if team is not None and self._visit(rule, leader, post) not in self._whole_visits(name, rule, team):
                    return f"rules.{name}"
        span = self.case.span
        if span is not None and self.case.several_schools[leader]:
            return self._beyond_span(span, leader, post)
        return None

    def _beyond_span(self, span: ExecutiveSpan, leader: int, post: int) -> str | None:
        """Return that a leader can't lead as many schools as the rule asks for, if so; of the post's trust if asked."""
        reach, trust = self.reach(leader), self.case.sites["trust"]
        if span.one_trust:
            if pd.isna(trust[post]):
                return "executive_span: the school is in no trust"
            reach = reach[(trust.to_numpy()[reach] == trust[post]).astype(bool)]
        schools = self.case.posts.posts["urn"].to_numpy()[reach]
        short = len(set(schools.tolist())) < span.minimum
        return "executive_span: too few schools in reach" if short and span.price is None else None

    def _visit(self, rule: Teams, leader: int, post: int) -> Visit:
        return self._visits_of(rule, np.array([leader]), np.array([post]))[0]

    def _visits_of(self, rule: Teams, leader: Ints, post: Ints) -> list[Visit]:
        frame = pair_frame(self.case, leader, post)
        place = frame["urn" if rule.together == "school" else "school_authority"]
        return list(zip(place.tolist(), frame["year"].tolist(), strict=True))

    def _whole_visits(self, name: str, rule: Teams, team: str) -> set[Visit]:
        """Return the places and years to which a whole team can go, each member in a post of its own."""
        members, key = self.teams[team], (name, int(self.teams[team][0]))
        if key not in self._visits:
            offers: dict[Visit, dict[int, list[int]]] = {}
            for member in members.tolist():
                reach = self._before(name, member)
                visits = self._visits_of(rule, np.full(len(reach), member), reach)
                for visit, post in zip(visits, reach.tolist(), strict=True):
                    offers.setdefault(visit, {}).setdefault(member, []).append(post)
            self._visits[key] = {visit for visit, posts in offers.items() if _all_seated(posts, len(members))}
        return self._visits[key]

    def _before(self, name: str, member: int) -> Ints:
        """Return a member's posts that no team rule named before bars."""
        reach = self.reach(member)
        for other, rule in self.case.scenario.rules.items():
            if other == name:
                break
            if isinstance(rule, Teams) and rule.price is None:
                team = next(team for team, members in self.teams.items() if member in members)
                visits = self._visits_of(rule, np.full(len(reach), member), reach)
                whole = self._whole_visits(other, rule, team)
                reach = reach[np.array([visit in whole for visit in visits], dtype=bool)]
        return reach

    @cached_property
    def held(self) -> dict[str, Ints]:
        """Return the posts that each rule's lots hold back, drawn again."""
        rules = {n: rule for n, rule in self.case.scenario.rules.items() if isinstance(rule, HoldBack)}
        if not rules:
            return {}
        table, drawn = self.case.posts.posts, dict[str, Ints]()
        pinned = [pin.post_id for pin in self.case.scenario.pins.values()]
        spared = set(table.loc[table["post_id"].isin(pinned), "urn"].tolist())
        fillable = set(self.filled.tolist()) | self._fillable_beside()
        for name, rule in rules.items():
            open_now = table.iloc[sorted(fillable)]
            named = open_now[~open_now["urn"].isin(spared) & (open_now["level"] != SUPPORT)].sort_values("post_id")
            if rule.posts > len(named):
                return drawn
            lots = np.random.default_rng(rule.seed).choice(len(named), rule.posts, replace=False)
            drawn[name] = np.sort(named.index.to_numpy(dtype=np.int64)[lots])
            schools = set(table["urn"].to_numpy()[drawn[name]].tolist())
            fillable -= set(np.flatnonzero(table["urn"].isin(schools)).tolist())
        return drawn

    def _fillable_beside(self) -> set[int]:
        """Return the posts of held schools that somebody could take, were it not for the lots."""
        table = self.case.posts.posts
        held = table.loc[table["post_id"].isin(self.case.held_back), "urn"]
        beside = np.flatnonzero(table["urn"].isin(held).to_numpy(dtype=bool))
        return {post for post in beside.tolist() if self._takes_somebody(post)}

    def _takes_somebody(self, post: int) -> bool:
        leader = np.arange(len(self.case.pool.leaders))
        reason = bars(self.case, self.figures.valued, leader, np.full(len(leader), post))
        free = np.flatnonzero(pd.isna(reason))
        return any(self._by_group(one, post) is None for one in free.tolist())

    @cached_property
    def held_schools(self) -> Ints:
        """Return the posts of all schools of which the lots hold a post back."""
        urn = self.case.posts.posts["urn"].to_numpy()
        posts = [posts for posts in self.held.values() if len(posts)]
        schools = np.unique(urn[np.concatenate(posts)]) if posts else np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.isin(urn, schools))


def _all_seated(posts: dict[int, list[int]], members: int) -> bool:
    """Return whether so many members can each have a post of their own among those offered to them."""
    if len(posts) < members:
        return False
    sitting: dict[int, int] = {}

    def seat(member: int, seen: set[int]) -> bool:
        for post in posts[member]:
            if post not in seen:
                seen.add(post)
                if post not in sitting or seat(sitting[post], seen):
                    sitting[post] = member
                    return True
        return False

    return all(seat(member, set()) for member in posts)
