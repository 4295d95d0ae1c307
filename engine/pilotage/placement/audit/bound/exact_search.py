"""The audit's own search for a better plan, over the pairs that its own bound leaves open.

Its rows are those that the audit derives from the rules, not the problem's. What leaders of a school share and the
worst draws are stated by rows as answers break them: an answer worth enough only by understating them is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from pilotage.domain.plan import PROVEN, SharedPupils
from pilotage.placement.audit.bound.dual_bound import Proof, left_over
from pilotage.placement.audit.case import AuditCase, Claim, Ints
from pilotage.placement.audit.expected import Expected, Variable
from pilotage.placement.audit.values.shared_pupils import cut_of, school_loss, with_most_broken

MOST_PAIRS = 3000  # beyond, only the likeliest pairs are searched, for a better plan and not for a proof
LIKELIEST = 600
DETERMINISTIC_SECONDS = 10.0  # of a proof
HUNTING_SECONDS = 0.5  # where a better plan can be found and not be excluded: most are found at once
MOST_REPEATS = 30  # rows on shared pupils and worst draws are added at most so often
LARGEST = 2**50  # of a coefficient: beyond, CP-SAT's sums overflow


@dataclass(frozen=True)
class Searched:
    """What the search found: by how many units a plan is better than optimal allows (None: none found); its bound.

    ``bound``: no plan is worth more units; None where that was not proven.
    """

    better: int | None = None
    bound: int | None = None


@dataclass(frozen=True)
class Model:
    """The model over few pairs: CP-SAT's, its variables of pairs and of rules, schools' losses, the draws' sum."""

    model: cp_model.CpModel
    pairs: Ints
    taken: list[cp_model.IntVar]
    variables: dict[Variable, cp_model.IntVar]
    losses: list[cp_model.IntVar]
    worst: cp_model.IntVar | None

    def weighted(self, pairs: Ints, weights: Sequence[int], more: Mapping[cp_model.IntVar, int]) -> Any:
        """Return the sum of weights over those of ``pairs`` that are in the model, and of ``more`` variables."""
        place = np.minimum(np.searchsorted(self.pairs, pairs), max(0, len(self.pairs) - 1))
        there = self.pairs[place] == pairs if len(self.pairs) else np.zeros(len(pairs), dtype=bool)
        held = [n for n in np.flatnonzero(there).tolist() if weights[n]]
        terms = [*(self.taken[place[n]] for n in held), *more]
        return cp_model.LinearExpr.weighted_sum(terms, [*(int(weights[n]) for n in held), *more.values()])


def accepted_gap(claim: Claim) -> int:
    """Return by how many units a better plan may exceed one that is called optimal."""
    return int(PROVEN * max(abs(claim.plan.objective or 0), claim.problem.scale))


def search(case: AuditCase, claim: Claim, rows: Sequence[Expected], proof: Proof) -> Searched:
    """Return whether a plan is better than the one claimed by more than what optimal allows."""
    objective = claim.plan.objective or 0
    least = objective + 1
    pairs, cost = left_over(claim, proof, least)
    complete = len(pairs) <= MOST_PAIRS
    if not complete:
        likeliest = np.argpartition(cost, LIKELIEST)[:LIKELIEST] if len(cost) > LIKELIEST else pairs
        pairs = np.union1d(likeliest, claim.plan.chosen)
    if _too_large(claim, rows):
        return Searched()
    stated = _stated(case, claim, rows, pairs)
    goal = _goal(claim, stated)
    stated.model.add(goal >= least)
    stated.model.maximize(goal)
    left = DETERMINISTIC_SECONDS if complete else HUNTING_SECONDS
    for _ in range(MOST_REPEATS):
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = max(left, 0.01)
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = case.scenario.solver.seed
        solver.parameters.stop_after_first_solution = True
        solver.parameters.catch_sigint_signal = False  # Ctrl-C ends the run, not the search alone
        status = solver.solve(stated.model)
        left -= solver.deterministic_time
        if status == cp_model.INFEASIBLE:
            return Searched(bound=least - 1 if complete else None)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Searched()
        chosen = pairs[np.array([solver.boolean_value(taken) for taken in stated.taken], dtype=bool)]
        understated = _understated(case, claim, stated, solver, chosen)
        value = round(solver.value(goal)) - understated
        if value > objective + accepted_gap(claim):
            return Searched(better=value - objective)
        if value >= least:
            least = objective + accepted_gap(claim) + 1
            stated.model.add(goal >= least)
        if left <= 0:
            break
    return Searched()


def _too_large(claim: Claim, rows: Sequence[Expected]) -> bool:
    weights = max((int(np.abs(row.weights).max(initial=0)) for row in rows), default=0)
    return max(weights, int(np.abs(claim.problem.benefit).max(initial=0))) > LARGEST


def _stated(case: AuditCase, claim: Claim, rows: Sequence[Expected], pairs: Ints) -> Model:
    """Return the model: capacities, one leader a post, the rows derived from the rules."""
    problem, model = claim.problem, cp_model.CpModel()
    variables: dict[Variable, cp_model.IntVar] = {}
    for row in rows:
        for variable in row.variables:
            variables.setdefault(variable, model.new_int_var(0, variable.most, ""))
    worst = None
    if case.cvar is not None:
        reach = claim.placeable * case.cvar.worst
        low, high = int(case.cvar.draws.min(initial=0)), int(case.cvar.draws.max(initial=0))
        worst = model.new_int_var(low * reach, high * reach, "")
    shared = problem.shared
    most = [] if shared is None else [problem.auxiliaries[number].upper for number in shared.auxiliary.tolist()]
    losses = [model.new_int_var(0, high, "") for high in most]
    stated = Model(model, pairs, [model.new_bool_var("") for _ in pairs], variables, losses, worst)
    for group, limit in _groups(claim, pairs):
        model.add(cp_model.LinearExpr.sum([stated.taken[n] for n in group]) <= limit)
    for row in rows:
        _add_row(claim, stated, row)
    _add_known_cuts(claim, stated)
    chosen = set(claim.plan.chosen.tolist())
    for pair, taken in zip(pairs.tolist(), stated.taken, strict=True):
        model.add_hint(taken, pair in chosen)
    return stated


def _groups(claim: Claim, pairs: Ints) -> Iterator[tuple[list[int], int]]:
    """Yield the pairs of each post and of each leader (positions in ``pairs``), and how many of them a plan takes."""
    problem = claim.problem
    for owner, capacity in ((problem.post, None), (problem.leader, problem.capacities)):
        order = np.argsort(owner[pairs], kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(owner[pairs][order])) + 1) if len(order) else ():
            limit = 1 if capacity is None else int(capacity[owner[pairs[group[0]]]])
            if len(group) > limit:
                yield group.tolist(), limit


def _add_row(claim: Claim, stated: Model, row: Expected) -> None:
    weights = _weights_at(claim, row, stated.pairs)
    variables = {stated.variables[variable]: weight for variable, weight in row.variables.items()}
    total = stated.weighted(stated.pairs, weights.tolist(), variables)
    if row.sense == "<=":
        stated.model.add(total <= row.rhs)
    elif row.sense == ">=":
        stated.model.add(total >= row.rhs)
    else:
        stated.model.add(total == row.rhs)


def _weights_at(claim: Claim, row: Expected, pairs: Ints) -> Ints:
    """Return what each of ``pairs`` weighs in a row."""
    owner: Ints = pairs if row.over == "pair" else claim.problem.post[pairs].astype(np.int64)
    if not len(row.members):
        return np.zeros(len(pairs), dtype=np.int64)
    place = np.minimum(np.searchsorted(row.members, owner), len(row.members) - 1)
    return np.where(row.members[place] == owner, row.weights[place], 0)


def _add_known_cuts(claim: Claim, stated: Model) -> None:
    """Add the rows on shared pupils that the plan itself would break if it lost nothing."""
    shared = claim.problem.shared
    if shared is not None:
        for school, _ in _with_several(shared, claim.plan.chosen):
            _add_cut(shared, stated, school, claim.plan.chosen)


def _with_several(shared: SharedPupils, chosen: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each school with several chosen pairs, and their positions in ``shared``; no other school can lose."""
    held = np.flatnonzero(np.isin(shared.pair, chosen))
    for school in np.flatnonzero(np.bincount(shared.school[held]) > 1).tolist():
        yield school, held[shared.school[held] == school]


def _add_cut(shared: SharedPupils, stated: Model, school: int, chosen: Ints) -> None:
    rates = with_most_broken(shared, school, chosen)
    if any(gain for gain, _ in rates):
        rhs, weights, loss = cut_of(shared, school, rates)
        mine = shared.pair[shared.school == school]
        stated.model.add(stated.weighted(mine, weights.tolist(), {stated.losses[school]: loss}) <= rhs)


def _goal(claim: Claim, stated: Model) -> cp_model.LinearExprT:
    problem = claim.problem
    terms: list[cp_model.IntVar] = [*stated.taken]
    factors: list[int] = problem.benefit[stated.pairs].tolist()
    for variable, modelled in stated.variables.items():
        terms.append(modelled)
        factors.append(variable.benefit * _scaled(claim))
    terms += stated.losses
    factors += [-_scaled(claim)] * len(stated.losses)
    if stated.worst is not None:
        weight = next(variable.benefit for variable in problem.auxiliaries if variable.kind == "worst_draws")
        terms.append(stated.worst)
        factors.append(weight)
    return cp_model.LinearExpr.weighted_sum(terms, factors)


def _scaled(claim: Claim) -> int:
    return claim.problem.scale // 1000


def _understated(case: AuditCase, claim: Claim, stated: Model, solver: cp_model.CpSolver, chosen: Ints) -> int:
    """Return by how much an answer is worth less than it says, in units, and add the rows that say so."""
    shared = claim.problem.shared
    total = 0 if shared is None else _understated_losses(claim, shared, stated, solver, chosen)
    if case.cvar is not None and stated.worst is not None:
        sums = case.cvar.draws[:, chosen].sum(axis=1, dtype=np.int64)
        draws = np.argsort(sums, kind="stable")[: case.cvar.worst]
        above = int(solver.value(stated.worst)) - int(sums[draws].sum())
        if above > 0:
            total += above * case.cvar.weight.numerator
            weights = case.cvar.draws[draws][:, stated.pairs].sum(axis=0, dtype=np.int64)
            stated.model.add(stated.weighted(stated.pairs, (-weights).tolist(), {stated.worst: 1}) <= 0)
    return total


def _understated_losses(
    claim: Claim, shared: SharedPupils, stated: Model, solver: cp_model.CpSolver, chosen: Ints
) -> int:
    """Return by how many units an answer understates what schools lose, and add the rows that say so."""
    total = 0
    for school, mine in _with_several(shared, chosen):
        missing = school_loss(shared.gain[mine], shared.units[mine]) - int(solver.value(stated.losses[school]))
        if missing > 0:
            total += missing * _scaled(claim)
            _add_cut(shared, stated, school, chosen)
    return total
