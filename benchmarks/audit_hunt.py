"""How soon the audit's own search finds a better plan, where a plan that is not the best is called optimal.

Each plan is the best one without one of the placements of the true best: spread from the smallest benefit to the
largest. The audit is given it as optimal, with the duals of the true best. Where its linear bound leaves too many pairs
open for a proof, the search can only hunt for a better plan: the table says what it found, and after how many
deterministic seconds of CP-SAT (about 2.5 seconds each).

Usage: PILOTAGE_REAL_DATA=FOLDER python benchmarks/audit_hunt.py [SECONDS [SCENARIO ...]]
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np
from ortools.sat.python import cp_model

from pilotage import pipeline
from pilotage.config.overlay import resolve
from pilotage.placement.analysis.why_not.forced_in import with_none_of
from pilotage.placement.audit.bound import exact_search, status
from pilotage.placement.solver.solve import solve

PLANS = 8
SCENARIOS = ("england-2014", "england-2019-secondary", "england-2025")
SET = {"england-2025": ["data.partial=accept"]}


def main(seconds: float = 3.0, *names: str) -> None:
    exact_search.HUNTING_SECONDS = seconds
    print("| scenario | units lost | found | deterministic seconds | seconds |\n|---|---|---|---|---|")
    for name in names or SCENARIOS:
        for lost, found, spent, wall in hunted(name):
            print(f"| {name} | {lost:,} | {found or '-'} | {spent:.3f} | {wall:.1f} |", flush=True)


def hunted(name: str) -> Iterator[tuple[int, int | None, float, float]]:
    """Yield, for each plan that is not the best, what it lost, by how much a better one was found, and how long."""
    given = _given(name)
    claim, spent = given[1], CountingSolver.spent
    chosen = claim.plan.chosen[np.argsort(claim.problem.benefit[claim.plan.chosen])]
    for share in np.linspace(0, 1, PLANS):
        pair = chosen[round(share * (len(chosen) - 1))]
        other = solve(with_none_of(claim.problem, np.array([pair])), time_limit_seconds=60, seed=1)
        if other.objective is None:
            continue
        worse = replace(claim.plan, chosen=other.chosen, auxiliary=other.auxiliary, objective=other.objective)
        spent.clear()
        start = time.perf_counter()
        with patch.object(cp_model, "CpSolver", CountingSolver):
            found = exact_search.search(given[0], replace(claim, plan=worse), given[2], given[3])
        yield claim.plan.objective - other.objective, found.better, sum(spent), time.perf_counter() - start


def _given(name: str) -> tuple[Any, ...]:
    """Return what the audit of a scenario's plan gives its search."""
    with patch.object(status, "search", wraps=status.search) as searched:
        pipeline.run(resolve(name, SET.get(name, [])))
    return tuple(searched.call_args.args)


class CountingSolver(cp_model.CpSolver):
    """CP-SAT that notes the deterministic seconds of each solve."""

    spent: ClassVar[list[float]] = []

    def solve(self, *given: Any, **more: Any) -> Any:
        """Solve, and note how long it took."""
        answer = super().solve(*given, **more)
        self.spent.append(self.deterministic_time)
        return answer


if __name__ == "__main__":
    main(*(float(argument) for argument in sys.argv[1:2]), *sys.argv[2:])
