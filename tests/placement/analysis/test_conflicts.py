"""Which rules clash: those that do, and no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.analysis import conflicts
from pilotage.placement.analysis.conflicts import ConflictingRows, conflicting_rows
from pilotage.placement.analysis.infeasible import conflict, feasibility
from pilotage.placement.analysis.infeasible.conflict import Certainty
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError
from pilotage.placement.solver.solve import solve


@pytest.fixture(autouse=True)
def _ample_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "SECONDS", 600.0)


def _found(problem: PlacementProblem) -> ConflictingRows:
    found = conflicting_rows(problem, 1)
    assert found is not None
    return found


def _clash(small: Any, benefit: Any) -> set[str]:
    found = _found(small.problem(benefit))
    assert found.certainty is Certainty.SMALLEST
    return {row.name for row in found.rows}


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


def _caps_below_a_minimum(caps: int) -> PlacementProblem:
    """Return a pair that a minimum demands and each cap forbids."""
    pair, weight = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    rows = [Row(f"cap {n}", "cap", "", "<=", 0, pair, weight, key=f"cap {n}") for n in range(caps)]
    rows.append(Row("least", "minimum", "", ">=", 1, pair, weight, key="least"))
    ends = (pair.astype(np.int32), pair.astype(np.int32))
    return PlacementProblem(("L1",), ("P1",), np.array([1]), *ends, np.array([5000]), 1000, tuple(rows))


@pytest.mark.parametrize("caps", [3, 80])
def test_rules_that_another_makes_needless_are_left_out(caps: int) -> None:
    found = _found(_caps_below_a_minimum(caps))
    assert len(found.rows) == found.rules == 2
    assert found.rows[1].name == "least"
    assert found.certainty is Certainty.SMALLEST


def test_a_smaller_conflict_is_named_than_the_first_that_nothing_can_be_left_out_of(
    world: Callable[..., Any],
) -> None:
    # The pins cost £1,000 + £2,000 + £3,000, above the budget; a minimum of one in Derby is above a maximum of none.
    pins = {f"p{n}": {"leader_id": f"L{n}", "post_id": f"P{n}", "reason": "r", "author": "a"} for n in (1, 2, 3)}
    none = {"rule": "area_maximum", "areas": ["area: Derby"], "count": 0}
    rules = {"money": {"rule": "budget", "total_gbp": 5_999}, "least": LEAST | {"count": 1}, "none": none}
    schools = [{"authority": "Oldham"}] * 3 + [{"area": "Derby", "authority": "Derby"}]
    assert _clash(world(schools, rules=rules, pins=pins), [[5, 4, 3, 2]] * 4) == {"least", "none"}


def test_rules_not_settled_in_time_are_those_that_the_proof_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    def once(problem: PlacementProblem, deadline: float, seed: int) -> PlacementPlan:
        asked.append(len(problem.rows))
        if len(asked) > 1:
            raise OutOfTimeError
        return solve(problem, time_limit_seconds=30, seed=seed)

    monkeypatch.setattr(feasibility, "any_plan", once)
    monkeypatch.setattr(conflict, "any_plan", once)
    found = _found(_caps_below_a_minimum(3))
    assert found.certainty is Certainty.NAMED
    assert {row.name for row in found.rows} >= {"least"}
    assert len(asked) > 1


def test_without_any_time_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "SECONDS", 0.0)
    assert conflicting_rows(_caps_below_a_minimum(3), 1) is None
    (problem,) = conflicts.conflict_problems("mine", None, {})
    assert "not found in time" in problem.what
