"""Why a plan is as it is: how each rule stands, and what one unit more of it is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pilotage.domain.explanation import RuleState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.tail import RULE as TAIL
from pilotage.placement.weights import activities

NAMES = {"term": "time.term_years", "support_or_head": "interventions.support"}
SAID_BY_MANY = ("executive_span", "teams", "term", "support_or_head")  # rules that several rows say together


def rule_states(problem: PlacementProblem, plan: PlacementPlan) -> tuple[RuleState, ...]:
    """Return, for each rule's row, what the plan makes of it; binding = no unit of its weights is left.

    The price is the dual of the linear optimum over all pairs, in the objective's pupil-months: a plan under a limit
    raised by one unit scores at most ``bound_lp`` plus the price. It is the plan's own where the plan reaches that
    optimum; where it falls short of it, a guide.
    """
    left = activities(problem, plan.chosen, plan.auxiliary)
    prices = _prices(problem, plan)
    of_plan = plan.bound_lp is not None and plan.objective is not None and plan.objective >= math.floor(plan.bound_lp)
    rows = zip(problem.rows, left.tolist(), prices, strict=True)
    states = [_state(row, one, price, of_plan) for row, one, price in rows if row.rule != TAIL]
    return tuple(_told_once(states))


def _told_once(states: list[RuleState]) -> Iterator[RuleState]:
    """Yield the states; of rules that take many rows to say one thing, one for each thing said."""
    seen = set[tuple[str, str]]()
    for state in states:
        if state.rule not in SAID_BY_MANY:
            yield state
        elif (state.rule, state.label) not in seen:
            seen.add((state.rule, state.label))
            yield replace(state, name=NAMES.get(state.rule, state.name.partition(",")[0]), binding=False, price=None)


def _prices(problem: PlacementProblem, plan: PlacementPlan) -> list[float | None]:
    """Return each row's price; None where the linear optimum was not reached."""
    if not plan.rounds or len(plan.row_duals) < len(problem.rows):
        return [None] * len(problem.rows)
    return [float(dual) / problem.scale + 0.0 for dual in plan.row_duals[: len(problem.rows)]]


def _state(row: Row, left: int, price: float | None, of_plan: bool) -> RuleState:
    step = int(np.abs(row.weights).min(initial=1)) if row.rule != "budget" else 1
    binding = row.sense == "=" or abs(row.rhs - left) < max(1, step)
    told = price is not None and of_plan
    return RuleState(row.name, row.rule, row.label, row.sense, left, row.rhs, bool(binding), price, told)
