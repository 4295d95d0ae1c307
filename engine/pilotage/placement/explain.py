"""Why a plan is as it is: how each rule stands, and who stands by for each placement."""

from __future__ import annotations

import numpy as np

from pilotage.domain.explanation import RuleState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.weights import activities


def rule_states(problem: PlacementProblem, plan: PlacementPlan) -> tuple[RuleState, ...]:
    """Return, for each row, what the plan makes of it; binding = no unit of its weights is left."""
    left = activities(problem, plan.chosen, plan.auxiliary)
    return tuple(_state(row, one) for row, one in zip(problem.rows, left.tolist(), strict=True))


def _state(row: Row, left: int) -> RuleState:
    step = int(np.abs(row.weights).min(initial=1)) if row.rule != "budget" else 1
    binding = row.sense == "=" or abs(row.rhs - left) < max(1, step)
    return RuleState(row.name, row.rule, row.label, row.sense, left, row.rhs, bool(binding))


def reserves(problem: PlacementProblem, plan: PlacementPlan) -> dict[int, tuple[str | None, str | None]]:
    """Return, by chosen pair, the two best unplaced leaders who may take its post; None where there is none."""
    placed = np.zeros(len(problem.leader_ids), dtype=bool)
    placed[problem.leader[plan.chosen]] = True
    spare = np.flatnonzero(~placed[problem.leader])
    spare = spare[np.lexsort((spare, -problem.benefit[spare], problem.post[spare]))]
    start = np.searchsorted(problem.post[spare], problem.post[plan.chosen], side="left")
    end = np.searchsorted(problem.post[spare], problem.post[plan.chosen], side="right")
    found = {}
    for pair, first, last in zip(plan.chosen.tolist(), start.tolist(), end.tolist(), strict=True):
        names = [problem.leader_ids[problem.leader[p]] for p in spare[first : min(last, first + 2)]]
        two: list[str | None] = [*names, None, None]
        found[pair] = (two[0], two[1])
    return found
