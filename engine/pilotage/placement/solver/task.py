"""A problem under solution, with its deadline."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.solver.master_lp import Rows


@dataclass(frozen=True)
class Task:
    """A problem under solution: its rows for the linear programme, the deadline (``time.monotonic``), seed and gap."""

    problem: PlacementProblem
    rows: Rows
    deadline: float
    seed: int
    gap: float

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.monotonic()

    def with_rows(self, more: list[Row]) -> Task:
        """Return the task with further rows."""
        problem = replace(self.problem, rows=(*self.problem.rows, *more))
        return replace(self, problem=problem, rows=Rows(problem))
