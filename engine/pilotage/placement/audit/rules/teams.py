"""Leaders of one team go together: all of them to one place in one planning year, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pilotage.config.rules.teams import Teams
from pilotage.placement.audit.case import Bools, Ints, pair_frame
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Identity, Stated, Variable, units_of_price
from pilotage.placement.audit.rule_audit import GroupTest, Reach, Reasons, RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT

Visit = tuple[object, int]  # a place and a planning year


def members_of_teams(leaders: pd.DataFrame) -> dict[str, list[int]]:
    """Return the members (positions) of each team of two and more."""
    named = leaders["team_id"].dropna()
    groups = {str(team): group.index.tolist() for team, group in named.groupby(named, sort=True)}
    return {team: members for team, members in groups.items() if len(members) > 1}


def together(rule: Teams, leaders: pd.DataFrame) -> Bools:
    """Return who is in a team."""
    return leaders["team_id"].notna().to_numpy(dtype=bool)


def group_test(name: str, rule: Teams, reach: Reach) -> GroupTest | None:
    """Return what bars the posts to which a team can't go whole; a rule with a price bars nothing."""
    if rule.price is not None:
        return None
    teams = members_of_teams(reach.case.pool.leaders).values()
    return _NotWhole(name, rule, reach, {member: members for members in teams for member in members})


@dataclass(frozen=True)
class _NotWhole:
    """``team_of``: a leader's team, of leaders who are in one."""

    name: str
    rule: Teams
    reach: Reach
    team_of: dict[int, list[int]]
    _whole: dict[int, set[Visit]] = field(default_factory=dict)

    def __call__(self, leader: int, posts: Ints) -> Reasons:
        """Return what bars each post for a leader: places and years to which the leader's team can't go whole."""
        reasons = np.full(len(posts), None, dtype=object)
        if leader in self.team_of and len(posts):
            whole = self._whole_visits(self.team_of[leader])
            reasons[[visit not in whole for visit in self._visits(leader, posts)]] = f"rules.{self.name}"
        return reasons

    def _visits(self, leader: int, posts: Ints) -> list[Visit]:
        frame = pair_frame(self.reach.case, np.full(len(posts), leader), posts)
        place = frame["urn" if self.rule.together == "school" else "school_authority"]
        return list(zip(place.tolist(), frame["year"].tolist(), strict=True))

    def _whole_visits(self, members: list[int]) -> set[Visit]:
        """Return the places and years to which a whole team can go, each member in a post of its own."""
        first = members[0]
        if first not in self._whole:
            offers: dict[Visit, dict[int, list[int]]] = {}
            for member in members:
                posts = self.reach.posts_of(member)
                for visit, post in zip(self._visits(member, posts), posts.tolist(), strict=True):
                    offers.setdefault(visit, {}).setdefault(member, []).append(post)
            self._whole[first] = {visit for visit, offered in offers.items() if _all_seated(offered, len(members))}
        return self._whole[first]


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


def recount(name: str, rule: Teams, counted: Counted) -> RuleCount:
    """Count the members of each team who are placed: whole to a place in a planning year, wherever a member goes."""
    frame = counted.placements
    place = "urn" if rule.together == "school" else "school_authority"
    sizes = counted.leaders["team_id"].value_counts()
    placed = frame[(frame["level"] != SUPPORT) & frame["leader_team_id"].map(sizes).gt(1)]
    wrong = []
    for team, mine in placed.groupby("leader_team_id"):
        size, visits = int(sizes[str(team)]), mine.groupby([place, "year"])["leader_id"].nunique()
        if (visits < size).any():
            parts = ", ".join(f"{count} of {size}" for count in visits)
            wrong.append(f"team {team}: {parts} in a place and a planning year")
    whole = placed["leader_team_id"].nunique() - len(wrong)
    return RuleCount(len(wrong), tuple(wrong), f"{whole} teams placed whole")


def rows(name: str, rule: Teams, stated: Stated) -> Iterator[Expected]:
    """Yield the rows of teams: to a place in a planning year each member goes only with the next, in a circle."""
    case, problem = stated.case, stated.claim.problem
    place = case.sites["urn" if rule.together == "school" else "authority"].to_numpy(dtype=object)
    for team, members in members_of_teams(case.pool.leaders).items():
        split: dict[Variable, int] = {}
        if rule.price is not None:
            split[Variable("breach", name, (team,), -units_of_price(rule.price))] = -1
        mine = np.concatenate([stated.of_leader(member) for member in members])
        visits = pd.Series(list(zip(place[problem.post[mine]], (stated.year[mine] + 1).tolist(), strict=True)), mine)
        for visit, pairs in visits.groupby(visits, sort=False):
            here = np.sort(pairs.index.to_numpy(dtype=np.int64))
            yield from _circle(stated, (rule.rule, name, (team, *visit)), here, members, split)


def _circle(
    stated: Stated, identity: Identity, here: Ints, members: list[int], split: dict[Variable, int]
) -> Iterator[Expected]:
    rule, name, part = identity
    leader = stated.claim.problem.leader[here]
    for number, member in enumerate(members):
        following = members[(number + 1) % len(members)]
        weights = (leader == member).astype(np.int64) - (leader == following)
        weighed = np.flatnonzero(weights)
        if (weights > 0).any():
            yield Expected((rule, name, (*part, number + 1)), "<=", 0, here[weighed], weights[weighed], "pair", split)


AUDITS = (RuleAudit((Teams,), recount=recount, rows=rows, group_test=group_test, together=together),)
