"""Whether the figures that ``plan.json`` states are those of the plan, as derived again."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from pilotage.case.json_models import PlanFacts
from pilotage.domain.findings.explanation import Check
from pilotage.domain.plan import PlacementPlan, Status

CLOSE = 1e-6  # of a figure, or of one pupil-month: it is written with six decimals


def figure_checks(
    stated: PlanFacts, plan: PlacementPlan, again: PlacementPlan, benefit: float, scale: int
) -> Iterator[Check]:
    """Yield a check of each figure that a plan states.

    Parameters
    ----------
    stated, plan
        What ``plan.json`` says, and the plan with the objective and the bound that it says in integers.
    again
        The plan of a new search. Its bounds are those of the run where both were proven best.
    benefit
        Of the run's pairs, in pupil-months.
    scale
        Integer units in one pupil-month.
    """
    of_plan = {"benefit": benefit, "objective": _months(plan.objective, scale), "bound": _months(plan.bound, scale)}
    figures = of_plan | {"gap": plan.gap, "integers.scale": float(scale)}
    if stated.status is again.status is Status.OPTIMAL:
        figures |= {"bound_lp": _months(again.bound_lp, scale)}
    said = {"integers.scale": float(stated.integers.scale)}
    for name, value in figures.items():
        claim = said[name] if name in said else getattr(stated, name)
        same = _same(claim, value)
        differs = f"plan.json says {_number(claim)}, the plan has {_number(value)}"
        yield Check(f"plan.json, {name}", same, f"{_number(value)}" if same else differs)


def bound_check(stated: PlanFacts, again: PlacementPlan) -> Check:
    """Return whether a run that was proven best states the bound that the same search finds again."""
    claim, bound = stated.integers.bound, again.bound
    open_ended = stated.status is not Status.OPTIMAL or again.status is not Status.OPTIMAL
    same = open_ended or claim == bound
    return Check("plan.json, integers.bound", same, f"plan.json says {claim}, the search finds {bound} again")


def _months(units: float | None, scale: int) -> float | None:
    return None if units is None else units / scale


def _same(claim: float | None, value: float | None) -> bool:
    if claim is None or value is None:
        return claim is value
    return isclose(claim, value, rel_tol=CLOSE, abs_tol=CLOSE)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.6g}"
