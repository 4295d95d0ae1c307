"""Schools of high need, and those put forward."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.need import NeedThreshold
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit


def satisfied(rule: NeedThreshold, pairs: PairTable) -> pd.Series:
    """Return the pairs whose school has need enough, or is exempt; support is only for such schools too."""
    known = pairs.need.dropna().sort_values(ascending=False)
    least: float | None = rule.minimum
    if rule.top_share is not None:
        least = known.iloc[max(1, round(rule.top_share * len(known))) - 1] if len(known) else 0.0
    urn = pairs.frame["urn"]
    own = urn.map(pairs.need)
    return (own >= least) | (own.isna() & (rule.unknown == "keep")) | urn.isin(pairs.exempt)


AUDITS = (RuleAudit((NeedThreshold,), satisfied=satisfied, for_support=True),)
