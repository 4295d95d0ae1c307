"""Placements of an earlier plan that are given up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.config.rules.moves import Moves
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated
from pilotage.placement.audit.rule_audit import RuleAudit


def recount(name: str, rule: Moves, counted: Counted) -> RuleCount:
    """Count the earlier placements that the plan does not make again."""
    earlier = counted.case.posts.earlier[name]
    made = set(zip(counted.placements["leader_id"], counted.placements["post_id"], strict=True))
    pairs = list(earlier[["leader_id", "post_id"]].itertuples(index=False, name=None))
    given_up = [f"{leader} in {post}" for leader, post in pairs if (leader, post) not in made]
    units = max(0, len(given_up) - rule.count)
    words = f"{len(given_up)} of {len(pairs)} earlier placements given up; at most {rule.count}"
    return RuleCount(units, (f"{words}: {', '.join(given_up[:5])}",) if units else (), words)


def rows(name: str, rule: Moves, stated: Stated) -> Iterator[Expected]:
    """Yield the row of the earlier placements that can be made again."""
    problem, earlier = stated.claim.problem, stated.case.posts.earlier[name]
    leaders = {leader: number for number, leader in enumerate(problem.leader_ids)}
    posts = {post: number for number, post in enumerate(problem.post_ids)}
    possible = set[int]()
    for leader, post in zip(earlier["leader_id"], earlier["post_id"], strict=True):
        mine = stated.of_leader(leaders[leader])
        possible.update(mine[problem.post[mine] == posts.get(post)].tolist() if post in posts else [])
    members = np.array(sorted(possible), dtype=np.int64)
    rhs = max(0, len(earlier) - rule.count)
    row = Expected((rule.rule, name, ()), ">=", rhs, members, np.ones(len(members), dtype=np.int64))
    yield stated.breach(rule, row, 1)


AUDITS = (RuleAudit((Moves,), recount=recount, rows=rows),)
