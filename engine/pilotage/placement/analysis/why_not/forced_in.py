r"""What the best plan loses where some pair must be in it, or none of some pairs may be: the problem solved again.

One row is added to the problem: the sum of x over the pairs is at least 1 (``with_one_of``), or at most 0
(``with_none_of``). The loss is exact where both plans are proven best. By the certified prices a plan that holds pair
q of leader l is worth at most ``bound_lp - max(0, u(l) - r(q))``, with r the reduced cost of q and u(l) the least that
l's own pairs reach: so much is lost at least (``lost_at_least``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.explained import Certainty
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Sense, Status
from pilotage.placement.analysis.value_if_asked.bound import priced_plan
from pilotage.placement.solver.pricing import GRID_BITS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Solve = Callable[[PlacementProblem], PlacementPlan]

KEY = "explained"


@dataclass(frozen=True)
class Loss:
    """What a plan solved again loses: integer units of the problem (None: not known) and the plan, if there is one."""

    certainty: Certainty
    units: int | None
    plan: PlacementPlan | None


def with_one_of(problem: PlacementProblem, pairs: Ints) -> PlacementProblem:
    """Return the problem with at least one of some pairs (positions) in the plan."""
    return _with_row(problem, pairs, ">=", 1)


def with_none_of(problem: PlacementProblem, pairs: Ints) -> PlacementProblem:
    """Return the problem with none of some pairs (positions) in the plan."""
    return _with_row(problem, pairs, "<=", 0)


def _with_row(problem: PlacementProblem, pairs: Ints, sense: Sense, rhs: int) -> PlacementProblem:
    members = np.unique(pairs).astype(np.int64)
    weights = np.ones(len(members), dtype=np.int64)
    row = Row(KEY, "pin", KEY, sense, rhs, members, weights, key=f"pins.{KEY}", measure="structure")
    return replace(problem, rows=(*problem.rows, row))


def loss(plan: PlacementPlan, changed: PlacementProblem, solve: Solve) -> Loss:
    """Return what the best plan of a changed problem is worth less than a plan of today."""
    again = solve(changed)
    if again.status is Status.INFEASIBLE:
        return Loss(Certainty.IMPOSSIBLE, None, None)
    if again.objective is None or again.bound is None or plan.objective is None:
        return Loss(Certainty.UNKNOWN, None, None)
    if plan.status is Status.OPTIMAL and again.status is Status.OPTIMAL:
        return Loss(Certainty.EXACT, plan.objective - again.objective, again)
    return Loss(Certainty.AT_LEAST, plan.objective - again.bound, again)


def lost_at_least(problem: PlacementProblem, plan: PlacementPlan) -> Floats | None:
    """Return what the plan loses at least where each pair is forced in, in units, shape (pairs,).

    None where the linear optimum left no prices.
    """
    base = priced_plan(problem, plan, exclusive=False)
    if base is None:
        return None
    short = np.maximum(base.prices.threshold[problem.leader] - base.prices.reduced, 0) / 2.0**GRID_BITS
    return np.asarray(np.maximum(short - base.gap_of_prices, 0.0))
