"""What the audit derives, by hand: values, shares, eligibility, bound, and its own search."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.explanation import ProvenHow
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.audit.audit import audit
from pilotage.placement.audit.bound.dual_bound import left_over, prove
from pilotage.placement.audit.capacities import capacities_of
from pilotage.placement.audit.case import Claim, planning_year
from pilotage.placement.audit.values.pair_values import Figures, worths
from pilotage.placement.audit.values.shared_pupils import school_loss

SIMPLE = {
    **{f"fade_in_year_{year}": 1.0 for year in (1, 2, 3, 4)},
    **{f"stay_three_years_{level}_primary": 1.0 for level in ("head", "executive")},
    **{"acceptance_consent_yes": 1.0, "acceptance_at_travel_limit": 0.5, "acceptance_relocation": 0.25},
    **{"fall_value_pupil_months": 100, "fall_reduction": 0.1, "placement_cost_gbp": 8000, "relocation_cost_gbp": 500},
    **{"origin_loss_share": 0.5, "responsiveness_slope": 0.5},
}


def _worth(made: Any, leader: int, post: int) -> Any:
    return worths(Figures(made.case, capacities_of(made.case)), np.array([leader]), np.array([post]))[0]


def test_a_head_next_door_by_hand(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}]), **SIMPLE)
    worth = _worth(made, 0, 0)
    # 210 pupils, half disadvantaged, seven year groups: 15 finish. 2 months x (1 + 0.5 x 0.4) x 15 x 4 years = 144, and
    # a fall averted: 100 x 0.3 x 0.1 = 3
    assert worth.benefit == pytest.approx(147)
    assert worth.yearly == pytest.approx((36, 36, 36, 36))
    assert (worth.averted, worth.units, worth.averted_units, worth.cost_gbp) == (pytest.approx(3), 100, 100, 8000)


def test_travel_and_the_school_left_by_hand(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    schools = [{"easting": 15_000.0}, {"phase": "secondary"}, {"easting": 60_000.0}]
    leaders = [{"current_urn": 2, "phases": "primary;secondary", "relocates": True}]
    posts = [{"urn": 1, "salary_gbp": 300.0}, {"urn": 3}]
    made = drawn_cases.valued_world(world(schools, leaders, posts), **SIMPLE)
    near, far = _worth(made, 0, 0), _worth(made, 0, 1)
    # Half of the travel limit: 1 - 0.5 x 0.5 = 0.75. Left: 17.5 finish (six year groups), x 0.5 x a secondary head's 1.
    assert near.benefit == pytest.approx(0.75 * (144 - 8.75 + 3))
    assert near.cost_gbp == 8300
    assert (far.acceptance, far.cost_gbp) == (0.25, 8500)


def test_own_evidence_is_shrunk_by_its_precision(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    small = world([{}], [{"effect_mean": 0.4, "effect_sd": 0.2}])
    month = drawn_cases.valued_world(small, **SIMPLE).case.evidence.value("sd_per_month")
    own = {"effect_mean": 4 * month, "effect_sd": 2 * month}
    made = drawn_cases.valued_world(world([{}], [own]), **SIMPLE)
    assert _worth(made, 0, 0).effect_months == pytest.approx(3)  # as sure as the published 2: halfway between 2 and 4


def test_pupils_are_shared_by_hand() -> None:
    # 75 units at 10 and 50 at 7: the first takes its 75, the second 25 of its 50, and loses half of 7: 3.5, rounded up.
    assert school_loss(np.array([[10], [7]]), np.array([[75], [50]])) == 4
    assert school_loss(np.array([[10, 5], [7, 5]]), np.array([[75, 100], [50, 100]])) == 9  # 3.5 + 5
    assert school_loss(np.array([[10], [7]]), np.array([[50], [50]])) == 0


def test_planning_years_begin_in_september() -> None:
    days = pd.Series(pd.to_datetime(["2016-01-04", "2016-09-01", "2017-08-31", "2017-09-01", "2019-04-20"]))
    assert planning_year(days, pd.Timestamp("2016-08-31").date()).tolist() == [0, 0, 0, 1, 2]
    assert planning_year(days, pd.Timestamp("2016-09-02").date()).tolist() == [0, 0, 0, 0, 1]


def _drawn(random: np.random.Generator) -> Claim:
    """Return a problem with rows of every kind, and duals of no meaning."""
    leaders, posts = int(random.integers(1, 4)), int(random.integers(1, 4))
    pairs = [(leader, post) for leader in range(leaders) for post in range(posts)]
    everything, rows = np.arange(len(pairs)), []
    for number, sense in enumerate(("<=", ">=", "=")):
        weights = random.integers(-9, 9, len(pairs))
        rows.append(Row(f"r{number}", "t", "t", sense, int(random.integers(-5, 9)), everything, weights))
    of_posts = Row("posts", "t", "t", "<=", 2, np.arange(posts), random.integers(0, 3, posts), over="post")
    problem = PlacementProblem(
        tuple(f"L{n}" for n in range(leaders)),
        tuple(f"P{n}" for n in range(posts)),
        np.arange(posts),
        np.array([leader for leader, _ in pairs], dtype=np.int32),
        np.array([post for _, post in pairs], dtype=np.int32),
        random.integers(-2_000, 9_000, len(pairs)),
        1000,
        (*rows, of_posts),
        capacity=random.integers(0, 3, leaders),
    )
    duals = random.normal(0, 2_000, posts), random.normal(0, 500, 4)
    none = np.zeros(0, dtype=np.int64)
    return Claim(problem, PlacementPlan(Status.OPTIMAL, none, 0, 0, 0.0, *duals))


def _plans(claim: Claim) -> list[tuple[int, ...]]:
    """Return every plan of a small problem."""
    problem = claim.problem
    plans = [some for count in range(4) for some in combinations(range(len(problem.benefit)), count)]
    return [plan for plan in plans if _is_plan(claim, np.array(plan, dtype=np.int64))]


def _is_plan(claim: Claim, plan: np.ndarray) -> bool:
    problem = claim.problem
    if (np.bincount(problem.post[plan], minlength=1) > 1).any():
        return False
    if (np.bincount(problem.leader[plan], minlength=len(problem.capacity)) > problem.capacity).any():
        return False
    for row in problem.rows:
        weights = row.weights[plan] if row.over == "pair" else row.weights[problem.post[plan]]
        total = int(weights.sum())
        if not {"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense]:
            return False
    return True


def test_any_duals_prove_a_true_bound_and_leave_no_better_plan_out() -> None:
    random = np.random.default_rng(5)
    for _ in range(300):
        claim = _drawn(random)
        proof = prove(claim, claim.problem.rows)
        assert proof is not None
        worth = {plan: int(claim.problem.benefit[list(plan)].sum()) for plan in _plans(claim)}
        for plan, value in worth.items():
            assert value <= proof.bound
            left, _ = left_over(claim, proof, value)
            assert set(plan) <= set(left.tolist())


def test_the_bound_does_not_overflow() -> None:
    claim = _drawn(np.random.default_rng(6))
    huge = replace(claim.problem, benefit=np.full(len(claim.problem.benefit), 2**59))
    duals = np.full(len(huge.post_ids), -1e30)
    proof = prove(Claim(huge, replace(claim.plan, post_duals=duals, row_duals=np.full(4, 1e30))), huge.rows)
    assert proof is not None
    taken = min(int(huge.capacity.sum()), len(huge.post_ids))
    assert proof.bound >= Fraction(2**59) * min(1, taken) or not taken


def test_the_search_closes_what_the_linear_programme_leaves_open(world: Callable[..., Any]) -> None:
    small = world([{}] * 4, leaders=[{}] * 3, rules={"money": {"rule": "budget", "total_gbp": 5500}})
    benefit = [[9, 8, 30, 1], [9, 8, 1, 31], [2, 20, 1, 1]]  # £1,000 to £4,000
    problem, plan = small.problem(benefit), small.plan(benefit)
    assert (plan.objective, plan.bound_lp) == (50_000, 54_500)  # 30 and 20 for £5,000; then £500 of what £1,000 buys
    checked = small.audit(problem, plan, small.impact(benefit))
    assert checked.clean, [check for check in checked.checks if not check.holds]
    assert (checked.proven_how, checked.proven_gap) == (ProvenHow.SEARCH, 0)
    status = next(check.detail for check in checked.checks if check.name == "status")
    assert status == "optimal: proven again by the audit's own exact search"


def test_a_better_plan_is_named_by_how_much(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}])
    problem, plan = small.problem([[10, 9.5]]), small.plan([[10, 9.5]])
    other = replace(plan, chosen=np.array([1]), objective=9_500, bound=9_500, proven_by=None)
    checked = small.audit(problem, other, small.impact([[10, 9.5]]))
    broken = {check.name: check.detail for check in checked.checks if not check.holds}
    assert broken == {"status": "a better plan exists: +0.500 pupil-months"}


def test_a_plan_of_unknown_rest_says_what_is_proven(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}])
    problem, plan = small.problem([[10, 9.5]]), small.plan([[10, 9.5]])
    feasible = replace(plan, chosen=np.array([1]), objective=9_500, bound=10_000, status=Status.FEASIBLE)
    checked = small.audit(problem, feasible, small.impact([[10, 9.5]]))
    assert checked.clean
    assert (checked.proven_how, checked.proven_gap) == (ProvenHow.LINEAR, 501 / 9_500)  # a unit of rounding included


def test_a_right_plan_of_nobody_is_proven_to_the_end(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    rules = {"consent": {"rule": "consent"}}
    made = drawn_cases.valued_world(world([{}], posts=[{"consent": "no"}], rules=rules))
    checked = audit(made.case, made.problem, made.plan)
    assert checked.clean, [check for check in checked.checks if not check.holds]
    assert (made.plan.objective, checked.proven_gap, checked.proven_how) == (0, 0, ProvenHow.LINEAR)


TEAM = [{"team_id": "A"}, {"team_id": "A"}]


@pytest.mark.parametrize(
    ("keys", "check"),
    [
        ({"leaders": [{"current_urn": 1}, {}]}, "own_post"),
        ({"posts": [{"opens_on": pd.Timestamp("2017-09-01")}, {}]}, "late_posts"),
        ({"rules": {"r": {"rule": "need_threshold", "minimum": 0.5}}}, "rules.r"),
        ({"rules": {"r": {"rule": "region_cap", "count": 0}}}, "rules.r"),
        ({"rules": {"r": {"rule": "area_maximum", "count": 0}}}, "rules.r"),
        ({"rules": {"r": {"rule": "hold_back", "posts": 1}}}, "held_back"),
        ({"rules": {"r": {"rule": "teams"}}, "leaders": TEAM}, "rules.r"),
        ({"bans": {"b": {"urn": 1, "reason": "r", "author": "a"}}}, "bans.b"),
        ({"interventions": {"place": False, "support": {"capacity": {"East Midlands": 0}}}}, "eligibility"),
    ],
)
def test_tables_and_rules_changed_behind_the_plan_are_seen(
    world: Callable[..., Any], drawn_cases: ModuleType, keys: dict[str, Any], check: str
) -> None:
    free = drawn_cases.valued_world(world([{"area": "Derby"}, {"area": "Derby"}]))
    assert audit(free.case, free.problem, free.plan).clean
    given = {"schools": [{"area": "Derby"}, {"area": "Derby"}]} | keys
    strict = world(**given)
    case = replace(free.case, scenario=strict.scenario, pool=strict.pool, posts=strict.posts)
    broken = {one.name for one in audit(case, free.problem, free.plan).checks if not one.holds}
    assert {check, "eligibility"} <= broken or check in broken


def test_a_school_out_of_scope_is_seen(world: Callable[..., Any], drawn_cases: ModuleType) -> None:
    made = drawn_cases.valued_world(world([{}, {}]))
    case = replace(made.case, urns=np.array([2]))
    assert "scope" in {one.name for one in audit(case, made.problem, made.plan).checks if not one.holds}


def test_the_audit_imports_nothing_else_of_placement() -> None:
    import ast
    from pathlib import Path

    import pilotage.placement.audit as room

    for file in Path(room.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                placement = name.startswith("pilotage.placement")
                assert not placement or name.startswith("pilotage.placement.audit"), f"{file.name} imports {name}"
