"""Ways through a solve that an early end opens: each gives a plan with a true bound, or says why there is none."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row, SharedPupils, Status
from pilotage.placement.formulation.shared_pupils import with_shared
from pilotage.placement.solver import column_generation
from pilotage.placement.solver import solve as solver
from pilotage.placement.solver.master_lp import NotSolvedError, OutOfTimeError
from pilotage.placement.solver.solve import solve


def _diagonal(benefit: list[int], *rows: Row, auxiliaries: tuple[Auxiliary, ...] = ()) -> PlacementProblem:
    """Return a problem in which leader i may go to post i alone."""
    every = np.arange(len(benefit))
    names, ends = tuple(f"N{number}" for number in every), every.astype(np.int32)
    return PlacementProblem(names, names, every, ends, ends, np.array(benefit), 1, tuple(rows), auxiliaries=auxiliaries)


def _knapsack() -> PlacementProblem:
    """61 leaves 20 of 50, too few for another; 50 + 50 spend all. In parts, 61 + 40 = 101 is the most."""
    return _diagonal([61, 50, 50], Row("money", "budget", "", "<=", 50, np.arange(3), np.array([30, 25, 25])))


def _even() -> PlacementProblem:
    """Two each for three placements make three: in parts one and a half placements do, in whole numbers none."""
    return _diagonal([5, 4, 3], Row("three", "drawn", "", "=", 3, np.arange(3), np.array([2, 2, 2])))


def test_the_bound_proven_before_the_linear_time_ran_out_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    relax = column_generation.relax

    def late(*given: Any, **more: Any) -> None:
        raise OutOfTimeError(relax(*given, **more))

    monkeypatch.setattr(solver, "relax", late)
    plan = solve(_knapsack(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound, plan.bound_lp) == (Status.OPTIMAL, 100, 100, 101.0)
    assert plan.chosen.tolist() == [1, 2]


@pytest.mark.parametrize("passes", [0, 1])
def test_rows_on_shared_pupils_that_no_pass_adds_are_added_by_the_search(
    monkeypatch: pytest.MonkeyPatch, passes: int
) -> None:
    # each takes up to 75 of 100 units at 4 a unit: 300 + 300 - 200 = 400; with 350 elsewhere 750, or 950 without loss
    monkeypatch.setattr(solver, "CUT_PASSES", passes)
    shared = SharedPupils(
        pair=np.arange(3),
        school=np.array([0, 0, 1]),
        units=np.array([[75], [75], [75]]),
        gain=np.array([[300], [300], [350]]),
        urns=np.array([1, 2]),
        auxiliary=np.zeros(0, dtype=np.int64),
    )
    problem = replace(_diagonal([300, 300, 350]), urns=np.array([1, 1, 2]))
    plan = solve(with_shared(problem, shared), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 750, 750)
    assert plan.auxiliary.tolist() == [200]
    assert plan.bound_lp == pytest.approx(750 if passes else 950, abs=0.01)


def test_a_price_is_paid_though_the_linear_programme_was_not_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    # 7 over a limit of 10 is paid by units of 4 at 5 each: 2 units, 10, so that 30 - 10 beats 18 within the limit
    def failed(*_: Any, **__: Any) -> None:
        raise NotSolvedError

    monkeypatch.setattr(solver, "relax", failed)
    over = Row("money", "budget", "", "<=", 10, np.arange(2), np.array([9, 8]), np.array([0]), np.array([-4]))
    problem = _diagonal([18, 12], over, auxiliaries=(Auxiliary("over", 5, -5),))
    plan = solve(problem, time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.auxiliary.tolist()) == (Status.OPTIMAL, 20, [2])


def test_no_whole_plan_is_infeasible_once_the_search_has_ended() -> None:
    plan = solve(_even(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.conflict, plan.objective) == (Status.INFEASIBLE, ("three",), None)


def test_no_whole_plan_before_the_search_has_ended_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pilotage.placement.solver.integer_phase.BUILDING", 1e6)  # seconds: no pool is begun
    plan = solve(_even(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.conflict, plan.objective) == (Status.NO_PLAN_IN_TIME, (), None)


def test_without_time_a_minimum_leaves_no_plan() -> None:
    least = Row("least", "minimum", "", ">=", 2, np.arange(3), np.ones(3, dtype=np.int64))
    plan = solve(_diagonal([5, 4, 3], least), time_limit_seconds=0.0, seed=1)
    assert (plan.status, plan.conflict, plan.objective, plan.bound) == (Status.NO_PLAN_IN_TIME, (), None, None)
