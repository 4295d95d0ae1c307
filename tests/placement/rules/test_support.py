"""Support of the leader in post as an alternative to placing: by hand, through eligibility, benefit, rows and audit."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.answers import SUPPORTING, Answer, Asked
from pilotage.domain.findings.explanation import Audit
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.errors import ScenarioError
from pilotage.placement.eligibility.answered import with_answers, with_opened_posts
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix

SIMPLE = {
    "fade_in_year_1": 0.0,
    "fade_in_year_2": 0.5,
    "fade_in_year_3": 1.0,
    "stay_three_years_head_primary": 1.0,
    "stay_three_years_support_primary": 1.0,
    "acceptance_consent_yes": 0.5,
    "acceptance_support": 1.0,
    **{"leader_quality": 1.0, "months_per_sd_primary_above": 2.0},  # a head: 2 months
    # Up to the median head E[max(0, -z)] = 1 / sqrt(2 pi) standard deviations are missing: 2 months, of which half.
    **{"support_quality": 0.0, "months_per_sd_primary_below": 2 * math.sqrt(2 * math.pi), "effect_ratio_support": 0.5},
    "fall_ratio_support": 0.5,
    "fall_value_months": 100 / 15,  # 15 pupils finish: 100 pupil-months
    "fall_reduction": 0.1,
    "year_groups_primary": 7.0,
}
KEYS = {"impact": {"years": 3}}


def _offered(world: Callable[..., Any], capacity: dict[str, int], place: bool = True, **keys: Any) -> Any:
    """Return a world of three schools and two heads' posts (at schools 1 and 2) in which support is offered."""
    offer = {"place": place, "support": {"capacity": capacity, "cost_gbp": 3000}}
    schools = [{}, {}, {"region": "London"}]
    return world(schools, leaders=[{}, {}], posts=[{}, {}], interventions=offer, **(KEYS | keys))


def _impact(small: Any) -> ImpactMatrix:
    table = pd.DataFrame({"urn": [1, 2, 3], "need": 0.4, "p_fall_if_inspected": 0.3})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    return impact_matrix(small.known(**SIMPLE), forecast)


def _made(small: Any, impact: ImpactMatrix) -> tuple[set[tuple[str, str]], Audit, Any]:
    problem = placement_problem(small.known(**SIMPLE), impact)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    found = small.audit(problem, plan, impact)
    pairs = {(problem.leader_ids[problem.leader[p]], problem.post_ids[problem.post[p]]) for p in plan.chosen}
    return pairs, found, plan


def test_the_benefit_of_support_by_hand(world: Callable[..., Any]) -> None:
    pairs = _impact(_offered(world, {"London": 1})).pairs
    support = pairs[pairs["post_index"] >= 2]
    # acceptance 1 x (1 month x 15 pupils x 1.5 + 100 x 0.3 x 0.1 x 0.5) = 22.5 + 1.5
    assert support["benefit"].tolist() == pytest.approx([24.0])
    assert support["cost_gbp"].tolist() == [3000]
    assert support["travel_km"].isna().all()
    assert (support["benefit_low"] < 0).all()


def test_a_supported_school_gets_no_head_and_capacity_holds(world: Callable[..., Any]) -> None:
    # A head is worth 0.5 x (45 + 3) = 24 in schools 1 and 2, as much as support; support costs nothing here, but only
    # one school of the East Midlands can have it, and no school both: 24 + 24, and 24 more in London.
    small = _offered(world, {"East Midlands": 1, "London": 5})
    pairs, found, plan = _made(small, _impact(small))
    assert plan.objective == 72_000
    assert found.clean, [check for check in found.checks if not check.holds]
    assert ("support: London", "support: 3") in pairs
    served = [post.removeprefix("support: ") for _, post in pairs]
    assert len(served) == len({name.replace("P", "") for name in served}) == 3


def test_support_that_does_more_takes_the_heads_place(world: Callable[..., Any]) -> None:
    small = _offered(world, {"East Midlands": 1})
    impact = _impact(small)
    better = impact.pairs["post_index"].to_numpy() == 2  # support of school 1
    dear = replace(impact, pairs=impact.pairs.assign(benefit=np.where(better, 30.0, impact.pairs["benefit"])))
    pairs, found, plan = _made(small, dear)
    assert plan.objective == 54_000  # 30 for supporting school 1, 24 for a head in school 2, and nobody in P1
    assert ("support: East Midlands", "support: 1") in pairs
    assert "P1" not in {post for _, post in pairs}
    assert found.clean


def test_without_placing_there_is_only_support(world: Callable[..., Any]) -> None:
    small = _offered(world, {"East Midlands": 1}, place=False)
    impact = _impact(small)
    assert set(impact.pairs["post_index"]) == {2, 3}
    assert impact.ineligible["reason"].tolist() == ["placing_off"] * 2
    pairs, found, _ = _made(small, impact)
    assert len(pairs) == 1
    assert found.clean


def test_a_school_both_supported_and_led_is_caught(world: Callable[..., Any]) -> None:
    small = _offered(world, {"East Midlands": 2, "London": 1})
    impact = _impact(small)
    made = placement_problem(small.known(**SIMPLE), impact)
    free = replace(made, rows=())
    plan = solve(free, time_limit_seconds=30, seed=1)
    found = small.recount(free, plan, impact)
    assert {check.name for check in found.checks if not check.holds} == {"support_or_head"}


def test_more_support_than_a_region_has_is_caught(world: Callable[..., Any]) -> None:
    small = _offered(world, {"East Midlands": 1}, place=False)
    impact = _impact(small)
    problem = placement_problem(small.known(**SIMPLE), impact)
    wide = replace(problem, capacity=problem.capacity + 5)
    plan = solve(wide, time_limit_seconds=30, seed=1)
    found = small.recount(problem, plan, impact)
    assert {check.name for check in found.checks if not check.holds} == {"one_post_per_leader"}


@pytest.mark.parametrize(("counts", "worth"), [("place", 48_000), ("both", 24_000), ("support", 48_000)])
def test_rules_count_support_where_they_say_so(world: Callable[..., Any], counts: str, worth: int) -> None:
    # Heads in schools 1 and 2, or one of them supported: 48 either way. A cap of one head placed leaves one placed and
    # one supported; a cap of one of either leaves one.
    cap = {"rule": "authority_cap", "count": 1, "counts": counts}
    small = _offered(world, {"East Midlands": 1}, rules={"cap": cap})
    _, found, plan = _made(small, _impact(small))
    assert plan.objective == worth
    assert found.clean


def test_a_region_without_schools_is_named(world: Callable[..., Any]) -> None:
    with pytest.raises(ScenarioError, match=r"capacity\.Londn - no such region .* did you mean 'London'"):
        _impact(_offered(world, {"Londn": 1}))


def test_a_refusal_of_support_bars_it_at_that_school_alone(world: Callable[..., Any]) -> None:
    case = _offered(world, {"East Midlands": 5, "London": 5}, place=False).known(**SIMPLE)
    refused = Answer(Asked(1, "support"), SUPPORTING, "refused", None, None, None, Path("d.xlsx"), 2)
    told = with_answers(replace(case, posts=replace(case.posts, answers=(refused,))))
    assert [ban.post_id for ban in told.scenario.bans.values()] == ["support: 1"]
    table = pd.DataFrame({"urn": [1, 2, 3], "need": 0.4, "p_fall_if_inspected": 0.3})
    forecast = RiskForecast(case.panel.as_of, table, {}, {})
    schools = [set(impact_matrix(each, forecast).pairs["post_index"] - 2) for each in (case, told)]
    assert schools == [{0, 1, 2}, {1, 2}]
    agreed = replace(case, posts=replace(case.posts, answers=(replace(refused, said="agreed"),)))
    assert not with_answers(with_opened_posts(agreed)).scenario.pins  # support has none


def test_nothing_to_do_is_refused(world: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="neither placing nor support"):
        world([{}], interventions={"place": False})


def test_a_region_without_a_school_in_scope_offers_support_to_nobody(world: Callable[..., Any]) -> None:
    travel = {"travel": {"rule": "travel", "price": 5}}  # priced, so that distances of everybody are looked at
    small = world([{}, {"region": "London"}], leaders=[{}], posts=[{}], rules=travel, **_support({"London": 1}))
    table = pd.DataFrame({"urn": [1], "need": 0.4, "p_fall_if_inspected": 0.3})
    case = replace(small.known(**SIMPLE), urns=np.array([1]))
    impact = impact_matrix(case, RiskForecast(small.panel.as_of, table, {}, {}))
    assert impact.pairs["leader_index"].tolist() == [0]


def _support(capacity: dict[str, int]) -> dict[str, Any]:
    return {"interventions": {"place": True, "support": {"capacity": capacity, "cost_gbp": 3000}}} | KEYS
