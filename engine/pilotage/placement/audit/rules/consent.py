"""The school's consent to receive a leader."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.consent import Consent
from pilotage.domain.prospects import PROSPECT
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit


def satisfied(rule: Consent, pairs: PairTable) -> pd.Series:
    """Return the pairs whose post has the consent that the rule asks for, or is a prospect, not asked yet."""
    frame = pairs.frame
    agreed = frame["consent"].isin(["yes", "unknown"] if rule.accept_unknown else ["yes"])
    return agreed | frame[PROSPECT] if PROSPECT in frame else agreed


AUDITS = (RuleAudit((Consent,), satisfied=satisfied),)
