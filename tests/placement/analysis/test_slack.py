"""The least by which rows must be loosened so that a plan exists: by hand."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError
from pilotage.placement.analysis.infeasible.slack import least_slack, loosened
from pilotage.placement.solver.solve import solve

DERBY = [{"area": "Derby", "authority": "Derby"}] * 3
BENEFIT = [[5, 4, 3]] * 3


def _rows(problem: PlacementProblem, key: str) -> set[int]:
    return {number for number, row in enumerate(problem.rows) if row.key == key}


def _least(problem: PlacementProblem, key: str) -> int | None:
    return least_slack(problem, _rows(problem, key), time.monotonic() + 600, 1)


@pytest.fixture
def capped(world: Callable[..., Any]) -> PlacementProblem:
    """Return a problem that asks for three placements in Derby, and lets one be there."""
    least = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 3}
    rules = {"least": least, "cap": {"rule": "authority_cap", "count": 1}}
    problem: PlacementProblem = world(DERBY, rules=rules).problem(BENEFIT)
    return problem


@pytest.mark.parametrize("key", ["least", "cap"])
def test_either_rule_gives_way_by_two(capped: PlacementProblem, key: str) -> None:
    assert _least(capped, key) == 2
    enough, short = (loosened(capped, _rows(capped, key), by) for by in (2, 1))
    assert solve(enough, time_limit_seconds=30, seed=1).status == "optimal"
    assert solve(short, time_limit_seconds=30, seed=1).status == "infeasible"


def test_a_rule_that_is_kept_already_gives_way_by_nothing(world: Callable[..., Any]) -> None:
    problem = world(DERBY, rules={"cap": {"rule": "authority_cap", "count": 3}}).problem(BENEFIT)
    assert _least(problem, "cap") == 0


def test_no_amount_is_enough_where_another_rule_is_at_fault(world: Callable[..., Any]) -> None:
    least = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 2}
    rules = {"least": least, "cap": {"rule": "authority_cap", "count": 1}, "wide": {"rule": "region_cap", "count": 3}}
    assert _least(world(DERBY, rules=rules).problem(BENEFIT), "wide") is None


def test_a_deadline_that_is_over_is_said(capped: PlacementProblem) -> None:
    with pytest.raises(OutOfTimeError):
        least_slack(capped, _rows(capped, "cap"), time.monotonic() - 1, 1)
