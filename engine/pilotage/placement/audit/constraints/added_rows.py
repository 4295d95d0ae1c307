"""Rows that no rule asks for, and whether each is true of every plan: shared pupils by rates, sums of draws."""

from __future__ import annotations

import numpy as np

from pilotage.domain.explanation import Check
from pilotage.domain.plan import Row
from pilotage.placement.audit.case import AuditCase, Claim
from pilotage.placement.audit.constraints.comparison import NOT_OF_RULES
from pilotage.placement.audit.values.shared_pupils import RULE as SHARED
from pilotage.placement.audit.values.shared_pupils import cut_of, rates_of


def added_rows_check(case: AuditCase, claim: Claim) -> Check:
    """Return whether each row that the solver added is true of every plan: made again from its rates or its draws."""
    rows = [row for row in claim.problem.rows if row.rule in NOT_OF_RULES]
    rows += claim.plan.cuts
    wrong = [row.name for row in rows if not _sound(case, claim, row)]
    texts = [f"{name} does not hold for every plan" for name in wrong]
    return Check("cuts", not texts, "; ".join(texts[:10]) or f"{len(rows):,} rows added, each true of every plan")


def _sound(case: AuditCase, claim: Claim, row: Row) -> bool:
    if row.over != "pair" or row.sense != "<=":
        return False
    if row.rule == SHARED:
        return _sound_share(claim, row)
    return row.rule in NOT_OF_RULES and _sound_sum(case, claim, row)


def _sound_share(claim: Claim, row: Row) -> bool:
    shared = claim.problem.shared
    readable = None if shared is None else rates_of(row, shared.units.shape[1])
    if shared is None or readable is None or readable[0] not in shared.urns:
        return False
    school = int(np.searchsorted(shared.urns, readable[0]))
    rhs, weights, loss = cut_of(shared, school, readable[1])
    stated = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
    mine = dict(zip(shared.pair[shared.school == school].tolist(), weights.tolist(), strict=True))
    same = {pair: weight for pair, weight in stated.items() if weight} == {p: w for p, w in mine.items() if w}
    variables = dict(zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True))
    return same and row.rhs == rhs and variables == {int(shared.auxiliary[school]): loss}


def _sound_sum(case: AuditCase, claim: Claim, row: Row) -> bool:
    """Return whether a row bounds the worst draws by the sum over as many draws as are the worst."""
    draws = [number for number in row.part if isinstance(number, int)]
    if case.cvar is None or len(set(draws)) != case.cvar.worst or not all(0 <= d < len(case.cvar.draws) for d in draws):
        return False
    weights = np.zeros(len(claim.problem.benefit), dtype=np.int64)
    weights[row.members] = row.weights
    kinds = [claim.problem.auxiliaries[number].kind for number in row.auxiliaries.tolist()]
    summed = -case.cvar.draws[sorted(set(draws))].sum(axis=0, dtype=np.int64)
    sums = kinds == ["worst_draws"] and row.auxiliary_weights.tolist() == [1] and row.rhs == 0
    return sums and bool((summed == weights).all())
