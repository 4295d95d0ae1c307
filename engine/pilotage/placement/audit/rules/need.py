"""Schools of high need, and those put forward."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.need import NeedThreshold
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit


def satisfied(rule: NeedThreshold, pairs: PairTable) -> pd.Series:
    """Return the pairs whose school has need enough, or is exempt; support is only for such schools too."""
    urn = pairs.frame["urn"]
    own = urn.map(pairs.need)
    enough = own >= rule.minimum if rule.minimum is not None else urn.isin(_in_top_share(rule, pairs))
    return enough | (own.isna() & (rule.unknown == "keep")) | urn.isin(pairs.exempt)


def _in_top_share(rule: NeedThreshold, pairs: PairTable) -> list[int]:
    """Return the schools of the top share, counted down group by group; those as needy as the last are in it."""
    known = pairs.need.dropna().sort_values(ascending=False)
    groups = [known]
    if rule.within == "phase":
        phase = pairs.phases.loc[known.index]
        groups = [known[phase == name] for name in phase.unique()]
    urns: list[int] = []
    for group in groups:
        places = max(1, round((rule.top_share or 0.0) * len(group)))
        urns += group.index[group >= group.iloc[:places].min()].tolist()
    return urns


AUDITS = (RuleAudit((NeedThreshold,), satisfied=satisfied, for_support=True),)
