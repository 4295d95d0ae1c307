"""Why a plan is as it is: how each rule stands, and what one unit more of it is worth."""

from __future__ import annotations

import math

import numpy as np

from pilotage.domain.explanation import RuleState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.tail import RULE as TAIL
from pilotage.placement.weights import activities


def rule_states(problem: PlacementProblem, plan: PlacementPlan) -> tuple[RuleState, ...]:
    """Return, for each rule's row, what the plan makes of it; binding = no unit of its weights is left.

    The price is the dual of the linear optimum over all pairs: what one unit more of the limit adds to the objective,
    in its pupil-months. It is the plan's own where the plan reaches that optimum; else it is near it.
    """
    left = activities(problem, plan.chosen, plan.auxiliary)
    prices = _prices(problem, plan)
    of_plan = plan.bound_lp is not None and plan.objective is not None and plan.objective >= math.floor(plan.bound_lp)
    rows = zip(problem.rows, left.tolist(), prices, strict=True)
    return tuple(_state(row, one, price, of_plan) for row, one, price in rows if row.rule != TAIL)


def _prices(problem: PlacementProblem, plan: PlacementPlan) -> list[float | None]:
    """Return each row's price; None where the linear optimum was not reached."""
    if not plan.rounds or len(plan.row_duals) != len(problem.rows):
        return [None] * len(problem.rows)
    return [float(dual) / problem.scale + 0.0 for dual in plan.row_duals]


def _state(row: Row, left: int, price: float | None, of_plan: bool) -> RuleState:
    step = int(np.abs(row.weights).min(initial=1)) if row.rule != "budget" else 1
    binding = row.sense == "=" or abs(row.rhs - left) < max(1, step)
    told = price is not None and of_plan
    return RuleState(row.name, row.rule, row.label, row.sense, left, row.rhs, bool(binding), price, told)
