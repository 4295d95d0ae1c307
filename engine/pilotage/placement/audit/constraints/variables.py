"""The problem's integer variables against those that rules, shared pupils and the worst draws ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from pilotage.domain.explanation import Check
from pilotage.domain.plan import Auxiliary
from pilotage.placement.audit.case import AuditCase, Claim
from pilotage.placement.audit.expected import Expected, Identity, Variable, plain

Worthy = tuple[int, int, int]  # benefit of a unit, and the least range that leaves every plan possible


def variable_checks(case: AuditCase, claim: Claim, rows: dict[Identity, Expected]) -> Iterator[Check]:
    """Yield whether each integer variable is worth and bounded as its rule asks, so that no plan is cut off."""
    wanted = {variable.identity: variable for row in rows.values() for variable in row.variables}
    wrong, names = [], [(named.kind, named.key, plain(named.part)) for named in claim.problem.auxiliaries]
    for auxiliary, name in zip(claim.problem.auxiliaries, names, strict=True):
        right = _worst_draws_variable(case, claim) if auxiliary.kind == "worst_draws" else None
        right = right or _share_variable(case, claim, auxiliary)
        right = right or _as_asked(case, wanted.get(name))
        if right is None:
            wrong.append(f"{auxiliary.name} is asked for by no rule")
        elif auxiliary.benefit != right[0] or auxiliary.lower > right[1] or auxiliary.upper < right[2]:
            limits = f"worth {auxiliary.benefit:,} from {auxiliary.lower:,} to {auxiliary.upper:,}"
            wrong.append(f"{auxiliary.name}: {limits}, derived {right[0]:,} from {right[1]:,} to {right[2]:,}")
    wrong += [
        f"{', '.join(map(str, name))} is there {count} times" for name, count in Counter(names).items() if count > 1
    ]
    yield Check("variables", not wrong, "; ".join(wrong[:10]) or f"{len(names):,} variables, worth what rules ask")


def _as_asked(case: AuditCase, variable: Variable | None) -> Worthy | None:
    return None if variable is None else (variable.benefit * case.scaled, 0, variable.most)


def _share_variable(case: AuditCase, claim: Claim, auxiliary: Auxiliary) -> Worthy | None:
    shared, part = claim.problem.shared, plain(auxiliary.part)
    if shared is None or auxiliary.kind != "shared_pupils" or len(part) != 1 or part[0] not in shared.urns.tolist():
        return None
    mine = shared.school == int(np.searchsorted(shared.urns, part[0]))
    post, total = claim.problem.post[shared.pair[mine]], shared.gain[mine].sum(axis=1)
    return -case.scaled, 0, sum(int(total[post == number].max()) for number in np.unique(post))


def _worst_draws_variable(case: AuditCase, claim: Claim) -> Worthy | None:
    if case.cvar is None:
        return None
    low, high = (int(value) for value in (case.cvar.draws.min(initial=0), case.cvar.draws.max(initial=0)))
    reach = claim.placeable * case.cvar.worst
    return case.cvar.weight.numerator, low * reach, high * reach
