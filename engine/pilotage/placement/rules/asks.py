"""A leader takes one known post, or holds several prospects whose chances add up to at most one.

With K = ``asks_per_leader`` (also the leader's capacity) and pi(p) the chance that prospect p comes open and both sides
agree, in whole thousandths, rounded up, at least 1:

``K x(known posts of l) + x(prospects of l) <= K`` and ``1000 x(known) + sum of pi(p) x(l, p) <= 1000``.

The second is stated where K prospects of the leader could pass the limit: the first has the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.prospects import PER_MILLE, prospects_in
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName, constraint
from pilotage.placement.rules.traits import RuleTraits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RULE = "asks"
NOISE = 1e-6  # thousandths: what the last digits of a product may add


def asks(candidates: Candidates) -> Iterator[Constraint]:
    """Yield the rows of each leader who may hold several prospects."""
    stated = candidates.scenario.pool.prospects
    if stated is None or stated.asks_per_leader == 1:
        return  # a capacity of one says it all
    asked = prospects_in(candidates.table)[candidates.post]
    chance = thousandths(candidates.pairs["chance"].to_numpy(dtype=np.float64))
    for position in np.unique(candidates.leader[candidates.leader < candidates.people]).tolist():
        mine = candidates.of_leader(position)
        leader = str(candidates.leaders["leader_id"][position])
        yield from _of_leader(leader, mine, (asked[mine], chance[mine]), stated.asks_per_leader)


def _of_leader(leader: str, pairs: Ints, of: tuple[NDArray[np.bool_], Ints], most: int) -> Iterator[Constraint]:
    """Yield the rows of one leader; ``of``: which of the pairs are prospects, and their chances in thousandths."""
    asked, chance = of
    if len(pairs) > 1 and not asked.all():
        named = RowName(RULE, RULE, (leader, "known"), measure="structure")
        label = f"a leader takes one known post, or asks at up to {most} prospects"
        yield constraint(named, label, ("<=", most), pairs, np.where(asked, 1, most).astype(np.int64))
    if np.sort(chance[asked])[::-1][:most].sum() > PER_MILLE:
        named = RowName(RULE, RULE, (leader, "chance"), measure="structure")
        label = "the chances of what a leader asks for add up to at most one"
        yield constraint(named, label, ("<=", PER_MILLE), pairs, np.where(asked, chance, PER_MILLE))


def thousandths(chance: Floats) -> Ints:
    """Return chances in whole thousandths, rounded up, at least 1."""
    rounded: Ints = np.maximum(np.ceil(chance * PER_MILLE - NOISE), 1).astype(np.int64)
    return rounded


RULES = (RuleTraits((), "counts", "placement", "structure", always=asks),)
