"""Placements for schools that local knowledge puts forward; they are eligible whatever their need."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pilotage.config.part import fraction
from pilotage.config.rules.case_quota import CaseQuota
from pilotage.domain.plan import Sense
from pilotage.placement.audit.counting import Counted, RuleCount, compared, summed
from pilotage.placement.audit.expected import Expected, Stated, count_row, share_row
from pilotage.placement.audit.rule_audit import RuleAudit


def exempts(rule: CaseQuota) -> list[int]:
    """Return the schools (URNs) put forward."""
    return [case.urn for case in rule.cases.values()]


def recount(name: str, rule: CaseQuota, counted: Counted) -> RuleCount:
    """Count the placements in schools put forward."""
    urn = counted.placements_of(rule.counts)["urn"]
    number, whole = int(urn.isin(exempts(rule)).sum()), len(urn)
    counts = [None if limit is None else Fraction(limit) for limit in (rule.minimum_count, rule.maximum_count)]
    shares = [None if limit is None else fraction(limit) * whole for limit in (rule.minimum_share, rule.maximum_share)]
    limits = [(least, most) for least, most in (counts, shares) if least is not None or most is not None]
    return summed([compared(least, most, number, whole, "schools put forward") for least, most in limits])


def rows(name: str, rule: CaseQuota, stated: Stated) -> Iterator[Expected]:
    """Yield a row for each limit given."""
    counted = stated.counted(rule.counts)
    inside = stated.case.posts.posts["urn"].isin(exempts(rule)).to_numpy(dtype=bool)
    ends: tuple[tuple[str, Sense, int | None, float | None], ...] = (
        ("minimum", ">=", rule.minimum_count, rule.minimum_share),
        ("maximum", "<=", rule.maximum_count, rule.maximum_share),
    )
    for end, sense, number, share in ends:
        if number is not None:
            identity = (rule.rule, name, (end, "number"))
            yield count_row(stated, rule, identity, (sense, number), inside & counted)
        if share is not None:
            identity = (rule.rule, name, (end, "share"))
            yield share_row(stated, rule, identity, (sense, share), (inside, counted))


AUDITS = (RuleAudit((CaseQuota,), recount=recount, rows=rows, exempts=exempts),)
