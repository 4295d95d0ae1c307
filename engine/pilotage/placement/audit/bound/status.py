"""Whether a plan's status is what its figures support: the audit's own bound, and its own search where that is open."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pilotage.domain.findings.explanation import Check, ProvenHow
from pilotage.domain.plan import ProvenBy, Status, closed
from pilotage.placement.audit.bound.dual_bound import Proof
from pilotage.placement.audit.bound.exact_search import Searched, search
from pilotage.placement.audit.case import AuditCase, Claim
from pilotage.placement.audit.expected import Expected

LP_TOLERANCE = 1e-9  # of the bound: the solver sums the same whole numbers, and tells them as a float


@dataclass(frozen=True)
class Proven:
    """What the audit proves alone: checks, the gap as a share of the objective, and how it was proven."""

    checks: tuple[Check, ...]
    gap: float | None
    how: ProvenHow


def bound_checks(case: AuditCase, claim: Claim, proof: Proof | None) -> Iterator[Check]:
    """Yield whether the bounds that the plan states are what its duals prove."""
    plan, scale = claim.plan, claim.problem.scale
    if proof is None:
        yield Check("bound_lp", False, "the plan's duals are not one for each post and each row")
        return
    bound = proof.bound
    stated = plan.bound_lp
    near = stated is not None and abs(float(bound) - stated) <= LP_TOLERANCE * max(1.0, abs(stated))
    differs = f"the duals prove {float(bound)}, the plan says {plan.bound_lp}"
    holds = f"no plan is worth more than {float(bound) / scale:,.3f} {case.unit}"
    yield Check("bound_lp", near, holds if near else differs)
    inside = plan.objective is not None and plan.bound is not None and plan.objective <= plan.bound <= bound
    differs = f"objective {plan.objective}, bound {plan.bound}, proven by the duals {float(bound)}"
    yield Check("bound", inside, "objective <= bound <= what the duals prove" if inside else differs)


def proven(case: AuditCase, claim: Claim, rows: Sequence[Expected], proof: Proof | None) -> Proven:
    """Return the check of the status, and what the audit proves alone."""
    plan = claim.plan
    if plan.objective is None or plan.bound is None or plan.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return Proven((Check("status", False, f"{plan.status} with objective {plan.objective}"),), None, ProvenHow.NONE)
    wrong = list(_unsupported(claim, proof))
    if proof is None:
        return Proven((_status(claim, wrong, "nothing is proven"),), None, ProvenHow.NONE)
    bound, how = math.floor(proof.bound), ProvenHow.LINEAR
    rounding = claim.placeable * case.scaled
    if plan.status is Status.OPTIMAL and not closed(plan.objective, bound, claim.problem.scale):
        searched = search(case, claim, rows, proof)
        wrong += _better(case, claim, searched)
        if searched.bound is not None:
            bound, how, rounding = searched.bound, ProvenHow.SEARCH, 0
    above = max(0, bound - plan.objective) + rounding
    gap = above / max(claim.problem.scale, abs(plan.objective))
    return Proven((_status(claim, wrong, _words(how, gap)),), gap, how)


def _unsupported(claim: Claim, proof: Proof | None) -> Iterator[str]:
    """Yield why the figures do not support the status."""
    plan, objective, bound = claim.plan, claim.plan.objective or 0, claim.plan.bound or 0
    if objective > bound:
        yield f"the objective {objective:,} is above the bound {bound:,}"
    if plan.status is Status.OPTIMAL and not closed(objective, bound, claim.problem.scale):
        yield f"called optimal, and {bound - objective:,} units are left to the bound"
    if proof is not None and plan.proven_by is ProvenBy.LINEAR and bound < math.floor(proof.bound):
        yield f"called proven by the linear programme, which proves {math.floor(proof.bound):,}, not {bound:,}"


def _better(case: AuditCase, claim: Claim, searched: Searched) -> list[str]:
    if searched.better is None:
        return []
    return [f"a better plan exists: +{searched.better / claim.problem.scale:,.3f} {case.unit}"]


def _status(claim: Claim, wrong: list[str], words: str) -> Check:
    return Check("status", not wrong, "; ".join(wrong) or f"{claim.plan.status.value}: {words}")


def _words(how: ProvenHow, gap: float) -> str:
    if how is ProvenHow.SEARCH:
        return "proven again by the audit's own exact search"
    return f"the audit alone proves it within {gap:.4%}, by the linear programme"
