"""The school's consent to receive a leader."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.consent import Consent
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit


def satisfied(rule: Consent, pairs: PairTable) -> pd.Series:
    """Return the pairs whose post has the consent that the rule asks for."""
    return pairs.frame["consent"].isin(["yes", "unknown"] if rule.accept_unknown else ["yes"])


AUDITS = (RuleAudit((Consent,), satisfied=satisfied),)
