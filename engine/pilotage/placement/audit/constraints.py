"""The problem's constraints against those that the rules ask for: none too many, none missing, none altered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.teams import Teams
from pilotage.domain.explanation import Check
from pilotage.domain.plan import Auxiliary, Part, Row
from pilotage.placement.audit import expected_leaders as leaders
from pilotage.placement.audit.case import AuditCase, Claim, Ints
from pilotage.placement.audit.expected import COUNTING, Expected, Identity, Stated, Variable
from pilotage.placement.audit.shares import RULE as SHARED
from pilotage.placement.audit.shares import cut_of, rates_of

TAIL = "tail"
WRITERS = COUNTING | {ExecutiveSpan: leaders.spans, Teams: leaders.teams}


def derived(stated: Stated) -> dict[Identity, Expected]:
    """Return every row that the scenario asks for, by what it is about."""
    return {row.identity: row for row in _derived(stated)}


def _derived(stated: Stated) -> Iterator[Expected]:
    for name, rule in stated.case.scenario.rules.items():
        if type(rule) in WRITERS:
            yield from WRITERS[type(rule)](stated, name, rule)
    yield from leaders.support_or_head(stated)
    yield from leaders.terms(stated)
    yield from leaders.own_posts(stated)
    yield from leaders.pins(stated)


def identity_of(row: Row) -> Identity:
    """Return what a row is about."""
    return row.rule, row.key, plain(row.part)


def plain(part: Part) -> Part:
    """Return a part in plain numbers and words."""
    return tuple(int(one) if isinstance(one, int | np.integer) else str(one) for one in part)


def table_checks(case: AuditCase, claim: Claim) -> Iterator[Check]:
    """Yield whether leaders, posts, pairs and capacities of the problem are those of the tables."""
    problem, pairs = claim.problem, case.impact.pairs
    texts = [] if problem.leader_ids == tuple(case.pool.leaders["leader_id"]) else ["leaders"]
    texts += [] if problem.post_ids == tuple(case.posts.posts["post_id"]) else ["posts"]
    texts += [] if np.array_equal(problem.urns, case.posts.posts["urn"].to_numpy()) else ["schools of posts"]
    texts += [] if np.array_equal(problem.leader, pairs["leader_index"].to_numpy()) else ["leaders of pairs"]
    texts += [] if np.array_equal(problem.post, pairs["post_index"].to_numpy()) else ["posts of pairs"]
    place = problem.leader.astype(np.int64) * (len(problem.post_ids) + 1) + problem.post
    texts += [] if (place[1:] > place[:-1]).all() else ["pairs out of order, or twice"]
    yield Check("pairs", not texts, "; ".join(texts) or f"{len(problem.benefit):,} pairs, each once")
    if not texts:
        odd = np.flatnonzero(problem.capacities != case.capacities)[:10].tolist()
        wrong = [f"{problem.leader_ids[one]}: {problem.capacities[one]}, not {case.capacities[one]}" for one in odd]
        yield Check("capacities", not wrong, "; ".join(wrong) or f"{problem.capacities.sum():,} placements at most")


def position_check(case: AuditCase, claim: Claim) -> Check:
    """Return whether all that names pairs, posts, leaders, schools and variables by number names one that is there."""
    problem, yearly, shared = claim.problem, case.impact.yearly, claim.problem.shared
    sizes = {"pair": len(problem.benefit), "post": len(problem.post_ids), "leader": len(problem.leader_ids)}
    wrong, variables = list[str](), len(problem.auxiliaries)
    for row in (*problem.rows, *claim.plan.cuts):
        paired = len(row.members) == len(row.weights) and len(row.auxiliaries) == len(row.auxiliary_weights)
        sound = paired and _ascending(row.members, sizes[row.over])
        wrong += [] if sound and _within(row.auxiliaries, variables) else [f"row {row.name}"]
    if yearly is not None and not _ascending(yearly.pair, sizes["pair"]):
        wrong.append("pairs that add something in each year")
    if shared is not None and not (
        _ascending(shared.pair, sizes["pair"])
        and _within(shared.school, len(shared.urns))
        and _within(shared.auxiliary, variables)
        and len(shared.auxiliary) == len(shared.urns)
    ):
        wrong.append("pairs that share pupils")
    return Check("positions", not wrong, "; ".join(wrong[:10]) or "every number names something that is there")


def _within(positions: Ints, size: int) -> bool:
    return not len(positions) or bool(positions.min() >= 0 and positions.max() < size)


def _ascending(positions: Ints, size: int) -> bool:
    return _within(positions, size) and bool((np.diff(positions) > 0).all())


def constraint_checks(case: AuditCase, claim: Claim, rows: dict[Identity, Expected]) -> Iterator[Check]:
    """Yield whether the problem has the rows that the rules ask for, as they ask for them."""
    stated = [row for row in claim.problem.rows if row.rule not in (SHARED, TAIL)]
    names = Counter(identity_of(row) for row in stated)
    wrong = [f"{_words(one)} is missing" for one, row in rows.items() if row.needed and one not in names]
    wrong += [f"{_words(one)} is asked for by no rule" for one in names if one not in rows]
    wrong += [f"{_words(one)} is there {count} times" for one, count in names.items() if count > 1]
    yield Check("constraints", not wrong, "; ".join(wrong[:10]) or f"{len(stated):,} rows, each asked for by a rule")
    texts = [
        text for row in stated if identity_of(row) in rows for text in _altered(claim, row, rows[identity_of(row)])
    ]
    detail = f"limits and weights of {len(stated):,} rows are those of the tables"
    yield Check("constraint_weights", not texts, "; ".join(texts[:10]) or detail)


def _words(identity: Identity) -> str:
    return ", ".join(str(one) for one in (identity[1], *identity[2]))


def _altered(claim: Claim, row: Row, right: Expected) -> Iterator[str]:
    name = _words(right.identity)
    if row.sense != right.sense or row.rhs != right.rhs:
        yield f"{name}: {row.sense} {row.rhs:,}, derived {right.sense} {right.rhs:,}"
    if not _same_weights(claim, row, right):
        yield f"{name}: weights"
    variables = {(one.kind, one.key, one.part): weight for one, weight in right.variables.items()}
    if _variables(claim, row) != variables:
        yield f"{name}: weights of its variables"


def _variables(claim: Claim, row: Row) -> dict[tuple[str, str, Part], int]:
    numbers = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    named = [(claim.problem.auxiliaries[number], weight) for number, weight in numbers]
    return {(one.kind, one.key, plain(one.part)): weight for one, weight in named}


def _same_weights(claim: Claim, row: Row, right: Expected) -> bool:
    ours = right.members[right.weights != 0], right.weights[right.weights != 0]
    theirs = row.members[row.weights != 0], row.weights[row.weights != 0]
    if row.over != right.over or len(ours[0]) != len(theirs[0]):
        ours, theirs = pair_weights(claim, right.over, *ours), pair_weights(claim, row.over, *theirs)
    return all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))


def pair_weights(claim: Claim, over: str, members: Ints, weights: Ints) -> tuple[Ints, Ints]:
    """Return the pairs that weigh something in a row, ascending, and what each weighs."""
    problem = claim.problem
    if over == "pair":
        return members.astype(np.int64), weights.astype(np.int64)
    of_name = np.zeros(len(problem.post_ids if over == "post" else problem.leader_ids), dtype=np.int64)
    of_name[members] = weights
    of_pair = of_name[problem.post if over == "post" else problem.leader]
    pairs = np.flatnonzero(of_pair)
    return pairs, of_pair[pairs]


def cut_checks(case: AuditCase, claim: Claim) -> Iterator[Check]:
    """Yield whether each row that the solver added is true of every plan: shared pupils by rates, sums of draws."""
    rows = [row for row in claim.problem.rows if row.rule in (SHARED, TAIL)]
    rows += claim.plan.cuts
    wrong = [row.name for row in rows if not _sound(case, claim, row)]
    texts = [f"{name} does not hold for every plan" for name in wrong]
    yield Check("cuts", not texts, "; ".join(texts[:10]) or f"{len(rows):,} rows added, each true of every plan")


def _sound(case: AuditCase, claim: Claim, row: Row) -> bool:
    if row.over != "pair" or row.sense != "<=":
        return False
    return _sound_tail(case, claim, row) if row.rule == TAIL else row.rule == SHARED and _sound_share(claim, row)


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


def _sound_tail(case: AuditCase, claim: Claim, row: Row) -> bool:
    """Return whether a row bounds the worst draws by the sum over as many draws as are the worst."""
    draws = [one for one in row.part if isinstance(one, int)]
    if case.tail is None or len(set(draws)) != case.tail.worst or not all(0 <= d < len(case.tail.draws) for d in draws):
        return False
    weights = np.zeros(len(claim.problem.benefit), dtype=np.int64)
    weights[row.members] = row.weights
    kinds = [claim.problem.auxiliaries[one].kind for one in row.auxiliaries.tolist()]
    summed = -case.tail.draws[sorted(set(draws))].sum(axis=0, dtype=np.int64)
    sums = kinds == ["worst_draws"] and row.auxiliary_weights.tolist() == [1] and row.rhs == 0
    return sums and bool((summed == weights).all())


def auxiliary_checks(case: AuditCase, claim: Claim, rows: dict[Identity, Expected]) -> Iterator[Check]:
    """Yield whether each integer variable is worth and bounded as its rule asks, so that no plan is cut off."""
    wanted = {(one.kind, one.key, one.part): one for row in rows.values() for one in row.variables}
    wrong, names = [], [(one.kind, one.key, plain(one.part)) for one in claim.problem.auxiliaries]
    for auxiliary, name in zip(claim.problem.auxiliaries, names, strict=True):
        right = _tail_variable(case, claim) if auxiliary.kind == "worst_draws" else None
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


Worthy = tuple[int, int, int]  # benefit of a unit, and the least range that leaves every plan possible


def _as_asked(case: AuditCase, variable: Variable | None) -> Worthy | None:
    return None if variable is None else (variable.benefit * case.scaled, 0, variable.most)


def _share_variable(case: AuditCase, claim: Claim, auxiliary: Auxiliary) -> Worthy | None:
    shared, part = claim.problem.shared, plain(auxiliary.part)
    if shared is None or auxiliary.kind != "shared_pupils" or len(part) != 1 or part[0] not in shared.urns.tolist():
        return None
    mine = shared.school == int(np.searchsorted(shared.urns, part[0]))
    post, total = claim.problem.post[shared.pair[mine]], shared.gain[mine].sum(axis=1)
    return -case.scaled, 0, sum(int(total[post == one].max()) for one in np.unique(post))


def _tail_variable(case: AuditCase, claim: Claim) -> Worthy | None:
    if case.tail is None:
        return None
    low, high = (int(one) for one in (case.tail.draws.min(initial=0), case.tail.draws.max(initial=0)))
    reach = claim.placeable * case.tail.worst
    return case.tail.weight.numerator, low * reach, high * reach


def kept_check(claim: Claim, rows: tuple[Row, ...]) -> Check:
    """Return whether the plan, its variables included, keeps every row and every bound."""
    problem, plan = claim.problem, claim.plan
    wrong = [row.name for row in rows if not _kept(row, activity(claim, row))]
    values = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    wrong += [one.name for one, value in values if not one.lower <= value <= one.upper]
    texts = [f"{name} is broken" for name in wrong[:10]]
    return Check("constraints_kept", not texts, "; ".join(texts) or f"the plan keeps all {len(rows):,} rows")


def activity(claim: Claim, row: Row) -> int:
    """Return the left-hand side of a row in the plan."""
    problem, chosen = claim.problem, claim.plan.chosen
    named: Any = {"pair": chosen, "post": problem.post[chosen], "leader": problem.leader[chosen]}[row.over]
    total = 0
    if len(row.members):
        place = np.minimum(np.searchsorted(row.members, named), len(row.members) - 1)
        total = int(row.weights[place][row.members[place] == named].sum())
    values = claim.plan.auxiliary[row.auxiliaries].tolist()
    return total + sum(int(weight) * int(value) for weight, value in zip(row.auxiliary_weights, values, strict=True))


def _kept(row: Row, total: int) -> bool:
    return bool({"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense])
