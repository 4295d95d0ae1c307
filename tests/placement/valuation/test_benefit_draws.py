"""Draws of benefits: their mean is the expected benefit, and what moves together does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.forecast import RiskForecast
from pilotage.errors import ScenarioError
from pilotage.placement.valuation import benefit_draws as room
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.placement.valuation.benefit_draws import benefit_draws

DRAWS = 50


def _forecast(urns: list[int], draws: np.ndarray | None = None) -> RiskForecast:
    table = pd.DataFrame({"urn": urns, "need": 0.4, "p_fall_if_inspected": 0.3}).astype({"urn": "int64"})
    given = {} if draws is None else {"p_fall_if_inspected": draws.astype(np.float32)}
    return RiskForecast(pd.Timestamp("2016-08-31").date(), table, {}, given)


def _drawn(
    small: Any, forecast: RiskForecast, *, seed: int = 1, draws: int = DRAWS, **parameters: float
) -> tuple[pd.DataFrame, np.ndarray]:
    case = replace(small.known(**parameters), urns=forecast.table["urn"].to_numpy())
    objective = case.scenario.objective.model_copy(update={"draws": draws})
    solver = case.scenario.solver.model_copy(update={"seed": seed})
    case = replace(case, scenario=case.scenario.model_copy(update={"objective": objective, "solver": solver}))
    impact = impact_matrix(case, forecast)
    drawn = benefit_draws(case, forecast, impact, np.full(len(impact.pairs), 1000.0))
    return impact.pairs, drawn / 1000


def test_the_mean_over_the_draws_is_the_expected_benefit_and_the_spread_is_the_intervals(
    world: Callable[..., Any],
) -> None:
    pairs, drawn = _drawn(world([{}, {}]), _forecast([1, 2]), fall_reduction_sd=0.0)
    assert drawn.mean(axis=0) == pytest.approx(pairs["benefit"].to_numpy(), abs=0.001)
    half = 1.6448536269514722 * drawn.std(axis=0)  # only the effect is in doubt here
    assert half == pytest.approx((pairs["benefit_high"] - pairs["benefit"]).to_numpy(), abs=0.002)


def test_leaders_of_a_level_and_stage_move_together_and_others_apart(world: Callable[..., Any]) -> None:
    schools = [{}, {}, {"phase": "secondary"}]
    _, drawn = _drawn(world(schools, leaders=[{}, {}]), _forecast([1, 2, 3]), fall_reduction_sd=0.0)
    together = np.corrcoef(drawn.T)  # pairs: L1 in P1, P2, P3, then L2
    assert together[0, 1] == pytest.approx(1, abs=1e-5)
    assert together[0, 3] == pytest.approx(1, abs=1e-5)
    assert abs(together[0, 2]) < 0.5


def test_what_a_fall_averted_is_worth_moves_all_schools_by_their_own_chance(world: Callable[..., Any]) -> None:
    chances = np.tile(np.linspace(0.0, 0.6, 10), (2, 1))
    chances[1] = 0.3  # school 2's chance is sure; school 1's is not
    small = world([{}, {}], leaders=[{}])
    pairs, drawn = _drawn(small, _forecast([1, 2], chances), leader_quality_sd=0.0, fall_value_months=20.0)
    worth = 300 * pairs["acceptance"].to_numpy()
    assert drawn[:, 1].std() == pytest.approx(worth[1] * 0.3 * 0.2, abs=0.01)  # 0.2: the sd of delta
    assert drawn[:, 0].std() > drawn[:, 1].std()
    assert drawn.mean(axis=0) == pytest.approx(pairs["benefit"].to_numpy(), abs=0.001)


def test_a_school_without_a_forecast_has_no_fall_to_avert_in_any_draw(world: Callable[..., Any]) -> None:
    forecast = _forecast([1])
    missing = replace(forecast, table=forecast.table.assign(p_fall_if_inspected=np.nan))
    _, drawn = _drawn(world([{}]), missing, leader_quality_sd=0.0, fall_value_months=20.0)
    assert np.ptp(drawn) == 0


def test_draws_of_own_chances_count_where_a_forecast_has_them(world: Callable[..., Any]) -> None:
    known, own = np.full((2, 4), 0.5), np.tile([0.0, 1.0, 0.0, 1.0], (2, 1))
    forecast = _forecast([101, 102], known)
    both = replace(forecast, draws=forecast.draws | {"p_fall_if_inspected_own": own.astype(np.float32)})
    assert room._chances(both, 4, np.random.default_rng(1)).std() == 0.5
    assert room._chances(forecast, 4, np.random.default_rng(1)).std() == 0


def test_the_same_seed_gives_the_same_draws_and_another_others(world: Callable[..., Any]) -> None:
    small, forecast = world([{}]), _forecast([1])
    one, again, other = (_drawn(small, forecast, seed=seed)[1] for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_more_draws_than_can_be_held_are_refused_with_what_to_do(
    world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_CELLS", 99)
    with pytest.raises(ScenarioError, match=r"50 draws x 2 pairs = 100 figures .* take at most 49 draws"):
        _drawn(world([{}, {}], leaders=[{}]), _forecast([1, 2]))
