"""Which rules are in conflict, where no plan keeps them all: the smallest set that is found in time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.errors import InfeasibleError, Problem
from pilotage.placement.analysis.infeasible.conflict import Certainty, irreducible_rows, smallest_conflict
from pilotage.placement.analysis.infeasible.feasibility import Feasibility
from pilotage.placement.analysis.infeasible.groups import by_rule

MOST_ROWS = 60  # of a conflict, beyond which those that its proof names stay
SECONDS = 8.0

HOW_FEW = {
    Certainty.SMALLEST: "the smallest conflict is {of}",
    Certainty.IRREDUCIBLE: "a conflict is {of}, none needless; whether a smaller one exists was not settled in time",
    Certainty.NAMED: "the proof rests on {of}; whether fewer are in conflict was not settled in time",
}


@dataclass(frozen=True)
class ConflictingRows:
    """Rows that no plan keeps together, how many rules and pins they are of, and how few those are known to be."""

    rows: tuple[Row, ...]
    rules: int
    certainty: Certainty


def conflicting_rows(problem: PlacementProblem, seed: int) -> ConflictingRows | None:
    """Return what is in conflict in a problem without a plan: of as few rules and pins as can be, and few rows of each.

    None where nothing is proven in time.
    """
    feasibility = Feasibility(problem, by_rule(problem), time.monotonic() + SECONDS, seed)
    conflict = smallest_conflict(feasibility)
    if conflict is None:
        return None
    rows = irreducible_rows(feasibility, conflict.groups, MOST_ROWS)
    return ConflictingRows(rows, len(conflict.groups), conflict.certainty)


def no_plan(name: str, problem: PlacementProblem, seed: int, answered: Mapping[str, str]) -> InfeasibleError:
    """Return the error of a problem without a plan, with what is in conflict; arguments as ``conflict_problems``."""
    return InfeasibleError(conflict_problems(name, conflicting_rows(problem, seed), answered))


def conflict_problems(name: str, found: ConflictingRows | None, answered: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is to be said of a conflict: that no plan keeps all rules, and each row by the key that asks for it.

    ``name``: the scenario's. ``answered``: file and row of each pin that an answer makes, by the key of its row.
    """
    few = "those in conflict were not found in time" if found is None else _how_few(found)
    yield Problem(name, f"no plan keeps all rules; {few}", "rules that can hold together", "loosen or remove one")
    for row in found.rows if found is not None else ():
        key = () if row.key in answered else row.scenario_key
        yield Problem(answered.get(row.key, row.asked_by), row.label, "in conflict with the others", key=key)


def _how_few(found: ConflictingRows) -> str:
    return HOW_FEW[found.certainty].format(of="1 rule" if found.rules == 1 else f"{found.rules:,} rules and pins")
