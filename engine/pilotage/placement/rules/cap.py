"""At most so many placements in any one authority, trust or region.

For each group g that could exceed it: sum of x(l, p) over the counted posts p in g <= count. A unit of breach is one
placement. Where the rule names places or trusts, only their posts count.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.cap import PlaceCap, TrustCap
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName
from pilotage.placement.rules.placement_limits import count_of_placements
from pilotage.placement.rules.traits import RuleTraits

Bools = NDArray[np.bool_]

COLUMNS = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}


def rows(named: RowName, rule: PlaceCap | TrustCap, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the cap of each authority, trust or region that could exceed it."""
    group, counted = candidates.table[COLUMNS[rule.rule]].to_numpy(), candidates.counted(rule.counts)
    if rule.areas:
        counted = counted & candidates.at_schools(candidates.place_names.urns(rule.areas))
    if isinstance(rule, TrustCap) and rule.trusts:
        counted = counted & np.isin(group.astype(str), rule.trusts)
    for value in _reach(candidates, group, counted, rule.count):
        inside = counted & (group == value)
        yield count_of_placements(named.at(value), rule, candidates, ("<=", rule.count), inside, value)


def _reach(candidates: Candidates, group: NDArray[np.object_], counted: Bools, count: int) -> list[str]:
    """Return the groups, sorted, in which more than ``count`` posts could be filled by the leaders who may go there."""
    posts = pd.Series(group[counted]).value_counts()
    crowded = pd.Index(sorted(posts.index[posts > count]))
    number = np.where(counted, crowded.get_indexer(pd.Index(group)), -1)[candidates.post]
    seen = np.zeros((len(crowded), len(candidates.leaders)), dtype=bool)
    seen[number[number >= 0], candidates.leader[number >= 0]] = True
    hands = seen @ candidates.capacity
    return [str(value) for value, most in zip(crowded, hands.tolist(), strict=True) if most > count]


RULES = (RuleTraits((PlaceCap, TrustCap), "counts", "placement", rows=rows),)
