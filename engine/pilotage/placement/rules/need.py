"""Only schools of high need receive a leader, and those that a rule puts forward.

A post p takes nobody unless need(p) >= the threshold: the ``minimum``, or the need of the last school of the top share.
A unit of breach is one placement.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.need import LOW, UNKNOWN, NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.placement.context import Context
from pilotage.placement.rules.traits import ClosesPosts, RuleTraits


def why(rule: NeedThreshold, context: Context, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return why each row's school (urn) is barred: below the threshold and not put forward."""
    need = context.need.reindex(table["urn"]).to_numpy(dtype=float)
    low = np.where(np.isnan(need), rule.unknown == "bar", need < threshold(rule, context.need))
    barred = low & ~table["urn"].isin(put_forward(context.scenario)).to_numpy()
    return np.where(barred, np.where(np.isnan(need), UNKNOWN.code, LOW.code), "").astype(object)


def threshold(rule: NeedThreshold, need: pd.Series) -> float:
    """Return the least need that the rule lets through; schools as needy as the last of the top share are in it."""
    if rule.minimum is not None or rule.top_share is None:
        return float(rule.minimum or 0.0)
    known = np.sort(need.dropna().to_numpy(dtype=float))[::-1]
    count = max(1, round(rule.top_share * len(known)))
    return float(known[min(count, len(known)) - 1]) if len(known) else 0.0


def put_forward(scenario: Scenario) -> list[int]:
    """Return the URNs that any rule puts forward."""
    return sorted({urn for rule in scenario.rules.values() for urn in rule.put_forward().values()})


RULES = (RuleTraits((NeedThreshold,), "bars", "post", closes=ClosesPosts(why, binds_support=True, needs_need=True)),)
