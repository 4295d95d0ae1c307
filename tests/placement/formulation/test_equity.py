"""Equity weights: who is how deprived, and what the weights change, by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.config.objective import EquityWeights, Objective
from pilotage.domain.deprivation import fifths
from pilotage.domain.place_names import PlaceNames
from pilotage.placement.formulation.equity import need_weights, pair_weights, school_weights, weighted
from pilotage.placement.solver.solve import solve

NO_NEED = pd.Series(dtype=float)


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
    weights = EquityWeights(deprivation_fifths={5: 1.5, 4: 1.2}, areas={"area: Derby": 2.0})
    # four known: fifths 2, 3, 4, 5; the last is not known
    names = PlaceNames(small.panel.schools, "opportunity_areas_2016")
    assert school_weights(weights, small.panel, names, np.arange(1, 6)).tolist() == pytest.approx(
        [2.0, 1.0, 2.4, 1.5, 1.0]
    )


def test_a_weight_moves_the_leader_and_the_objective_is_in_weighted_units(world: Callable[..., Any]) -> None:
    small = world([{"area": "Derby"}, {}], leaders=[{}])
    problem = small.problem([[6, 8]])
    assert solve(problem, time_limit_seconds=30, seed=1).chosen.tolist() == [1]
    weights = pair_weights(
        small.with_rules({}, objective={"equity_weights": {"areas": {"area: Derby": 1.5}}}).known(), problem, NO_NEED
    )
    ours = weighted(problem, small.impact([[6, 8]]), weights)
    plan = solve(ours, time_limit_seconds=30, seed=1)
    assert plan.chosen.tolist() == [0]
    assert plan.objective == 9_000  # 1.5 x 6


def test_no_weights_change_nothing(world: Callable[..., Any]) -> None:
    small = world([{}, {}])
    problem = small.problem([[6, 8], [1, 2]])
    weights = pair_weights(small.known(), problem, pd.Series([0.9, 0.1], index=[1, 2]))
    assert (weighted(problem, small.impact([[6, 8], [1, 2]]), weights).benefit == problem.benefit).all()


def test_unknown_need_counts_as_the_mean_of_its_phase_and_nothing_known_as_one(world: Callable[..., Any]) -> None:
    phases = ["primary", "primary", "primary", "secondary", "special", "secondary"]
    small = world([{"phase": phase} for phase in phases])
    need = pd.Series([0.2, 0.6, np.nan, 0.9, np.nan, 0.1], index=range(1, 7))
    found = need_weights(2.0, need, small.panel)
    assert found.tolist() == [1.4, 2.2, 1.8, 2.8, 1.0, 1.2]


def test_need_multiplies_with_equity(world: Callable[..., Any]) -> None:
    objective = {"equity_weights": {"areas": {"area: Derby": 1.5}}, "need_weight": 10}
    small = world([{"area": "Derby"}, {"area": "Derby"}, {}], leaders=[{}], objective=objective)
    need = pd.Series([0.3, 0.0, 1.0], index=[1, 2, 3])
    weights = pair_weights(small.known(), small.problem([[1, 1, 1]]), need)
    assert weights.tolist() == [6.0, 1.5, 11.0]


def test_the_more_need_weighs_the_needier_the_school_and_the_scores_are_weighted(world: Callable[..., Any]) -> None:
    # 8 at need 0.2 against 6 at need 0.8: 8 (1 + 0.2 w) = 6 (1 + 0.8 w) at w = 0.625
    need = pd.Series([0.2, 0.8], index=[1, 2])
    placed, objectives = [], []
    for weight in (0, 0.5, 0.6, 0.65, 1, 10):
        small = world([{}, {}], leaders=[{}], objective={"need_weight": weight})
        problem = small.problem([[8, 6]])
        ours = weighted(problem, small.impact([[8, 6]]), pair_weights(small.known(), problem, need))
        plan = solve(ours, time_limit_seconds=30, seed=1)
        placed.append(float(need.to_numpy()[plan.chosen].mean()))
        objectives.append(plan.objective)
    assert placed == [0.2, 0.2, 0.2, 0.8, 0.8, 0.8]
    assert objectives == [8_000, 8_800, 8_960, 9_120, 10_800, 54_000]


@pytest.mark.parametrize("weight", [-0.1, 10.5])
def test_a_need_weight_is_from_0_to_10(weight: float) -> None:
    with pytest.raises(ValueError, match="need_weight"):
        Objective.model_validate({"need_weight": weight})
