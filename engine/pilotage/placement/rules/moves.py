"""At most so many placements and asks of an earlier plan are given up, those that are not eligible now included.

sum of x(l, p) over the pairs of the earlier plan >= (their number - count). A unit of breach is one placement given up.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.config.rules.moves import Moves
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened
from pilotage.placement.rules.traits import RuleTraits


def rows(named: RowName, rule: Moves, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limit on earlier placements given up, those that are not eligible now included."""
    earlier = candidates.earlier[named.key]
    places = {leader: number for number, leader in enumerate(candidates.leaders["leader_id"])}
    posts = {post: number for number, post in enumerate(candidates.table["post_id"])}
    wanted = (earlier["leader_id"].map(places) * len(posts) + earlier["post_id"].map(posts)).dropna()
    members = np.flatnonzero(
        np.isin(candidates.leader.astype(np.int64) * len(posts) + candidates.post, wanted.to_numpy(dtype=np.int64))
    )
    what = "placements" if rule.earlier_asks is None else "placements and asks"
    label = f"at most {rule.count} of the {len(earlier)} {what} of the earlier plan given up"
    row = constraint(named, label, (">=", max(0, len(earlier) - rule.count)), members)
    yield softened(row, rule, candidates, 1, "placement given up too many")


RULES = (RuleTraits((Moves,), "counts", "placement", rows=rows),)
