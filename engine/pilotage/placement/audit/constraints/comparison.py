"""The problem's constraints against those that the rules ask for: none too many, none missing, none altered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from pilotage.domain.explanation import Check
from pilotage.domain.plan import Part, Row
from pilotage.placement.audit.case import AuditCase, Capacities, Claim, Ints
from pilotage.placement.audit.expected import Expected, Identity, Stated, plain
from pilotage.placement.audit.pins import pin_rows
from pilotage.placement.audit.rules.catalogue import STRUCTURES, audited

NOT_OF_RULES = (
    "shared_pupils",
    "worst_draws",
)  # rows on shared pupils and on sums of draws, which ``added_rows`` looks at


def derived(stated: Stated) -> dict[Identity, Expected]:
    """Return every row that the scenario asks for, by what it is about."""
    return {row.identity: row for row in _derived(stated)}


def _derived(stated: Stated) -> Iterator[Expected]:
    for name, rule, audit in audited(stated.case.scenario):
        yield from () if audit.rows is None else audit.rows(name, rule, stated)
    for structure in STRUCTURES:
        yield from structure.rows(stated)
    yield from pin_rows(stated)


def identity_of(row: Row) -> Identity:
    """Return what a row is about."""
    return row.rule, row.key, plain(row.part)


def table_checks(case: AuditCase, claim: Claim, capacities: Capacities) -> Iterator[Check]:
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
        own, right = problem.capacities, capacities.most
        odd = np.flatnonzero(own != right)[:10].tolist()
        wrong = [f"{problem.leader_ids[leader]}: {own[leader]}, not {right[leader]}" for leader in odd]
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


def constraint_checks(claim: Claim, rows: dict[Identity, Expected]) -> Iterator[Check]:
    """Yield whether the problem has the rows that the rules ask for, as they ask for them."""
    stated = [row for row in claim.problem.rows if row.rule not in NOT_OF_RULES]
    names = Counter(identity_of(row) for row in stated)
    wrong = [f"{_words(name)} is missing" for name, row in rows.items() if row.needed and name not in names]
    wrong += [f"{_words(name)} is asked for by no rule" for name in names if name not in rows]
    wrong += [f"{_words(name)} is there {count} times" for name, count in names.items() if count > 1]
    yield Check("constraints", not wrong, "; ".join(wrong[:10]) or f"{len(stated):,} rows, each asked for by a rule")
    texts = [
        text for row in stated if identity_of(row) in rows for text in _altered(claim, row, rows[identity_of(row)])
    ]
    detail = f"limits and weights of {len(stated):,} rows are those of the tables"
    yield Check("constraint_weights", not texts, "; ".join(texts[:10]) or detail)


def _words(identity: Identity) -> str:
    return ", ".join(str(part) for part in (identity[1], *identity[2]))


def _altered(claim: Claim, row: Row, right: Expected) -> Iterator[str]:
    name = _words(right.identity)
    if row.sense != right.sense or row.rhs != right.rhs:
        yield f"{name}: {row.sense} {row.rhs:,}, derived {right.sense} {right.rhs:,}"
    if not _same_weights(claim, row, right):
        yield f"{name}: weights"
    variables = {variable.identity: weight for variable, weight in right.variables.items()}
    if _variables(claim, row) != variables:
        yield f"{name}: weights of its variables"


def _variables(claim: Claim, row: Row) -> dict[tuple[str, str, Part], int]:
    numbers = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    named = [(claim.problem.auxiliaries[number], weight) for number, weight in numbers]
    return {(variable.kind, variable.key, plain(variable.part)): weight for variable, weight in named}


def _same_weights(claim: Claim, row: Row, right: Expected) -> bool:
    ours = right.members[right.weights != 0], right.weights[right.weights != 0]
    theirs = row.members[row.weights != 0], row.weights[row.weights != 0]
    if row.over != right.over or len(ours[0]) != len(theirs[0]):
        ours, theirs = pair_weights(claim, right.over, *ours), pair_weights(claim, row.over, *theirs)
    return all(np.array_equal(own, given) for own, given in zip(ours, theirs, strict=True))


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


def rows_hold_check(claim: Claim, rows: tuple[Row, ...]) -> Check:
    """Return whether the plan, its variables included, keeps every row and every bound."""
    problem, plan = claim.problem, claim.plan
    wrong = [row.name for row in rows if not _holds(row, activity(claim, row))]
    values = zip(problem.auxiliaries, plan.auxiliary.tolist(), strict=True)
    wrong += [variable.name for variable, value in values if not variable.lower <= value <= variable.upper]
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


def _holds(row: Row, total: int) -> bool:
    return bool({"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense])
