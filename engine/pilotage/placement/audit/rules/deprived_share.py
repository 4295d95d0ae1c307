"""A share of the benefit for the most deprived schools."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from pilotage.config.part import fraction
from pilotage.config.rules.deprived_share import DeprivedShare
from pilotage.placement.audit.case import UNITS, AuditCase
from pilotage.placement.audit.counting import Counted, RuleCount
from pilotage.placement.audit.expected import Expected, Stated
from pilotage.placement.audit.rule_audit import RuleAudit
from pilotage.placement.audit.values.figures import last_known
from pilotage.placement.audit.values.objective import benefit_units


def recount(name: str, rule: DeprivedShare, counted: Counted) -> RuleCount:
    """Add up the benefit in the most deprived schools, in whole pupil-months that are missing."""
    schools, worth = _most_deprived(counted.case, rule.most_deprived), counted.placements["worth"]
    inside, whole = int(worth[counted.placements["urn"].isin(schools)].sum()), int(worth.sum())
    needed = fraction(rule.share) * whole
    units = max(0, math.ceil((needed - inside) / UNITS))
    words = f"{inside / UNITS:,.1f} of {whole / UNITS:,.1f} pupil-months in the most deprived schools"
    return RuleCount(units, (f"{words}, under {rule.share:.0%}",) if units else (), words)


def rows(name: str, rule: DeprivedShare, stated: Stated) -> Iterator[Expected]:
    """Yield the row of the share of the benefit."""
    problem, part = stated.claim.problem, fraction(rule.share)
    inside = np.isin(problem.urns, _most_deprived(stated.case, rule.most_deprived))[problem.post]
    weights = benefit_units(stated.case) * (inside.astype(np.int64) * part.denominator - part.numerator)
    row = Expected((rule.rule, name, ()), ">=", 0, np.arange(len(weights), dtype=np.int64), weights)
    yield stated.breach(rule, row, part.denominator * UNITS)


def _most_deprived(case: AuditCase, part: float) -> list[int]:
    """Return the schools of the most deprived part of those in scope whose share is known; ties by URN."""
    shares = last_known(case, "fsm_share") | last_known(case, "fsm6_share")
    known = sorted((-shares[urn], urn) for urn in case.urns.tolist() if urn in shares)
    return [urn for _, urn in known[: round(part * len(known))]]


AUDITS = (RuleAudit((DeprivedShare,), recount=recount, rows=rows),)
