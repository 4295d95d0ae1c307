"""What each placement counts where leaders of one school share its pupils, as the method page has it by hand."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from pilotage.domain.statistics.cvar import Cvar
from pilotage.placement.analysis.pupils_counted import sharing
from pilotage.placement.solver.cvar import CvarAnswer, cvar_state

CERTAIN = {
    **{f"fade_in_year_{year}": 1.0 for year in (1, 2, 3, 4)},
    **{f"stay_three_years_{level}_primary": 1.0 for level in ("head", "senior", "middle")},
    "acceptance_consent_yes": 1.0,
    **{"leader_quality": 1.0, "months_per_sd_primary_above": 2.0},
    "fall_value_months": 0.0,
    "effect_ratio_senior": 0.5,
    "effect_ratio_middle": 0.25,
    "year_groups_primary": 7.0,
}


def _case(world: Callable[..., Any], levels: list[str], **keys: Any) -> Any:
    people = [{"level": level} for level in levels]
    posts = [{"level": level, "urn": 1} for level in levels]
    rules = {"level": {"rule": "level"}}
    return world([{}], leaders=people, posts=posts, rules=rules, impact={"years": 1}, **keys).plan_case(**CERTAIN)


def test_the_example_of_the_method_page(world: Callable[..., Any]) -> None:
    # 15 finish: the head adds 30 and the senior leader 15; of 150 units there are 100: 15 lost by the later pair.
    case = _case(world, ["head", "senior"])
    found = sharing(case.impact, case.problem, np.array([0, 1]))
    assert list(found) == [1]
    assert found[1].lost == pytest.approx(15)
    assert found[1].counted == pytest.approx(0)
    assert found[1].beside == ("L1",)


def test_enough_pupils_for_both_lose_nothing(world: Callable[..., Any]) -> None:
    case = _case(world, ["senior", "middle"])
    assert sharing(case.impact, case.problem, np.array([0, 1])) == {}


def test_weights_do_not_change_what_is_counted(world: Callable[..., Any]) -> None:
    plain = _case(world, ["head", "senior"])
    weighted = _case(world, ["head", "senior"], objective={"equity_weights": {"deprivation_fifths": {5: 2.0}}})
    chosen = np.array([0, 1])
    assert sharing(plain.impact, plain.problem, chosen) == sharing(weighted.impact, weighted.problem, chosen)


def test_what_is_left_is_what_the_objective_counts(world: Callable[..., Any]) -> None:
    case = _case(world, ["head", "senior", "senior"])
    chosen = case.plan.chosen
    parts = sharing(case.impact, case.problem, chosen)
    counted = case.impact.pairs["benefit"].to_numpy()[chosen].sum() - sum(part.lost for part in parts.values())
    assert case.plan.objective / case.problem.scale == pytest.approx(counted, abs=0.001 * len(chosen))


def test_mean_and_worst_draws_count_pupils_once_too(world: Callable[..., Any]) -> None:
    # Both pairs of the example are in the plan: 30 + 15, of which 15 are lost, in the mean as in the worst draw.
    case = _case(world, ["head", "senior"])
    draws = np.array([[20_000, 10_000], [40_000, 20_000]], dtype=np.int32)
    cvar = Cvar(draws, np.array([30_000, 15_000]), 1, Fraction(1, 2))
    plan = replace(case.plan, chosen=np.array([0, 1]), objective=0)
    state = cvar_state(1000, cvar, CvarAnswer(case.problem, plan, plan))
    assert state is not None
    assert (state.mean, state.worst_mean) == (pytest.approx(30), pytest.approx(15))
    assert (state.expected_plan_mean, state.expected_plan_worst_mean) == (pytest.approx(30), pytest.approx(15))
