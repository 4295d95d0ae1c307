"""Who proved how good the plan is: the solver, and the audit by itself; and what a failed audit means."""

from __future__ import annotations

from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.findings.explanation import Audit, ProvenHow
from pilotage.domain.plan import PROVEN, ProvenBy, Status
from pilotage.report.words import number, plural, pupil_months

NOT_TO_BE_USED = "Not to be used: the audit failed"


def failure(record: RunRecord) -> str | None:
    """Return what every output says first where an audit failed; None where every check holds."""
    if record.clean:
        return None
    names = ", ".join(check.name for check in record.failed_checks)
    return f"{NOT_TO_BE_USED}. What does not hold: {names}."


def proven(record: RunRecord) -> str:
    """Return how far the plan is proven to be the best, and who proved it."""
    if not record.clean:
        return f"{NOT_TO_BE_USED}, so nothing is said of how good the plan is."
    pairs = f"over all {plural(len(record.problem.benefit), 'possible pair')} of leader and post"
    if record.plan.status is not Status.OPTIMAL:
        return f"{_not_proven(record, pairs)} {audit_alone(record.audit)}".strip()
    gap = record.audit.proven_gap
    twice = gap is not None and gap <= PROVEN and record.audit.proven_how is not ProvenHow.NONE
    best = f"Proven best{' twice' if twice else ''}: under the rules of this scenario no plan scores"
    best += f" {_higher(record)}, {pairs}"
    return f"{best}. {_who(record, twice)}".strip()


def _higher(record: RunRecord) -> str:
    """Return ``higher``, with how much higher a plan could score while this one still counts as proven best."""
    objective, bound = record.plan.objective, record.plan.bound
    if objective is None or bound is None or bound == objective:
        return "higher"
    more = number(pupil_months(record, bound - objective), 3)
    return f"over {more} pupil-months (one part in {1 / PROVEN:,.0f} of the score) higher"


def _who(record: RunRecord, twice: bool) -> str:
    """Return who proved a plan best: the solver, and the audit as far as it goes."""
    plan, audit = record.plan, record.audit
    solver = f" ({plan.solver})" if plan.solver else ""
    if plan.proven_by is ProvenBy.LINEAR:
        by = f"by the linear programme's duals{solver}"
    elif plan.proven_by is ProvenBy.SEARCH:
        by = f"by the integer solver{solver}"
    else:
        return audit_alone(audit)
    if not twice:
        return f"Proven {by}. {audit_alone(audit)}".strip()
    if audit.proven_how is ProvenHow.SEARCH:
        return f"Proven {by}, and again by the audit's own exact search."
    if plan.proven_by is ProvenBy.LINEAR:
        return f"Proven {by}, and by the audit, which sums them again in exact arithmetic."
    return f"Proven {by}, and by the audit, which sums the linear programme's duals in exact arithmetic."


def audit_alone(audit: Audit) -> str:
    """Return what the audit proves by itself."""
    if audit.proven_how is ProvenHow.NONE or audit.proven_gap is None:
        return ""
    if audit.proven_gap <= PROVEN:
        return "The audit alone, in exact arithmetic, proves it best."
    return f"The audit alone, in exact arithmetic, proves it within {_small(audit.proven_gap)} of the best."


def _not_proven(record: RunRecord, pairs: str) -> str:
    gap, asked = record.plan.gap, record.scenario.solver.gap
    if gap is None:
        return "Not proven best: how far a better plan could go is not known."
    most = "less than 0.1%" if gap < 0.001 else f"at most {gap:.1%}"
    ended = f"The search stopped at the gap asked for ({asked:.2%})" if 0 < gap <= asked else "Time ran out"
    return f"{ended}: a better plan may exist, but it can score {most} higher, {pairs}."


def _small(share: float) -> str:
    """Return a share above ``PROVEN`` rounded up, so that it never says more than is proven."""
    decimals = next((few for few in (1, 2, 3) if share >= 10.0 ** -(few + 2)), 4)
    step = 10.0 ** -(decimals + 2)
    return f"{-(-share // step) * step:.{decimals}%}"


def audit_words(record: RunRecord) -> str:
    """Return what the audit came to, in one sentence."""
    stated = failure(record)
    if stated is not None:
        return stated
    checks = plural(len(record.audit.checks), "check")
    return f"All rules checked independently: {checks} made without the solver, all hold."


def proof_facts(record: RunRecord) -> dict[str, Any]:
    """Return who proved what, for the JSON files."""
    plan, audit = record.plan, record.audit
    return {
        "in_words": proven(record),
        "proven_by": None if plan.proven_by is None else plan.proven_by.value,
        "solver": plan.solver or None,
        "audit_proven_gap": audit.proven_gap,
        "audit_proven_how": audit.proven_how.value,
    }
