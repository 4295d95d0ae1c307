"""Schools that somebody supports already, looked up again."""

from __future__ import annotations

import pandas as pd

from pilotage.config.rules.leave_out_supported import LeaveOutSupported
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit
from pilotage.placement.audit.support_tables import SUPPORT


def satisfied(rule: LeaveOutSupported, pairs: PairTable) -> pd.Series:
    """Return the pairs at schools that nobody supports yet whom the rule names, and those that it does not speak of."""
    wanted = _names(";".join(rule.by))
    left_out = [urn for urn, cell in pairs.supported.items() if not wanted or wanted & _names(str(cell))]
    support = pairs.frame["level"] == SUPPORT
    spoken_of = {"place": ~support, "support": support, "both": support | ~support}[rule.what]
    return ~(pairs.frame["urn"].isin(left_out) & spoken_of)


def _names(cell: str) -> set[str]:
    """Return the names that a cell lists, in small letters."""
    return {" ".join(name.lower().split()) for name in cell.split(";")} - {""}


AUDITS = (RuleAudit((LeaveOutSupported,), satisfied=satisfied, for_support=True),)
