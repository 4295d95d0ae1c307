"""At least a share of the benefit is in the most deprived schools in scope.

sum of b(l, p) x(l, p) over posts p of these schools >= share x (sum of b(l, p) x(l, p) over all pairs), b the benefit
in integer units; times the share's denominator, all is on the left. A unit of breach is one pupil-month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from pilotage.config.part import fraction
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.placement.candidates import SCALE, Candidates
from pilotage.placement.cohorts import deprivation
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, softened
from pilotage.placement.rules.traits import RuleTraits


def rows(named: RowName, rule: DeprivedShare, candidates: Candidates) -> Iterator[Constraint]:
    """Yield the constraint, over the benefit itself: what priced rules charge is no part of it."""
    urns = most_deprived(deprivation(candidates.panel), candidates.urns, rule.most_deprived)
    inside = np.isin(candidates.of_school("urn"), urns)
    part = fraction(rule.share)
    benefit = np.rint(candidates.pairs["benefit"].to_numpy(dtype=np.float64) * SCALE).astype(np.int64)
    weights = benefit * np.where(inside, part.denominator - part.numerator, -part.numerator)
    label = f"at least {rule.share:.0%} of the benefit in the most deprived {rule.most_deprived:.0%} of schools"
    row = constraint(replace(named, share=rule.share), label, (">=", 0), np.arange(len(weights)), weights)
    yield softened(row, rule, candidates, part.denominator * SCALE, "pupil-month too few")


def most_deprived(deprived: pd.Series, urns: np.ndarray, part: float) -> np.ndarray:
    """Return the URNs of the most deprived part of the schools in scope whose deprivation is known; ties by URN."""
    known = deprived.reindex(urns).dropna()
    order = np.lexsort((known.index.to_numpy(), -known.to_numpy()))
    count = round(part * len(known))
    return np.sort(known.index.to_numpy()[order[:count]])


RULES = (RuleTraits((DeprivedShare,), "counts", "pupil_month", "share", rows),)
