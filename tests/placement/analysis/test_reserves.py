"""Who stands by: unplaced leaders, best first, none that a ban or a limit keeps out."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.reserves import Names, reserve_names, reserve_pairs
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix


def reserves(problem: PlacementProblem, plan: PlacementPlan) -> dict[int, Names]:
    return reserve_names(problem, reserve_pairs(problem, plan))


def _reserves(small: Any, benefit: list[list[float | None]]) -> dict[str, tuple[str | None, str | None]]:
    problem, plan = small.problem(benefit), small.plan(benefit)
    found = reserves(problem, plan)
    return {problem.post_ids[problem.post[pair]]: two for pair, two in found.items()}


def test_the_two_best_unplaced_leaders_in_order(world: Callable[..., Any]) -> None:
    small = world([{}], leaders=[{}] * 4)
    assert _reserves(small, [[9], [5], [7], [6]]) == {"P1": ("L3", "L4")}


def test_of_equals_the_first_and_nobody_who_is_placed_or_worth_nothing(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}] * 4)
    benefit = [[9, 8], [8, 9], [None, 4], [0, 4]]
    assert _reserves(small, benefit) == {"P1": (None, None), "P2": ("L3", "L4")}


def test_everybody_placed_leaves_no_reserve(world: Callable[..., Any]) -> None:
    assert _reserves(world([{}, {}]), [[9, 1], [1, 9]]) == {"P1": (None, None), "P2": (None, None)}


def test_a_reserve_must_fit_the_budget(world: Callable[..., Any]) -> None:
    rules = {"budget": {"rule": "budget", "total_gbp": 1500}}
    small = world([{}], leaders=[{}] * 3, rules=rules)
    impact = small.impact([[9], [8], [7]])
    impact.pairs["cost_gbp"] = [1000, 2000, 1500]  # L2 would cost more than there is
    problem = placement_problem(small.known(), impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert reserves(problem, plan) == {0: ("L3", None)}


def test_a_reserve_does_not_break_a_priced_rule_more_than_the_plan_does(world: Callable[..., Any]) -> None:
    # £1,500 and a price of 1 for each £1,000 beyond: the plan (£2,000) breaks it by one unit, which L3 needs too
    rules = {"budget": {"rule": "budget", "total_gbp": 1500, "price": 1.0}}
    small = world([{}], leaders=[{}] * 3, rules=rules)
    impact = small.impact([[9], [8], [6]])
    impact.pairs["cost_gbp"] = [2000, 3000, 2400]  # L2 would need a second unit, and would still be worth 6
    problem = placement_problem(small.known(), impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert (plan.chosen.tolist(), plan.auxiliary.tolist()) == ([0], [1])
    assert reserves(problem, plan) == {0: ("L3", None)}


def test_a_cap_that_the_placement_itself_fills_bars_no_reserve(world: Callable[..., Any]) -> None:
    rules = {"cap": {"rule": "authority_cap", "count": 1}}
    small = world([{}, {}], leaders=[{}] * 3, rules=rules)
    assert _reserves(small, [[9, 1], [8, 1], [7, 1]]) == {"P1": ("L2", "L3")}


def test_a_pinned_placement_has_reserves_for_when_its_leader_drops_out(world: Callable[..., Any]) -> None:
    pin = {"leader_id": "L1", "post_id": "P1", "reason": "promised", "author": "AB"}
    small = world([{}], leaders=[{}] * 2, pins={"promise": pin})
    assert _reserves(small, [[1], [9]]) == {"P1": ("L2", None)}


def test_a_banned_leader_is_never_a_reserve(world: Callable[..., Any]) -> None:
    ban = {"leader_id": "L2", "post_id": "P1", "reason": "refused", "author": "AB"}
    small = world([{}], leaders=[{}] * 3, bans={"no": ban})
    table = pd.DataFrame({"urn": [1], "need": 0.4, "p_fall_if_inspected": 0.3})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    impact = impact_matrix(small.known(), forecast)
    problem = placement_problem(small.known(), impact)
    found = reserves(problem, solve(problem, time_limit_seconds=30, seed=1))
    assert list(found.values()) == [("L3", None)]
