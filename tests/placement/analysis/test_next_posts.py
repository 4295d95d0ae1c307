"""Where a leader goes next: the next ask, or the best free post that the rules allow, by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from pilotage.placement.analysis import next_posts
from pilotage.placement.analysis.next_posts import ask_order, next_pairs
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve


def _next(small: Any, benefit: list[list[float | None]], asks: list[int] | None = None) -> dict[str, str | None]:
    """Return the post that each leader of the plan goes to next, by the post that fell away."""
    problem, plan = small.problem(benefit), small.plan(benefit)
    order = ask_order(problem, np.array(asks or [], dtype=np.int64))
    following = next_pairs(problem, plan, order)
    assert sorted(following) == plan.chosen.tolist()
    names = {pair: problem.post_ids[problem.post[pair]] for pair in range(len(problem.post))}
    return {names[pair]: None if other is None else names[other] for pair, other in following.items()}


def test_the_best_free_post_and_none_that_is_held_or_worth_nothing(world: Callable[..., Any]) -> None:
    small = world([{}] * 4, leaders=[{}] * 2)
    assert _next(small, [[9, 8, 5, 6], [8, 9, 0, None]]) == {"P1": "P4", "P2": None}


def test_another_post_of_the_school_that_said_no_is_not_next(world: Callable[..., Any]) -> None:
    posts = [{"urn": 1}, {"urn": 1, "level": "senior"}, {"urn": 2}]
    small = world([{}, {}], leaders=[{}], posts=posts)
    assert _next(small, [[9, 8, 2]]) == {"P1": "P3"}


def test_the_next_post_must_fit_the_budget(world: Callable[..., Any]) -> None:
    rules = {"budget": {"rule": "budget", "total_gbp": 1500}}
    small = world([{}] * 3, leaders=[{}], rules=rules)
    impact = small.impact([[9, 8, 7]])
    impact.pairs["cost_gbp"] = [1000, 2000, 1500]  # P2 would cost more than there is
    problem = placement_problem(small.known(), impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert next_pairs(problem, plan, {}) == {0: 2}


def test_a_cap_that_the_post_itself_fills_bars_no_next_post(world: Callable[..., Any]) -> None:
    rules = {"cap": {"rule": "authority_cap", "count": 1}}
    schools = [{}, {}, {"authority": "Oldham"}, {"authority": "Oldham"}]
    small = world(schools, leaders=[{}] * 2, rules=rules)
    # L1 in Derby, L2 in Oldham: L1 may go on in Derby, and not to the second post in Oldham
    assert _next(small, [[9, 3, 1, 5], [1, 1, 9, 2]]) == {"P1": "P2", "P3": "P4"}


def test_a_pinned_placement_that_falls_away_has_a_next_post(world: Callable[..., Any]) -> None:
    pin = {"leader_id": "L1", "post_id": "P1", "reason": "promised", "author": "AB"}
    assert _next(world([{}, {}], leaders=[{}], pins={"promise": pin}), [[1, 9]]) == {"P1": "P2"}


def test_after_an_ask_comes_the_next_ask_of_the_plan_and_then_the_best_free_post(world: Callable[..., Any]) -> None:
    small = world([{}] * 4, leaders=[{"level": "head"}])
    problem = small.problem([[4, 9, 6, 5]])
    plan = small.plan([[4, 9, 6, 5]])
    asked = type(plan)(plan.status, np.array([1, 2]), 15_000, 15_000, 15_000.0)
    order = ask_order(problem, asked.chosen)
    assert order == {1: 1, 2: 2}
    assert next_pairs(problem, asked, order) == {1: 2, 2: 3}


def test_a_post_far_down_the_list_is_found_too(world: Callable[..., Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(next_posts, "FIRST_LOOK", 1)
    rules = {"budget": {"rule": "budget", "total_gbp": 1000}}
    small = world([{}] * 9, leaders=[{}], rules=rules)
    impact = small.impact([[9, 8, 7, 6, 5, 4, 3, 2, 1]])
    impact.pairs["cost_gbp"] = [1000, *[2000] * 7, 1000]
    problem = placement_problem(small.known(), impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert next_pairs(problem, plan, {}) == {0: 8}
    impact.pairs["cost_gbp"] = pd.Series([1000, *[2000] * 8])
    problem = placement_problem(small.known(), impact)
    assert next_pairs(problem, plan, {}) == {0: None}
