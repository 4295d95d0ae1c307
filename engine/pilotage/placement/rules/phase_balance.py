"""Each phase's share of the placements lies between its minimum and its maximum.

For each phase: minimum x n <= sum of x(l, p) over the counted posts p of the phase <= maximum x n, n being the sum over
all counted posts (see ``placement_limits.share_of_placements``). A unit of breach is one placement.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName
from pilotage.placement.rules.placement_limits import share_of_placements
from pilotage.placement.rules.traits import RuleTraits


def rows(named: RowName, rule: PhaseBalance, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limits: each phase's share of the placements lies between its minimum and its maximum."""
    phase, counted = candidates.table["phase"], candidates.counted(rule.counts)
    for name, limits in rule.shares.items():
        posts = np.asarray(phase == name, dtype=bool), counted
        where = f"{name.replace('_', ' ')} schools"
        if limits.minimum > 0:
            yield share_of_placements(named.at(name, "minimum"), rule, candidates, (">=", limits.minimum), posts, where)
        if limits.maximum < 1:
            yield share_of_placements(named.at(name, "maximum"), rule, candidates, ("<=", limits.maximum), posts, where)


RULES = (RuleTraits((PhaseBalance,), "counts", "placement", rows=rows),)
