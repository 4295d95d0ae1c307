"""A plan proved again from the tables: every rule, every figure, every constraint, the bound and the status.

The audit shares no code with valuation, eligibility, formulation and solver. Tables, scenario, forecast and evidence
are given; all that was made of them is a claim. ``docs/method/audit.md`` says what each check does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pilotage.domain.findings.explanation import Audit, Check
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.audit.bound.dual_bound import Proof, left_over, prove
from pilotage.placement.audit.bound.exact_search import MOST_PAIRS
from pilotage.placement.audit.bound.status import Proven, bound_checks, proven
from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.case import AuditCase, Capacities, Claim, Ints
from pilotage.placement.audit.constraints import added_rows, comparison, variables
from pilotage.placement.audit.eligibility import sample
from pilotage.placement.audit.eligibility.groups import Eligibility
from pilotage.placement.audit.expected import Expected, Identity, Stated
from pilotage.placement.audit.recount import recount_checks
from pilotage.placement.audit.values.figures import Figures
from pilotage.placement.audit.values.objective import objective_checks
from pilotage.placement.audit.values.pair_values import Worth
from pilotage.placement.audit.values.shared_pupils import share_checks


@dataclass(frozen=True)
class Derived:
    """What is derived before the checks: capacities, the rows that rules ask for, and what the plan's duals prove."""

    capacities: Capacities
    rows: dict[Identity, Expected]
    proof: Proof | None


def audit(case: AuditCase, problem: PlacementProblem, plan: PlacementPlan) -> Audit:
    """Return every check of a plan, each with what was counted."""
    return _timed(case, Claim(problem, plan), valued=True, proof=True)


def audit_as_valued(case: AuditCase, problem: PlacementProblem, plan: PlacementPlan) -> Audit:
    """Return every check but those of the pairs: who may go where and what pairs are worth is taken as given.

    For problems whose pairs and benefits are not made from the tables.
    """
    return _timed(case, Claim(problem, plan), valued=False, proof=True)


def audit_alternative(case: AuditCase, problem: PlacementProblem, plan: PlacementPlan, best: int) -> Audit:
    """Return every check of an alternative to a plan whose objective is ``best``; an alternative states no bound.

    The problem's pairs and their figures are those of the plan, and audited with it.
    """
    start, claim = time.perf_counter(), Claim(problem, plan)
    checks = _timed(case, claim, valued=False, proof=False).checks
    lost = best - (plan.objective or 0)
    allowed = Fraction(str(case.scenario.report.alternatives.loss)) * abs(best)
    words = f"{lost / problem.scale:,.1f} {case.unit} less than the best"
    near = Check("near_the_best", lost <= allowed, f"{words}, {float(allowed) / problem.scale:,.1f} allowed")
    return Audit((*checks, near), seconds=round(time.perf_counter() - start, 3))


def _timed(case: AuditCase, claim: Claim, *, valued: bool, proof: bool) -> Audit:
    start = time.perf_counter()
    capacities = capacities_of(case)
    readable = list(_readable(case, claim, capacities))
    unreadable = [check for check in readable if not check.holds]
    if unreadable:
        return Audit(tuple(unreadable), seconds=round(time.perf_counter() - start, 3))
    derived = _derived(case, claim, capacities, proof=proof)
    checks = [*readable, *_counted(case, claim, derived, valued=valued)]
    last = Proven((), None, Audit(()).proven_how)
    if proof:
        checks += bound_checks(case, claim, derived.proof)
        last = proven(case, claim, list(derived.rows.values()), derived.proof)
    checks += last.checks
    return Audit(tuple(checks), last.gap, last.how, round(time.perf_counter() - start, 3))


def _readable(case: AuditCase, claim: Claim, capacities: Capacities) -> Iterator[Check]:
    """Yield whether the problem's names are those of the tables, and the plan's pairs and variables the problem's."""
    yield from comparison.table_checks(case, claim, capacities)
    chosen, problem = claim.plan.chosen, claim.problem
    inside = bool(((chosen >= 0) & (chosen < len(problem.benefit))).all()) and bool((np.diff(chosen) > 0).all())
    yield Check("chosen_pairs", inside, f"{len(chosen):,} pairs of the problem, each once and in order")
    right = len(claim.plan.auxiliary) == len(problem.auxiliaries)
    yield Check("chosen_variables", right, f"{len(claim.plan.auxiliary):,} of {len(problem.auxiliaries):,} variables")
    yield comparison.position_check(case, claim)


def _derived(case: AuditCase, claim: Claim, capacities: Capacities, *, proof: bool) -> Derived:
    rows = comparison.derived(Stated(case, claim, capacities))
    return Derived(capacities, rows, prove(claim, _all_rows(claim)) if proof else None)


def _all_rows(claim: Claim) -> tuple[Row, ...]:
    return (*claim.problem.rows, *claim.plan.cuts)


def _counted(case: AuditCase, claim: Claim, derived: Derived, *, valued: bool) -> Iterator[Check]:
    """Yield the checks of pairs, rules, figures and constraints."""
    worth: dict[int, Worth] | None = None
    if valued:
        figures = Figures(case, derived.capacities)
        drawn = sample.draw(case, claim, _searched(claim, derived))
        rules = Eligibility(case, derived.capacities, figures.valued, claim.filled)
        yield from sample.eligibility_check(case, claim, drawn, rules)
        calculated = sample.calculated(figures, claim, drawn.inside)
        yield from sample.value_checks(case, claim, drawn, calculated)
        worth = dict(zip(drawn.inside.tolist(), calculated, strict=True))
    yield from recount_checks(case, claim, derived.capacities, worth)
    yield from objective_checks(case, claim)
    yield from share_checks(case, claim)
    yield from comparison.constraint_checks(claim, derived.rows)
    yield from variables.variable_checks(case, claim, derived.rows)
    yield added_rows.added_rows_check(case, claim)
    yield comparison.rows_hold_check(claim, _all_rows(claim))


def _searched(claim: Claim, derived: Derived) -> Ints:
    """Return the pairs that the audit's own search will look at, if they are few enough: all of them are calculated."""
    none = np.zeros(0, dtype=np.int64)
    if derived.proof is None or claim.plan.status is not Status.OPTIMAL or claim.plan.objective is None:
        return none
    pairs, _ = left_over(claim, derived.proof, claim.plan.objective + 1)
    return pairs if len(pairs) <= MOST_PAIRS else none
