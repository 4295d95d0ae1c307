"""Between a minimum and a maximum, by number or share, of placements are for schools put forward by local knowledge.

minimum <= sum of x(l, p) over the counted posts p of these schools <= maximum; a share as
``placement_limits.share_of_placements`` says. A unit of breach is one placement.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pilotage.config.rules.case_quota import CaseQuota
from pilotage.domain.plan import Sense
from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName
from pilotage.placement.rules.placement_limits import count_of_placements, share_of_placements
from pilotage.placement.rules.traits import RuleTraits

Bools = NDArray[np.bool_]


def rows(named: RowName, rule: CaseQuota, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the limits: minimum and maximum, each by number and share."""
    counted, where = candidates.counted(rule.counts), "schools put forward"
    inside: Bools = np.isin(candidates.table["urn"], list(rule.put_forward().values()))
    limits: tuple[tuple[Sense, str, int | None, float | None], ...] = (
        (">=", "minimum", rule.minimum_count, rule.minimum_share),
        ("<=", "maximum", rule.maximum_count, rule.maximum_share),
    )
    for sense, side, count, share in limits:
        if count is not None:
            row = named.at(side, "number")
            yield count_of_placements(row, rule, candidates, (sense, count), inside & counted, where)
        if share is not None:
            row = named.at(side, "share")
            yield share_of_placements(row, rule, candidates, (sense, share), (inside, counted), where)


RULES = (RuleTraits((CaseQuota,), "counts", "placement", rows=rows),)
