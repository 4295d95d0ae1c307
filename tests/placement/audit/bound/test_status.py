"""What a status is worth: proven by the linear programme, by the audit's own search, or refused."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from pilotage.domain.findings.explanation import ProvenHow
from pilotage.domain.plan import Status
from pilotage.placement.audit.audit import audit


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
