"""The fewest members that have one in common with each of some sets, by CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence

from ortools.sat.python import cp_model

Groups = frozenset[int]


def smallest_hitting_set(
    sets: Sequence[Groups], seed: int, apart_from: Sequence[Groups] = (), seconds: float = 10.0
) -> Groups | None:
    """Return as few members as can be, one at least of each set; None where there are none, or not in time.

    ``apart_from``: answers that are known; no set that holds one of them is returned. Ties are broken by the members'
    numbers, lowest first.
    """
    model = cp_model.CpModel()
    members = sorted({member for each in sets for member in each})
    taken = {member: model.new_bool_var("") for member in members}
    for each in sets:
        model.add_bool_or([taken[member] for member in sorted(each)])
    for known in apart_from:
        if known <= taken.keys():
            model.add_bool_or([~taken[member] for member in sorted(known)])
    many = len(members) * (max(members, default=0) + 1) + 1
    model.minimize(sum((many + member) * taken[member] for member in members))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.catch_sigint_signal = False
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    return frozenset(member for member in members if solver.boolean_value(taken[member]))
