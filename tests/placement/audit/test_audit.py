"""The audit accepts what the solver makes and catches each planted breach by name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.findings.explanation import Audit, ProvenHow
from pilotage.domain.plan import PlacementPlan
from pilotage.placement.audit.audit import audit_alternative
from pilotage.placement.solver.solve import solve

SCHOOLS = [
    {"authority": "Derby", "trust": "Ark", "area": "Derby"},
    {"authority": "Oldham", "trust": "Ark"},
    {"authority": "Oldham", "easting": 20_000.0, "region": "London"},
]
RULES: dict[str, Any] = {
    **{name: {"rule": name} for name in ("consent", "phase", "level", "travel", "availability")},
    "authorities": {"rule": "authority_cap", "count": 2},
    "trusts": {"rule": "trust_cap", "count": 2},
    "area": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1},
    "budget": {"rule": "budget", "total_gbp": 6000},
}
KEYS: dict[str, Any] = {
    "pins": {"promise": {"leader_id": "L1", "post_id": "P1", "reason": "r", "author": "a"}},
    "bans": {"never": {"leader_id": "L3", "post_id": "P1", "reason": "r", "author": "a"}},
}
BENEFIT = [[5, 1, 1], [1, 4, 1], [None, 1, 3]]


def _audit(small: Any, plan: PlacementPlan | None = None) -> Audit:
    problem, impact = small.problem(BENEFIT), small.impact(BENEFIT)
    made = plan or small.plan(BENEFIT)
    return small.audit(problem, made, impact)


def _broken(found: Audit) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


def test_the_solvers_plan_passes_every_check(world: Callable[..., Any]) -> None:
    found = _audit(world(SCHOOLS, rules=RULES, **KEYS))
    assert found.clean, _broken(found)
    names = [check.name for check in found.checks]
    assert [name for name in names if name.partition(".")[0] == "rules"] == [f"rules.{name}" for name in RULES]
    assert (found.proven_how, found.proven_gap) == (ProvenHow.LINEAR, 3 / 12_000)  # a unit of rounding for each post


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ({"consent": {"posts": ("consent", 1, "no")}}, "rules.consent"),
        ({"phase": {"leaders": ("phases", 1, "secondary")}}, "rules.phase"),
        ({"level": {"leaders": ("level", 1, "middle")}}, "rules.level"),
        ({"reach": {"leaders": ("max_travel_km", 2, 19.9)}}, "rules.travel"),
        ({"region": {"leaders": ("willing_regions", 2, "East Midlands")}}, "rules.travel"),
        ({"free": {"posts": ("opens_on", 0, np.datetime64("2016-08-01"))}}, "rules.availability"),
    ],
)
def test_a_table_changed_behind_the_plan_is_caught(
    world: Callable[..., Any], planted: dict[str, Any], name: str
) -> None:
    small = world(SCHOOLS, rules=RULES, **KEYS)
    plan = small.plan(BENEFIT)
    for table, (column, row, value) in next(iter(planted.values())).items():
        frame = small.pool.leaders if table == "leaders" else small.posts.posts
        frame.loc[row, column] = value
    found = small.recount(small.problem(BENEFIT), plan, small.impact(BENEFIT))
    assert _broken(found) == {name}


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ({"authorities": {"rule": "authority_cap", "count": 1}}, "rules.authorities"),
        ({"trusts": {"rule": "trust_cap", "count": 1}}, "rules.trusts"),
        ({"area": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 2}}, "rules.area"),
        ({"area": {"rule": "area_minimum", "areas": ["area: Derby"], "share": 0.34}}, "rules.area"),
        ({"budget": {"rule": "budget", "total_gbp": 5999}}, "rules.budget"),
    ],
)
def test_a_plan_made_under_looser_rules_is_caught(world: Callable[..., Any], rule: dict[str, Any], name: str) -> None:
    small = world(SCHOOLS, rules=RULES, **KEYS)
    plan = small.plan(BENEFIT)
    strict = small.with_rules(RULES | rule, **KEYS)
    problem, impact = small.problem(BENEFIT), small.impact(BENEFIT)
    found = strict.recount(problem, plan, impact)
    assert _broken(found) == {name}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"chosen": [0, 1]}, {"one_post_per_leader", "objective"}),
        ({"chosen": [0, 3]}, {"one_leader_per_post", "objective"}),
        ({"objective": 12_001}, {"objective", "bound"}),
        ({"bound": 12_001}, {"bound"}),
        ({"bound": 11_999}, {"bound"}),
        ({"bound_lp": 12_000.5}, {"bound_lp"}),
    ],
)
def test_a_plan_altered_by_hand_is_caught(world: Callable[..., Any], change: dict[str, Any], names: set[str]) -> None:
    small = world(SCHOOLS, rules=RULES, **KEYS)
    plan = small.plan(BENEFIT)
    assert (plan.objective, plan.bound) == (12_000, 12_000)
    altered = {key: np.array(value) if key == "chosen" else value for key, value in change.items()}
    assert names <= _broken(_audit(small, replace(plan, **altered)))


def test_a_missing_pin_and_a_made_ban_are_caught(world: Callable[..., Any]) -> None:
    small = world(SCHOOLS, rules=RULES)
    plan = small.plan(BENEFIT)
    pin = {"leader_id": "L1", "post_id": "P3", "reason": "r", "author": "a"}
    ban = {"urn": 2, "reason": "r", "author": "a"}
    strict = small.with_rules(RULES, pins={"p": pin}, bans={"b": ban})
    problem, impact = small.problem(BENEFIT), small.impact(BENEFIT)
    found = strict.recount(problem, plan, impact)
    assert _broken(found) == {"pins.p", "bans.b"}


@pytest.mark.parametrize(("areas", "unit"), [({"Derby": 1.5}, "weighted pupil-months"), ({}, "pupil-months")])
def test_details_name_the_unit_of_the_objective(world: Callable[..., Any], areas: dict[str, float], unit: str) -> None:
    keys = {"objective": {"equity_weights": {"areas": areas}}, "report": {"alternatives": {"count": 1, "loss": 0.1}}}
    rule = {"most": {"rule": "authority_cap", "count": 1, "price": 0.5}}
    small = world([{"area": "Derby"}, {"area": "Derby"}], rules=rule, **keys)
    benefit = [[8, 1], [1, 8]]
    weight = areas.get("Derby", 1.0)
    problem = small.problem(benefit)
    problem = replace(problem, benefit=(problem.benefit * weight).astype(np.int64))
    plan = solve(problem, time_limit_seconds=30, seed=1)
    impact = small.impact(benefit)
    found = {check.name: check for check in small.audit(problem, plan, impact).checks}
    assert all(check.holds for check in found.values())
    assert found["bound_lp"].detail == f"no plan is worth more than {16 * weight - 0.5:.3f} {unit}"
    assert found["objective"].detail == f"{16 * weight - 0.5:.1f} {unit}"
    assert found["prices"].detail == f"0.5 {unit} paid for broken rules"
    near = {
        one.name: one.detail for one in audit_alternative(small.case(impact), problem, plan, plan.objective or 0).checks
    }
    assert near["near_the_best"] == f"0.0 {unit} less than the best, {0.1 * (16 * weight - 0.5):.1f} allowed"
