"""The price of a rule: what one unit more of its limit is worth, checked by solving again with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.findings.explanation import RuleState
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Sense, Status
from pilotage.placement.analysis.shadow_prices import row_states
from pilotage.placement.solver.solve import solve


def _solved(problem: PlacementProblem) -> PlacementPlan:
    return solve(problem, time_limit_seconds=30, seed=1)


def _states(problem: PlacementProblem) -> dict[str, RuleState]:
    return {state.name: state for state in row_states(problem, _solved(problem))}


def _with_one_more(problem: PlacementProblem, name: str) -> PlacementProblem:
    rows = [replace(row, rhs=row.rhs + 1) if row.name == name else row for row in problem.rows]
    return replace(problem, rows=tuple(rows))


def _gain(problem: PlacementProblem, name: str) -> float:
    more, now = _solved(_with_one_more(problem, name)).objective, _solved(problem).objective
    assert more is not None
    assert now is not None
    return (more - now) / problem.scale


def test_a_caps_price_is_what_one_placement_more_is_worth(world: Callable[..., Any]) -> None:
    # three posts worth 7 each in one authority, at most two: one more adds 7
    benefit = [[7, None, None], [None, 7, None], [None, None, 7]]
    problem = world([{}] * 3, rules={"cap": {"rule": "authority_cap", "count": 2}}).problem(benefit)
    state = _states(problem)["cap: Derby"]
    assert state.binding
    assert state.price == pytest.approx(7)
    assert state.price == pytest.approx(_gain(problem, "cap: Derby"))
    assert state.price_of_plan


def test_at_a_corner_the_price_lies_between_the_last_units_worth_and_the_nexts(world: Callable[..., Any]) -> None:
    # worth 10 and 7 in one authority, at most one: the last was worth 10, the next would add 7
    problem = world([{}, {}], rules={"cap": {"rule": "authority_cap", "count": 1}}).problem([[10, None], [None, 7]])
    price = _states(problem)["cap: Derby"].price
    assert price is not None
    assert _gain(problem, "cap: Derby") == 7 <= price <= 10


def test_a_minimums_price_is_negative(world: Callable[..., Any]) -> None:
    schools = [{"area": "Derby"}, {"area": "Derby"}, {}, {}]
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1}
    benefit = [[3, 3, 9, 9], [2, 2, 9, 9]]  # one in the area: 3 + 9; two: 3 + 2
    problem = world(schools, leaders=[{}, {}], rules={"area": rule}).problem(benefit)
    state = _states(problem)["area"]
    assert _gain(problem, "area") == -7
    assert state.price is not None
    assert -7 - 1e-9 <= state.price <= -6 + 1e-9  # between the loss of the last unit and of the next: a corner


def test_a_limit_with_room_has_no_price(world: Callable[..., Any]) -> None:
    problem = world([{}, {}], rules={"budget": {"rule": "budget", "total_gbp": 9000}}).problem([[10, 1], [1, 7]])
    state = _states(problem)["budget"]
    assert not state.binding
    assert state.price == 0


def test_the_price_of_a_plan_that_is_not_the_linear_optimum_says_so(world: Callable[..., Any]) -> None:
    # costs 1,000 and 2,000, budget 2,000: the linear optimum takes a half of one of them
    problem = world([{}, {}], rules={"budget": {"rule": "budget", "total_gbp": 2000}}).problem([[6, None], [None, 10]])
    state = _states(problem)["budget"]
    assert not state.price_of_plan
    assert state.price == pytest.approx(0.005)  # 10 for 2,000


def test_no_linear_optimum_no_price(world: Callable[..., Any]) -> None:
    problem = world([{}, {}], rules={"cap": {"rule": "authority_cap", "count": 1}}).problem([[10, None], [None, 7]])
    cut = replace(_solved(problem), status=Status.FEASIBLE, iterations=0)
    assert [state.price for state in row_states(problem, cut)] == [None]


@pytest.mark.parametrize("seed", range(20))
def test_prices_of_whole_optima_bound_what_one_unit_changes(seed: int) -> None:
    """A dual is a slope of the optimum, which is concave in the limit: the next unit gains no more than it."""
    generator = np.random.default_rng(seed)
    sense: Sense = "<=" if seed % 2 else ">="
    size = 5
    problem = PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(size)),
        post_ids=tuple(f"P{n}" for n in range(size)),
        urns=np.arange(size),
        leader=np.repeat(np.arange(size), size).astype(np.int32),
        post=np.tile(np.arange(size), size).astype(np.int32),
        benefit=generator.integers(1000, 9000, size * size),
        scale=1000,
    )
    members = np.flatnonzero(problem.post < 3)
    row = Row("row", "cap", "row", sense, 2 if sense == "<=" else 3, members, np.ones(len(members), dtype=np.int64))
    stated = replace(problem, rows=(row,))
    (state,) = row_states(stated, _solved(stated))
    assert state.price is not None
    assert state.price_of_plan
    if sense == "<=":
        assert _gain(stated, "row") <= state.price + 1e-9
    less = replace(stated, rows=(replace(row, rhs=row.rhs - 1),))
    was, now = _solved(less).objective, _solved(stated).objective
    assert was is not None
    assert now is not None
    assert (now - was) / 1000 >= state.price - 1e-9
