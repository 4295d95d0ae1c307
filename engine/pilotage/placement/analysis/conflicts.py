"""Which rules are in conflict, where no plan keeps them all: a set from which none can be left out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.errors import Problem
from pilotage.placement.solver.solve import solve

MOST_PAIRS = 200_000
MOST_GROUPS = 60
SECONDS = 20.0


def conflicting_rows(problem: PlacementProblem, plan: PlacementPlan, seed: int) -> tuple[Row, ...]:
    """Return the rows that are in conflict, as few as leaving out one rule after another makes them.

    Starts from the rows that the proof of an infeasible plan rests on; whatever can be left out while no plan keeps the
    rest is left out (a deletion filter). Large problems, and what is not settled in time, keep what the proof named.
    """
    proof = set(plan.conflict)
    named = [row for row in problem.rows if row.name in proof]
    groups = sorted({_group(row) for row in named}, key=[_group(row) for row in named].index)
    if len(problem.benefit) > MOST_PAIRS or len(groups) > MOST_GROUPS:
        return tuple(named)
    deadline = time.monotonic() + SECONDS
    for group in groups:
        rest = [row for row in named if _group(row) != group]
        if rest and _infeasible(problem, rest, deadline, seed):
            named = rest
    return tuple(named)


def conflict_problems(name: str, rows: Sequence[Row], answered: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is to be said of rows in conflict: that no plan keeps them all, and each by the key that asks for it.

    ``name``: the scenario's. ``answered``: file and row of each pin that an answer makes, by the key of its row.
    """
    count = f"{len(rows)} in conflict follow" if rows else "those in conflict were not found"
    yield Problem(name, f"no plan keeps all rules; {count}", "rules that can hold together", "loosen or remove one")
    for row in rows:
        key = () if row.key in answered else row.scenario_key
        yield Problem(answered.get(row.key, row.asked_by), row.label, "in conflict with the others", key=key)


def _group(row: Row) -> str:
    """Return the rule or the pin that a row belongs to."""
    return row.key or row.name


def _infeasible(problem: PlacementProblem, rows: list[Row], deadline: float, seed: int) -> bool:
    left = deadline - time.monotonic()
    if left <= 0:
        return False
    plan = solve(replace(problem, rows=tuple(rows)), time_limit_seconds=left, seed=seed)
    return plan.status is Status.INFEASIBLE
