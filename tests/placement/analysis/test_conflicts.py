"""Which rules clash: those that do, and no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.analysis import conflicts
from pilotage.placement.analysis.conflicts import conflicting_rows
from pilotage.placement.solver.solve import solve


def _clash(small: Any, benefit: Any) -> set[str]:
    problem = small.problem(benefit)
    plan = solve(problem, time_limit_seconds=30, seed=1)
    assert plan.status is Status.INFEASIBLE
    return {row.name for row in _found(problem)}


AREAS = [{"area": "Derby", "authority": "Derby"}, {"area": "Derby", "authority": "Derby"}, {"authority": "Oldham"}]
LEAST = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 2}


def test_a_minimum_against_a_cap_and_nothing_else(world: Callable[..., Any]) -> None:
    others = {"money": {"rule": "budget", "total_gbp": 9_000}, "wide": {"rule": "region_cap", "count": 2}}
    rules = others | {"least": LEAST, "cap": {"rule": "authority_cap", "count": 1}}
    assert _clash(world(AREAS, rules=rules), [[5, 4, 3]] * 3) == {"least", "cap: Derby"}


def test_a_clash_that_only_whole_numbers_show(world: Callable[..., Any]) -> None:
    # The executive takes two posts or none, one of them in Derby, at most one of them there: so P3 too, which is £4,000
    # with the cheaper of Derby's. Without the cap, P1 and P2 would do.
    rules = {
        "span": {"rule": "executive_span", "minimum": 2},
        "least": {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1},
        "cap": {"rule": "authority_cap", "count": 1},
        "money": {"rule": "budget", "total_gbp": 3_500},
        "wide": {"rule": "region_cap", "count": 3},
    }
    leaders = [{"level": "executive", "span": 3}]
    found = _clash(world(AREAS, leaders=leaders, rules=rules), [[5, 4, 3]])
    assert {name.partition(":")[0] for name in found} == {"span", "least", "cap", "money"}


def test_pins_against_a_budget(world: Callable[..., Any]) -> None:
    pins = {f"p{n}": {"leader_id": f"L{n}", "post_id": f"P{n}", "reason": "r", "author": "a"} for n in (1, 2, 3)}
    rules = {"money": {"rule": "budget", "total_gbp": 5_999}, "cap": {"rule": "authority_cap", "count": 2}}
    found = _clash(world(AREAS, rules=rules, pins=pins), [[5, 4, 3]] * 3)
    assert found == {"money", "pins.p1", "pins.p2", "pins.p3"}  # £1,000 + £2,000 + £3,000


def _caps_below_a_minimum(caps: int) -> tuple[PlacementProblem, PlacementPlan]:
    """Return a pair that a minimum demands and each cap forbids, and a proof that names all of these rules."""
    pair, weight = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    rows = [Row(f"cap {n}", "cap", "", "<=", 0, pair, weight, key=f"cap {n}") for n in range(caps)]
    rows.append(Row("least", "minimum", "", ">=", 1, pair, weight, key="least"))
    ends = (pair.astype(np.int32), pair.astype(np.int32))
    problem = PlacementProblem(("L1",), ("P1",), np.array([1]), *ends, np.array([5000]), 1000, tuple(rows))
    names = tuple(row.name for row in rows)
    return problem, PlacementPlan(Status.INFEASIBLE, pair[:0], None, None, None, conflict=names)


def test_rules_that_another_makes_needless_are_left_out() -> None:
    problem, plan = _caps_below_a_minimum(3)
    assert [row.name for row in conflicting_rows(problem, plan, 1)] == ["cap 2", "least"]


def test_more_rules_than_are_tried_stay_as_the_proof_named_them() -> None:
    problem, plan = _caps_below_a_minimum(60)  # 61 rules
    assert conflicting_rows(problem, plan, 1) == problem.rows


def test_rules_not_settled_in_time_stay_as_the_proof_named_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "SECONDS", 0.0)
    problem, plan = _caps_below_a_minimum(3)
    assert conflicting_rows(problem, plan, 1) == problem.rows
