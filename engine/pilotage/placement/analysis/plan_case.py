"""PlanCase: a plan with all that it is explained from."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.context import Context


@dataclass(frozen=True)
class PlanCase:
    """A problem and its plan, what the pairs are worth, and what the rules look at.

    Pairs of the problem are the rows of ``impact.pairs``, in the same order.
    """

    problem: PlacementProblem
    plan: PlacementPlan
    impact: ImpactMatrix
    context: Context
