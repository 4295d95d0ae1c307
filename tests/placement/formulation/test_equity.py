"""Equity weights: who is how deprived, and what the weights change, by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pilotage.config.objective import EquityWeights
from pilotage.domain.deprivation import fifths
from pilotage.placement.formulation.equity import pair_weights, school_weights, weighted
from pilotage.placement.solver.solve import solve


def _with_shares(small: Any, shares: list[float | None]) -> Any:
    small.panel.school_years["fsm6_share"] = np.array(shares, dtype=float)
    small.panel.school_years["fsm_share"] = np.nan
    return small


def test_a_fifth_is_of_the_schools_whose_share_is_known(world: Callable[..., Any]) -> None:
    shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, None]
    small = _with_shares(world([{}] * 11), shares)
    found = fifths(small.panel, np.arange(1, 12))
    assert found.tolist()[:10] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert found.isna().tolist() == [False] * 10 + [True]


def test_schools_of_one_share_are_in_one_fifth(world: Callable[..., Any]) -> None:
    small = _with_shares(world([{}] * 5), [0.2, 0.2, 0.2, 0.4, 0.6])
    assert fifths(small.panel, np.arange(1, 6)).tolist() == [3, 3, 3, 4, 5]


def test_only_schools_in_scope_count(world: Callable[..., Any]) -> None:
    small = _with_shares(world([{}] * 5), [0.2, 0.3, 0.4, 0.5, 0.6])
    assert fifths(small.panel, np.array([1, 2])).tolist() == [3, 5]


def test_the_weights_of_fifth_and_area_multiply(world: Callable[..., Any]) -> None:
    schools = [{"area": "Derby"}, {}, {"area": "Derby"}, {}, {}]
    small = _with_shares(world(schools), [0.1, 0.2, 0.3, 0.4, None])
    weights = EquityWeights(deprivation_fifths={5: 1.5, 4: 1.2}, areas={"Derby": 2.0})
    # four known: fifths 2, 3, 4, 5; the last is not known
    assert school_weights(weights, small.panel, np.arange(1, 6)).tolist() == pytest.approx([2.0, 1.0, 2.4, 1.5, 1.0])


def test_a_weight_moves_the_leader_and_the_objective_is_in_weighted_units(world: Callable[..., Any]) -> None:
    small = world([{"area": "Derby"}, {}], leaders=[{}])
    problem = small.problem([[6, 8]])
    assert solve(problem, time_limit_seconds=30, seed=1).chosen.tolist() == [1]
    weights = pair_weights(
        small.with_rules({}, objective={"equity_weights": {"areas": {"Derby": 1.5}}}).known(), problem
    )
    ours = weighted(problem, small.impact([[6, 8]]), weights)
    plan = solve(ours, time_limit_seconds=30, seed=1)
    assert plan.chosen.tolist() == [0]
    assert plan.objective == 9_000  # 1.5 x 6


def test_no_weights_change_nothing(world: Callable[..., Any]) -> None:
    small = world([{}, {}])
    problem = small.problem([[6, 8], [1, 2]])
    weights = pair_weights(small.known(), problem)
    assert (weighted(problem, small.impact([[6, 8], [1, 2]]), weights).benefit == problem.benefit).all()
