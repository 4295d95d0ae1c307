"""Schools that somebody supports already are left out: of leaders, of support of their leader in post, or of both.

A post p takes nobody, and school s gets no support, if on the day of the plan one of the names of the rule (any, where
it has none) is among supported_by(s).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.leave_out_supported import SUPPORTED, LeaveOutSupported
from pilotage.domain.known_schools import SUPPORTED_BY, supporters_of
from pilotage.placement.context import Context
from pilotage.placement.rules.traits import ClosesPosts, RuleTraits

Codes = NDArray[np.object_]


def why_no_leader(rule: LeaveOutSupported, context: Context, table: pd.DataFrame) -> Codes:
    """Return which posts are at schools that the rule leaves out of placing, shape (posts,)."""
    return _codes(rule, table, asked=rule.what != "support")


def why_no_support(rule: LeaveOutSupported, context: Context, schools: pd.DataFrame) -> Codes:
    """Return which schools the rule leaves out of support, shape (schools,)."""
    return _codes(rule, schools, asked=rule.what != "place")


def _codes(rule: LeaveOutSupported, table: pd.DataFrame, *, asked: bool) -> Codes:
    wanted = {name for given in rule.by for name in supporters_of(given)}
    cells = [supporters_of(cell) for cell in table[SUPPORTED_BY]]
    barred = [asked and bool(names) and (not wanted or not wanted.isdisjoint(names)) for names in cells]
    return np.where(np.array(barred, dtype=bool), SUPPORTED.code, "").astype(object)


RULES = (
    RuleTraits((LeaveOutSupported,), "bars", "post", closes=ClosesPosts(why_no_leader, why_no_support=why_no_support)),
)
