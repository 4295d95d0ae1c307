"""The price of one change: the best plan with it against today's, solved again or proven to be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pilotage.domain.findings.prices import Price, PriceKind, PriceQuestion, PriceState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.domain.statistics.cvar import Cvar
from pilotage.errors import DataError, InfeasibleError, ScenarioError
from pilotage.placement.analysis.loosened import adds_nothing, more_leaders_add_nothing, with_changes
from pilotage.placement.analysis.value_if_asked.bound import Priced, priced_plan
from pilotage.study.explain.opened import solving
from pilotage.study.prices.base import Base, stated_under
from pilotage.study.prices.changed import LIMITS, changed, leaders_alone, row_changes
from pilotage.study.prices.typical import with_copies

REFUSALS = (ScenarioError, DataError, InfeasibleError)


@dataclass(frozen=True)
class Ready:
    """What many prices have in common.

    ``copies``: the problem with a copy of each of the leaders ``copied``, in their order, after all leaders; None where
    a leader more changes more than the own pairs, or the worst draws count: each is then stated alone.
    """

    base: Base
    copied: tuple[str, ...] = ()
    copies: PlacementProblem | None = None


def ready(base: Base, asked: Sequence[PriceQuestion]) -> Ready:
    """Return what the prices of some questions have in common."""
    names = tuple(question.key for question in asked if question.kind is PriceKind.LEADER)
    if not names or base.stated.worst_draws is not None or not leaders_alone(base.case.scenario):
        return Ready(base)
    try:
        return Ready(base, names, stated_under(base, with_copies(base.case, names)).problem)
    except REFUSALS:  # each is refused alone, with the reason
        return Ready(base)


def without_solving(given: Ready, asked: Sequence[PriceQuestion]) -> list[Price | None]:
    """Return the prices that are proven to be nothing by the prices of today's linear optimum; None of the others."""
    base = given.base
    prices = priced_plan(base.solved, base.plan, exclusive=False)
    return [_nothing(base, question) if _proven(given, prices, question) else None for question in asked]


def _proven(given: Ready, prices: Priced | None, question: PriceQuestion) -> bool:
    base = given.base
    if question.kind is PriceKind.LEADER:
        copies = given.copies
        return copies is not None and more_leaders_add_nothing(prices, _with_one_copy(given, copies, question.key))
    changes = row_changes(base.case.scenario, base.problem, question)
    return changes is not None and adds_nothing(prices, changes)


def _nothing(base: Base, question: PriceQuestion) -> Price:
    worth = (base.plan.objective or 0) / base.solved.scale
    return Price(question, PriceState.EXACT, 0.0, 0.0, 0.0, worth, solved=False)


def _with_one_copy(given: Ready, copies: PlacementProblem, leader_id: str) -> PlacementProblem:
    """Return the problem in which all copies but one can take nothing."""
    capacity, first = copies.capacities.copy(), len(given.base.case.pool.leaders)
    others = [first + number for number, name in enumerate(given.copied) if name != leader_id]
    capacity[others] = 0
    return replace(copies, capacity=capacity)


def price(given: Ready, question: PriceQuestion) -> Price:
    """Return the price of one change: the problem is solved again."""
    base = given.base
    try:
        problem, draws = _problem(given, question)
        plan = solving(base.case.scenario.solver, draws)(problem)
    except REFUSALS as error:
        kind = PriceState.IMPOSSIBLE if isinstance(error, InfeasibleError) else PriceState.REFUSED
        return Price(question, kind, why=tuple(str(problem) for problem in error.problems))
    if plan.status is Status.INFEASIBLE:
        return Price(question, PriceState.IMPOSSIBLE)
    if plan.objective is None or plan.bound is None:
        return Price(question, PriceState.UNKNOWN)
    differ = len(_names(problem, plan) - _names(base.problem, base.plan))
    return replace(_between(base, question, plan), differ=differ)


def _problem(given: Ready, question: PriceQuestion) -> tuple[PlacementProblem, Cvar | None]:
    """Return the changed problem, and the worst draws where they count."""
    base = given.base
    if question.kind is PriceKind.LEADER and given.copies is not None:
        return _with_one_copy(given, given.copies, question.key), None
    changes = row_changes(base.case.scenario, base.problem, question)
    if changes is not None:
        return with_changes(base.problem, changes), base.stated.worst_draws
    stated = stated_under(base, changed(base.case, question))
    return stated.problem, stated.worst_draws


def _between(base: Base, question: PriceQuestion, plan: PlacementPlan) -> Price:
    """Return the price between what the two plans reach and what is proven of them, in pupil-months."""
    scale, (low, high), (low_now, high_now) = base.solved.scale, _reach(plan), _reach(base.plan)
    least, most = (low - high_now) / scale, (high - low_now) / scale
    if question.kind in LIMITS:
        least = max(0.0, least)  # today's plan keeps the looser limit
    if plan.status is Status.OPTIMAL and base.plan.status is Status.OPTIMAL:
        return Price(question, PriceState.EXACT, least, least, least, low / scale)
    return Price(question, PriceState.BETWEEN, None, least, most, low / scale)


def _reach(plan: PlacementPlan) -> tuple[int, int]:
    """Return what a plan is worth, and what no plan exceeds by what is proven; the same of one that is proven best."""
    worth, bound = plan.objective or 0, plan.bound or 0
    return worth, worth if plan.status is Status.OPTIMAL else bound


def _names(problem: PlacementProblem, plan: PlacementPlan) -> set[tuple[str, str]]:
    leaders, posts = problem.leader[plan.chosen].tolist(), problem.post[plan.chosen].tolist()
    return {(problem.leader_ids[each], problem.post_ids[post]) for each, post in zip(leaders, posts, strict=True)}
