"""Worst draws: plans derived by hand in which they change who goes where, and what the audit says of a false claim."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.config.objective import Objective
from pilotage.domain.findings.explanation import Audit
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.domain.statistics.cvar import Cvar
from pilotage.errors import ScenarioError
from pilotage.placement.analysis.baselines import baselines
from pilotage.placement.formulation.equity import pair_weights, weighted
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.cvar import CvarAnswer, cvar_state, rescored, solve_cvar
from pilotage.placement.solver.solve import solve

BOLD, SURE = [20, 0], [9, 9]  # in two draws: a mean of 10, and 9 whatever happens


def _cvar(draws: list[list[int]], worst: int, weight: str) -> Cvar:
    """Return the cvar of pairs whose draws are given pair by pair, in pupil-months."""
    table = np.array(draws, dtype=np.int32).T * 1000
    return Cvar(table, np.rint(table.mean(axis=0)).astype(np.int64), worst, Fraction(weight))


def _solved(problem: PlacementProblem, cvar: Cvar) -> CvarAnswer:
    return solve_cvar(problem, cvar, time_limit_seconds=30, seed=1)


@pytest.mark.parametrize(("weight", "post", "objective"), [("0", 0, 10), ("1/20", 0, 9.5), ("1/2", 1, 9), ("1", 1, 9)])
def test_the_sure_post_wins_once_the_worst_draw_weighs_enough(
    world: Callable[..., Any], weight: str, post: int, objective: float
) -> None:
    # 0.95 x 10 + 0.05 x 0 = 9.5 > 9; 0.5 x 10 + 0.5 x 0 = 5 < 9
    cvar = _cvar([BOLD, SURE], 1, weight)
    found = _solved(world([{}, {}], leaders=[{}]).problem([[10, 9]]), cvar)
    assert found.plan.chosen.tolist() == [post]
    assert found.plan.objective == objective * found.problem.scale
    assert found.plan.bound == found.plan.objective
    assert found.plan.status is Status.OPTIMAL


def test_two_bold_placements_that_hedge_each_other_beat_two_sure_ones(world: Callable[..., Any]) -> None:
    # L1: P1 [10, 0] or P2 [5, 5]; L2: P3 [0, 10] or P4 [4, 4]. Worst draw: P1 P3 10, P2 P4 9, P2 P3 5, P1 P4 4.
    problem = world([{}] * 4, leaders=[{}, {}]).problem([[5, 5, None, None], [None, None, 5, 4]])
    found = _solved(problem, _cvar([[10, 0], [5, 5], [0, 10], [4, 4]], 1, "1"))
    assert found.plan.chosen.tolist() == [0, 2]
    assert found.plan.objective == 10 * found.problem.scale


def test_the_state_tells_mean_and_worst_of_both_plans(world: Callable[..., Any]) -> None:
    problem, cvar = world([{}, {}], leaders=[{}]).problem([[10, 9]]), _cvar([BOLD, SURE], 1, "1/2")
    state = cvar_state(problem.scale, cvar, _solved(problem, cvar))
    assert state is not None
    assert (state.mean, state.worst_mean) == (9, 9)
    assert (state.expected_plan_mean, state.expected_plan_worst_mean) == (10, 0)


def test_several_worst_draws_are_averaged(world: Callable[..., Any]) -> None:
    cvar = _cvar([[8, 2, 4, 90]], 2, "1")
    found = _solved(world([{}]).problem([[26]]), cvar)
    assert found.plan.objective == 3 * found.problem.scale  # (2 + 4) / 2
    assert cvar.worst_draws(np.array([0])).tolist() == [1, 2]


def test_rules_hold_with_worst_draws_too(world: Callable[..., Any]) -> None:
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1}
    small = world([{"area": "Derby"}, {}], leaders=[{}], rules={"area": rule})
    assert _solved(small.problem([[10, 9]]), _cvar([BOLD, SURE], 1, "1")).plan.chosen.tolist() == [0]
    two = small.with_rules({"area": rule | {"count": 2}})
    assert _solved(two.problem([[10, 9]]), _cvar([BOLD, SURE], 1, "1")).plan.status is Status.INFEASIBLE


def test_baselines_are_scored_as_the_plan_is(world: Callable[..., Any]) -> None:
    problem, cvar = world([{}, {}], leaders=[{}]).problem([[10, 9]]), _cvar([BOLD, SURE], 1, "1/2")
    plan = _solved(problem, cvar)
    peers = {peer.name: rescored(cvar, peer) for peer in baselines(problem, np.array([0.1, 0.2]), 1)}
    assert peers["greedy_by_benefit"].objective == 5 * plan.problem.scale
    assert peers["highest_risk_first"].objective == plan.plan.objective


def test_figures_too_fine_for_exact_sums_are_refused(world: Callable[..., Any]) -> None:
    cvar = replace(_cvar([[9e5, 9e5]], 1, "1/2"), weight=Fraction(1, 2**31))
    with pytest.raises(ScenarioError, match=r"cvar_weight .* rounder"):
        _solved(world([{}]).problem([[900_000]]), cvar)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"cvar_share": 0.01, "draws": 20}, "less than one draw"),
        ({"cvar_weight": 0.123}, "finer than steps of 0.01"),
        ({"cvar_weight": 1.5}, "less than or equal to 1"),
        ({"cvar_share": 0}, "greater than 0"),
        ({"draws": 1}, "greater than or equal to 2"),
        ({"equity_weights": {"deprivation_fifths": {6: 2}}}, "less than or equal to 5"),
        ({"equity_weights": {"areas": {"area: Derby": -1}}}, "greater than or equal to 0"),
    ],
)
def test_settings_that_mean_nothing_are_refused(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Objective.model_validate({"measure": "mean_less_cvar"} | keys)


def _audited(small: Any, cvar: Cvar, **changes: Any) -> Audit:
    impact = small.impact([[10, 9]])
    found = _solved(small.problem([[10, 9]]), cvar)
    return small.audit(found.problem, replace(found.plan, **changes), impact, cvar=cvar)


def _broken(found: Audit) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


NO_NEED = pd.Series(dtype=float)
OBJECTIVE = {"measure": "mean_less_cvar", "cvar_weight": 0.5, "cvar_share": 0.5, "draws": 2}


def test_the_audit_recounts_the_worst_draws(world: Callable[..., Any]) -> None:
    small, cvar = world([{}, {}], leaders=[{}], objective=OBJECTIVE), _cvar([BOLD, SURE], 1, "1/2")
    assert _audited(small, cvar).clean, _broken(_audited(small, cvar))
    assert _broken(_audited(small, cvar, auxiliary=np.array([9_500]))) >= {"worst_draws", "objective"}
    assert "objective" in _broken(_audited(small, cvar, chosen=np.array([0])))


def test_the_audit_refuses_draws_that_the_scenario_does_not_ask_for_or_that_miss_the_mean(
    world: Callable[..., Any],
) -> None:
    small = world([{}, {}], leaders=[{}], objective=OBJECTIVE | {"cvar_weight": 0.4})
    assert _broken(_audited(small, _cvar([BOLD, SURE], 1, "1/2"))) == {"worst_draws"}
    small = world([{}, {}], leaders=[{}], objective=OBJECTIVE)
    off = replace(_cvar([BOLD, SURE], 1, "1/2"), draws=_cvar([[20, 2], SURE], 1, "1/2").draws)
    assert _broken(_audited(small, off)) == {"worst_draws"}


def test_the_audit_finds_a_row_that_is_no_sum_of_worst_draws(world: Callable[..., Any]) -> None:
    small, cvar = world([{}, {}], leaders=[{}], objective=OBJECTIVE), _cvar([BOLD, SURE], 1, "1/2")
    found = _solved(small.problem([[10, 9]]), cvar)
    row = found.problem.rows[0]
    false = replace(found.problem, rows=(replace(row, weights=row.weights + 1), *found.problem.rows[1:]))
    assert "cuts" in _broken(small.audit(false, found.plan, small.impact([[10, 9]]), cvar=cvar))


def test_the_audit_recounts_need_weights_beside_equity_weights(world: Callable[..., Any]) -> None:
    # Of primary schools, need 0.25, unknown (their mean 0.25) and, in a phase where it is not known of any, unknown
    objective = {"equity_weights": {"areas": {"area: Derby": 2.0}}, "need_weight": 2.0}
    small = world([{"area": "Derby"}, {}, {"phase": "secondary"}], leaders=[{}], objective=objective)
    need, benefit = pd.Series([0.25, np.nan, np.nan], index=[1, 2, 3]), [[6, 4, 10]]
    plain = small.problem(benefit)
    problem = weighted(plain, small.impact(benefit), pair_weights(small.known(), plain, need))
    assert problem.benefit.tolist() == [18_000, 6_000, 10_000]  # x 2 x 1.5, x 1.5, x 1
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert plan.objective == 18_000
    assert small.audit(problem, plan, small.impact(benefit), need=need).clean
    of_zero = replace(problem, benefit=np.array([18_000, 4_000, 10_000]))  # unknown taken for zero
    assert "benefits" in _broken(small.audit(of_zero, plan, small.impact(benefit), need=need))


def test_the_audit_recounts_equity_weights(world: Callable[..., Any]) -> None:
    weights = {"equity_weights": {"areas": {"area: Derby": 1.5}, "deprivation_fifths": {5: 2.0}}}
    small = world([{"area": "Derby"}, {}], leaders=[{}], objective=weights)
    small.panel.school_years["fsm6_share"] = [0.1, 0.5]  # fifths 3 and 5
    plain = small.problem([[6, 4]])
    problem = weighted(plain, small.impact([[6, 4]]), pair_weights(small.known(), plain, NO_NEED))
    assert problem.benefit.tolist() == [9_000, 8_000]
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert small.audit(problem, plan, small.impact([[6, 4]])).clean
    unweighted = replace(problem, benefit=np.array([6_000, 8_000]))
    assert "benefits" in _broken(small.audit(unweighted, plan, small.impact([[6, 4]])))


def test_what_priced_rules_charge_counts_whole_and_unweighted(world: Callable[..., Any]) -> None:
    # P1 is in Derby (weight 2) and of the wrong phase, which costs 3: 2 x 10 - 3 = 17 by the mean, 2 x 0 - 3 at worst
    schools = [{"area": "Derby", "phase": "secondary"}, {}]
    rules = {"phase": {"rule": "phase", "price": 3}}
    objective = OBJECTIVE | {"equity_weights": {"areas": {"area: Derby": 2}}}
    small = world(schools, leaders=[{}], rules=rules, objective=objective)
    impact = small.impact([[10, 9]])
    impact.pairs["price"] = [3.0, 0.0]
    plain = placement_problem(small.known(), impact)
    weight = pair_weights(small.known(), plain, NO_NEED)
    problem = weighted(plain, impact, weight)
    assert problem.benefit.tolist() == [17_000, 9_000]
    cvar = _cvar([[40, 0], SURE], 1, "1/2")
    found = _solved(problem, cvar)
    assert found.plan.chosen.tolist() == [1]  # 0.5 x 20 + 0.5 x 0 - 3 = 7 < 9
    assert found.problem.benefit.tolist() == [14_000, 9_000]  # halves: 10 - 3 and 4.5, in 1/2000
    assert _broken(small.audit(found.problem, found.plan, impact, cvar=cvar)) == set()
