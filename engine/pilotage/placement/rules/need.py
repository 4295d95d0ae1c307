"""Only schools of high need receive a leader, and those that a rule puts forward.

A post p takes nobody unless need(p) >= the threshold of its school: the ``minimum``, or the need of the last school of
the top share, by default of the schools of the same phase. A unit of breach is one placement.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.need import LOW, UNKNOWN, NeedThreshold
from pilotage.config.scenario import Scenario
from pilotage.domain.words import plural
from pilotage.errors import Problem
from pilotage.placement.context import Context
from pilotage.placement.rules.traits import ClosesPosts, RuleTraits


def why(rule: NeedThreshold, context: Context, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return why each row's school (urn) is barred: below the threshold and not put forward."""
    reason = reasons(rule, context).reindex(table["urn"])
    unseen = UNKNOWN.code if rule.unknown == "bar" else ""
    barred = ~table["urn"].isin(put_forward(context.scenario)).to_numpy()
    return np.where(barred, reason.fillna(unseen).to_numpy(dtype=object), "").astype(object)


def reasons(rule: NeedThreshold, context: Context) -> pd.Series:
    """Return, by URN of the schools in scope, why its need bars a school; empty text where it does not."""
    need = context.need
    unknown = UNKNOWN.code if rule.unknown == "bar" else ""
    low = np.where(need >= thresholds(rule, context), "", LOW.code)
    return pd.Series(np.where(need.isna(), unknown, low), index=need.index, dtype=object)


def thresholds(rule: NeedThreshold, context: Context) -> pd.Series:
    """Return the least need that lets a school in, by URN of the schools in scope; null where none is known."""
    need = context.need
    if rule.top_share is None:
        return pd.Series(float(rule.minimum or 0.0), index=need.index)
    share = rule.top_share
    if rule.within == "all":
        return pd.Series(last_of_share(need, share), index=need.index)
    phase = context.phases.reindex(need.index).to_numpy(dtype=object)
    least: pd.Series = need.groupby(phase).transform(lambda known: last_of_share(known, share))
    return least


def last_of_share(need: pd.Series, share: float) -> float:
    """Return the need of the last of the top share of the schools of known need; schools as needy are in it too."""
    known = np.sort(need.dropna().to_numpy(dtype=float))[::-1]
    return float(known[max(1, round(share * len(known))) - 1]) if len(known) else np.nan


def put_forward(scenario: Scenario) -> list[int]:
    """Return the URNs that any rule puts forward."""
    return sorted({urn for rule in scenario.rules.values() for urn in rule.put_forward().values()})


def leaves_no_school(key: str, rule: NeedThreshold, context: Context) -> Iterator[Problem]:
    """Yield that the threshold lets in no school in scope, where it does not; a priced one lets in every school."""
    need = context.need
    forward = need.index.isin(put_forward(context.scenario))
    if rule.breach_price() is not None or need.empty or forward.any() or (reasons(rule, context) == "").any():
        return
    known, schools = int(need.notna().sum()), plural(len(need), "school")
    highest = f"; the highest need is {need.max():.2%}" if known else ""
    what = f"lets in none of the {schools} in scope: need is known of {known:,}{highest}"
    do = "lower it, put schools forward by a rule case_quota, or remove the rule with null"
    yield Problem(f"rules.{key}", what, "a threshold that at least one school reaches", do)


RULES = (
    RuleTraits(
        (NeedThreshold,),
        "bars",
        "post",
        closes=ClosesPosts(why, why_no_support=why, needs_need=True),
        faults=leaves_no_school,
    ),
)
