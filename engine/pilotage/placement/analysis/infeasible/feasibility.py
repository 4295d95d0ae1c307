"""Whether some plan keeps some groups of rows, whatever the others: each question is one solve, and no answer is lost.

A set below one that a plan keeps is kept too; a set above one that no plan keeps is kept by none.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.analysis.infeasible.groups import Group
from pilotage.placement.formulation.coefficients import activities
from pilotage.placement.solver.solve import solve

Groups = frozenset[int]


class OutOfTimeError(Exception):
    """The question was not answered before the deadline."""


def worthless(problem: PlacementProblem) -> PlacementProblem:
    """Return the problem with nothing worth anything: any plan that keeps the rows is as good as another."""
    free = tuple(replace(auxiliary, benefit=0) for auxiliary in problem.auxiliaries)
    return replace(problem, benefit=np.zeros_like(problem.benefit), auxiliaries=free, shared=None)


def any_plan(problem: PlacementProblem, deadline: float, seed: int) -> PlacementPlan:
    """Return a plan that keeps all rows of a problem, or the proof (status ``infeasible``) that none does.

    Raises
    ------
    OutOfTimeError
        Where neither is found before the deadline, of the monotonic clock.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTimeError
    plan = solve(worthless(problem), time_limit_seconds=left, seed=seed)
    if plan.status is Status.NO_PLAN_IN_TIME:
        raise OutOfTimeError
    return plan


@dataclass
class Feasibility:
    """Which groups of a problem's rows (positions in ``groups``) some plan keeps together.

    ``deadline``: of the monotonic clock. ``kept`` and ``broken``: sets that some plan keeps, and sets that none does.
    """

    problem: PlacementProblem
    groups: tuple[Group, ...]
    deadline: float
    seed: int
    kept: list[Groups] = field(default_factory=list)
    broken: list[Groups] = field(default_factory=list)

    @property
    def every(self) -> Groups:
        """Return all groups."""
        return frozenset(range(len(self.groups)))

    def core(self, wanted: Groups) -> Groups | None:
        """Return groups among those wanted that no plan keeps together; None where some plan keeps all wanted."""
        if any(wanted <= each for each in self.kept):
            return None
        known = next((each for each in self.broken if each <= wanted), None)
        return known if known is not None else self._solved(wanted)

    def beside(self, wanted: Groups) -> Groups:
        """Return all groups that a plan keeps which keeps those wanted: ``core`` has found one."""
        return max((each for each in self.kept if wanted <= each), key=len)

    def rows(self, wanted: Iterable[int]) -> list[Row]:
        """Return the rows of some groups, in the problem's order."""
        return [self.problem.rows[row] for row in sorted(row for each in wanted for row in self.groups[each].rows)]

    def _solved(self, wanted: Groups) -> Groups | None:
        plan = any_plan(replace(self.problem, rows=tuple(self.rows(wanted))), self.deadline, self.seed)
        if plan.status is not Status.INFEASIBLE:
            self.kept.append(wanted | self._kept_by(plan))
            return None
        named = set(plan.conflict)
        self.broken.append(
            frozenset(
                one for one in wanted if any(self.problem.rows[row].name in named for row in self.groups[one].rows)
            )
        )
        return self.broken[-1]

    def _kept_by(self, plan: PlacementPlan) -> Groups:
        rows = self.problem.rows
        totals = activities(self.problem, plan.chosen, plan.auxiliary).tolist()
        held = [keeps(row, total) for row, total in zip(rows, totals, strict=True)]
        return frozenset(n for n, group in enumerate(self.groups) if all(held[row] for row in group.rows))


def keeps(row: Row, total: int) -> bool:
    """Return whether a row is kept where its left-hand side comes to ``total``."""
    if row.sense == "=":
        return total == row.rhs
    return total <= row.rhs if row.sense == "<=" else total >= row.rhs
