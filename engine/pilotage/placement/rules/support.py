"""A school has its leader in post supported, or a new head placed, not both.

For each school s that may be supported, with n_s posts of heads: ``sum of x(head posts of s) + n_s x(support of s)
<= n_s``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.placement.candidates import Candidates
from pilotage.placement.rules.constraint import Constraint, RowName, constraint
from pilotage.placement.rules.traits import RuleTraits

RULE = "support_or_head"
HEADS = ("head", "executive")  # levels of who leads a school


def support_or_head(candidates: Candidates) -> Iterator[Constraint]:
    """A school whose leader in post is supported receives no head and no executive leader."""
    table, fillable = candidates.table, candidates.fillable
    support = np.flatnonzero(candidates.supports & fillable)
    heads = np.flatnonzero(table["level"].isin(HEADS).to_numpy() & fillable)
    of_school = pd.Series(heads).groupby(table["urn"].to_numpy()[heads]).agg(list)
    for post in support.tolist():
        urn = int(table["urn"][post])
        mine = of_school.get(urn)
        if mine is not None:
            members = np.array([*mine, post], dtype=np.int64)
            weights = np.array([*[1] * len(mine), len(mine)], dtype=np.int64)
            label = "a school has its head supported or a new one placed, not both"
            named = RowName(RULE, "support", (urn,), measure="structure", unit="school")
            yield constraint(named, label, ("<=", len(mine)), members, weights, "post")


RULES = (RuleTraits((), "counts", "school", "structure", always=support_or_head),)
