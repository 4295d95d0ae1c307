"""How many schools an executive leader leads: each once, from the minimum to the leader's span, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.domain.plan import Part
from pilotage.placement.audit.case import Bools, Ints
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated, Variable, on_pairs, units_of_price
from pilotage.placement.audit.rule_audit import GroupTest, Reach, Reasons, RuleAudit, SeveralPosts

TIED = 40  # posts of a leader that are each tied to the leader's use


def several_posts(rule: ExecutiveSpan, leaders: pd.DataFrame, free: Bools) -> SeveralPosts:
    """Return the executive leaders who may go alone, and how many posts each takes."""
    executive = (leaders["level"] == "executive").to_numpy(dtype=bool) & free
    span = leaders["span"].astype(float).fillna(rule.span_when_blank).to_numpy(dtype=np.float64)
    return SeveralPosts(executive, rule.minimum, span.astype(np.int64))


def group_test(name: str, rule: ExecutiveSpan, reach: Reach) -> GroupTest:
    """Return what bars the posts of a leader who can't lead as many schools as the rule asks for."""
    return _TooFew(rule, reach)


@dataclass(frozen=True)
class _TooFew:
    rule: ExecutiveSpan
    reach: Reach

    def __call__(self, leader: int, posts: Ints) -> Reasons:
        """Return what bars each post for a leader: no trust, or too few schools (of its trust, if one is asked for)."""
        reasons = np.full(len(posts), None, dtype=object)
        if self.reach.capacities.several[leader]:
            near, trust = self.reach.posts_of(leader), self.reach.case.sites["trust"].to_numpy(dtype=object)
            for place, post in enumerate(posts.tolist()):
                reasons[place] = self._barred(near, trust, post)
        return reasons

    def _barred(self, near: Ints, trust: np.ndarray, post: int) -> str | None:
        if self.rule.one_trust:
            if pd.isna(trust[post]):
                return "executive_span: the school is in no trust"
            near = near[(trust[near] == trust[post]).astype(bool)]
        schools = self.reach.case.posts.posts["urn"].to_numpy()[near]
        short = len(set(schools.tolist())) < self.rule.minimum
        return "executive_span: too few schools in reach" if short and self.rule.price is None else None


def recount(name: str, rule: ExecutiveSpan, counted: Counted) -> RuleCount:
    """Count the posts and the trusts of each executive leader who is used; members of a team go with the team."""
    several = counted.leaders.loc[counted.capacities.several, "leader_id"]
    executives = counted.placements[counted.placements["leader_id"].isin(several)]
    wrong, beyond, units = [], [], 0
    for leader, mine in executives.groupby("leader_id"):
        most = mine["leader_span"].iloc[0]
        limit = rule.span_when_blank if pd.isna(most) else int(most)
        if len(mine) < rule.minimum:
            units += rule.minimum - len(mine)
            wrong.append(f"{leader} leads {len(mine)}, under {rule.minimum}")
        beyond += [f"{leader} leads {len(mine)}, over {limit}"] if len(mine) > limit else []
        beyond += [f"{leader} leads a school twice"] if mine["urn"].duplicated().any() else []
        trusts = mine["school_trust"]
        if rule.one_trust and (trusts.isna().any() or trusts.nunique() > 1):
            beyond.append(f"{leader} leads schools of more than one trust")
    used = executives["leader_id"].nunique()
    return RuleCount(units, tuple(wrong), f"{used} executive leaders lead {len(executives)} posts", tuple(beyond))


def rows(name: str, rule: ExecutiveSpan, stated: Stated) -> Iterator[Expected]:
    """Yield the rows of each executive leader: schools once, posts from the minimum to the span, trusts if asked."""
    problem = stated.claim.problem
    leaders = np.unique(problem.leader)
    for leader in leaders[stated.capacities.several[leaders]].tolist():
        mine, who = stated.of_leader(leader), problem.leader_ids[leader]
        urn = problem.urns[problem.post[mine]]
        schools, counts = np.unique(urn, return_counts=True)
        for school in schools[counts > 1].tolist():
            yield on_pairs((rule.rule, name, (who, "once in", school)), ("<=", 1), mine[urn == school])
        span = int(stated.capacities.most[leader])
        if rule.one_trust:
            yield from _of_trusts(stated, name, rule, leader, span)
        else:
            yield from _numbers(rule, name, (who,), mine, span)


def _of_trusts(stated: Stated, name: str, rule: ExecutiveSpan, leader: int, span: int) -> Iterator[Expected]:
    """Yield the rows of a leader whose schools are all of one trust: of each trust, and which of them is used."""
    mine, who = stated.of_leader(leader), stated.claim.problem.leader_ids[leader]
    of_pair = stated.case.sites["trust"].to_numpy(dtype=object)[stated.claim.problem.post[mine]]
    lone = pd.isna(of_pair)
    if lone.any():
        yield on_pairs((rule.rule, name, (who, "no trust")), ("<=", 0), mine[lone])
    trusts = sorted(set(of_pair[~lone].tolist()))
    for trust in trusts:
        yield from _numbers(rule, name, (who, trust), mine[of_pair == trust], span)
    if len(trusts) > 1:
        used = {Variable("used", name, (who, trust)): 1 for trust in trusts}
        nobody = np.zeros(0, dtype=np.int64)
        yield Expected((rule.rule, name, (who, "one trust")), "<=", 1, nobody, nobody, "pair", used)


def _numbers(rule: ExecutiveSpan, name: str, part: Part, pairs: Ints, span: int) -> Iterator[Expected]:
    """Yield the rows that allow from the minimum to the span of these pairs where the leader is used, else none."""
    used, most = Variable("used", name, part), min(span, len(pairs))
    each = np.ones(len(pairs), dtype=np.int64)
    yield Expected((rule.rule, name, (*part, "most")), "<=", 0, pairs, each, "pair", {used: -most})
    for number in range(len(pairs) if len(pairs) <= TIED else 0):
        pair = slice(number, number + 1)
        identity = (rule.rule, name, (*part, "post", number + 1))
        yield Expected(identity, "<=", 0, pairs[pair], each[pair], "pair", {used: -1}, needed=False)
    least = {used: -rule.minimum}
    if rule.price is not None:
        least[Variable("breach", name, part, -units_of_price(rule.price), rule.minimum)] = 1
    yield Expected((rule.rule, name, (*part, "least")), ">=", 0, pairs, each, "pair", least)


AUDITS = (
    RuleAudit(
        (ExecutiveSpan,),
        recount=recount,
        rows=rows,
        group_test=group_test,
        order=1,
        several_posts=several_posts,
    ),
)
