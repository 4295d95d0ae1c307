"""Shares of the placements by phase."""

from __future__ import annotations

from collections.abc import Iterator

from pilotage.config.part import fraction
from pilotage.config.rules.phase_balance import PhaseBalance
from pilotage.placement.audit.counting import Counted, RuleCount, compared, summed
from pilotage.placement.audit.expected import Expected, Stated, share_row
from pilotage.placement.audit.rule_audit import RuleAudit


def recount(name: str, rule: PhaseBalance, counted: Counted) -> RuleCount:
    """Count the placements of each phase named."""
    phases = counted.placements_of(rule.counts)["school_phase"]
    whole, parts = len(phases), list[RuleCount]()
    for phase, limits in rule.shares.items():
        least, most = fraction(limits.minimum) * whole, fraction(limits.maximum) * whole
        parts.append(compared(least, most, int((phases == phase).sum()), whole, f"{phase} schools"))
    return summed(parts)


def rows(name: str, rule: PhaseBalance, stated: Stated) -> Iterator[Expected]:
    """Yield a row for each share of a phase that a plan could miss."""
    for phase, limits in rule.shares.items():
        posts = (stated.case.sites["phase"] == phase).to_numpy(dtype=bool), stated.counted(rule.counts)
        if limits.minimum > 0:
            yield share_row(stated, rule, (rule.rule, name, (phase, "minimum")), (">=", limits.minimum), posts)
        if limits.maximum < 1:
            yield share_row(stated, rule, (rule.rule, name, (phase, "maximum")), ("<=", limits.maximum), posts)


AUDITS = (RuleAudit((PhaseBalance,), recount=recount, rows=rows),)
