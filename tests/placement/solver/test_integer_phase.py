"""Plans where the linear optimum is not whole: worked out by hand, and beside CP-SAT on larger problems."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row, SharedPupils, Status
from pilotage.placement.formulation.shared_pupils import with_shared
from pilotage.placement.solver import integer_phase, reduced_cost_fixing
from pilotage.placement.solver import solve as solver
from pilotage.placement.solver.cp_sat import Answer, Choice, Limits, Pool, solve_integers, value_of
from pilotage.placement.solver.master_lp import NotSolvedError, Rows
from pilotage.placement.solver.solve import solve


def _diagonal(benefit: list[int], *rows: Row, auxiliaries: tuple[Auxiliary, ...] = ()) -> PlacementProblem:
    """Leader i may go to post i alone."""
    every = np.arange(len(benefit))
    names = tuple(f"N{number}" for number in every)
    pairs = every.astype(np.int32)
    return PlacementProblem(
        names, names, every, pairs, pairs, np.array(benefit), 1, tuple(rows), auxiliaries=auxiliaries
    )


def test_a_budget_that_fits_the_second_and_the_third_best() -> None:
    # 61 leaves 20 of 50, too few for another; 50 + 50 spend all. In parts, 61 + 40 = 101 is the most.
    money = Row("money", "budget", "cost", "<=", 50, np.arange(3), np.array([30, 25, 25]))
    plan = solve(_diagonal([61, 50, 50], money), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound, plan.bound_lp) == (Status.OPTIMAL, 100, 100, 101.0)
    assert plan.chosen.tolist() == [1, 2]


def test_a_share_that_no_whole_number_of_placements_meets_exactly() -> None:
    # Two of five inside. Without the second inside, one carries one: 1 + 100. With it, two carry three: 1 - 60 + 270.
    # In parts, half of the second carries what the first leaves room for, and no plan reaches that.
    share = Row(
        "areas", "area_minimum", "a share", ">=", 0, np.arange(6), np.array([3, 3, -2, -2, -2, -2]), over="post"
    )
    plan = solve(_diagonal([1, -60, 100, 90, 80, 70], share), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 211, 211)
    assert plan.chosen.tolist() == [0, 1, 2, 3, 4]


def test_a_price_paid_by_the_whole_unit() -> None:
    # 7 over a limit of 10 is paid by units of 4 at 5 each: 2 units, 10, so that 30 - 10 beats 18 within the limit.
    over = Row("money", "budget", "cost", "<=", 10, np.arange(2), np.array([9, 8]), np.array([0]), np.array([-4]))
    plan = solve(_diagonal([18, 12], over, auxiliaries=(Auxiliary("over", 5, -5),)), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.auxiliary.tolist()) == (Status.OPTIMAL, 20, [2])


def _region(seed: int, leaders: int, posts: int) -> PlacementProblem:
    """A share of placements inside an area, a budget, and a share of the benefit."""
    generator = np.random.default_rng(seed)
    pairs = np.flatnonzero(generator.random(leaders * posts) < 0.4)
    leader, post = np.divmod(pairs, posts)
    benefit, cost = (
        generator.integers(2000, 60_000, len(pairs)),
        generator.choice([6, 8, 12, 15], leaders)[leader] * 1000,
    )
    inside, poor = np.arange(posts) * 5 < posts * 2, np.arange(posts) % 3 == 0
    rows = (
        Row("areas", "area_minimum", "", ">=", 0, np.arange(posts), np.where(inside, 3, -2), over="post"),
        Row("money", "budget", "", "<=", 7000 * leaders, np.arange(len(pairs)), cost),
        Row("fair", "deprived_share", "", ">=", 0, np.arange(len(pairs)), benefit * np.where(poor, 1, -1)[post]),
    )
    names = tuple(str(number) for number in range(posts))
    ends = (leader.astype(np.int32), post.astype(np.int32))
    return PlacementProblem(names[:leaders], names, np.arange(posts), *ends, benefit, 1000, rows)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_region_is_planned_as_well_as_by_cp_sat(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _planned_as_well(_region(seed, 7, 14), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_larger_region_is_planned_as_well_as_by_cp_sat(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _planned_as_well(_region(seed, 14, 30), monkeypatch)


def _planned_as_well(problem: PlacementProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reduced_cost_fixing, "FIRST", 10)  # so that the first guess fails, and searches start anew
    plan, again = (solve(problem, time_limit_seconds=60, seed=1) for _ in range(2))
    other = solve_integers(Rows(problem), Pool.whole(problem), None, Limits(60), 1)
    assert other.choice is not None
    assert other.proven
    assert (plan.status, plan.objective) == (Status.OPTIMAL, value_of(problem, other.choice))
    assert plan.chosen.tolist() == again.chosen.tolist()


def _knapsack(**changes: Any) -> PlacementProblem:
    """61 leaves 20 of 50, too few for another; 50 + 50 spend all."""
    money = Row("money", "budget", "cost", "<=", 50, np.arange(3), np.array([30, 25, 25]))
    return replace(_diagonal([61, 50, 50], money), **changes)


def test_a_solver_whose_claim_is_too_low_for_its_own_plan_does_not_lower_the_bound_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    false = Answer(Choice(np.array([1, 2]), np.zeros(0, dtype=np.int64)), 7, proven=True)
    monkeypatch.setattr(integer_phase, "solve_mip", lambda *_, **__: false)
    plan = solve(_knapsack(), time_limit_seconds=60, seed=1)
    assert (plan.objective, plan.bound) == (100, 100)


def test_an_answer_that_breaks_a_row_in_integers_is_no_plan_and_cp_sat_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    false = Answer(Choice(np.array([0, 1]), np.zeros(0, dtype=np.int64)), 111, proven=True)
    monkeypatch.setattr(integer_phase, "solve_mip", lambda *_, **__: false)
    plan = solve(_knapsack(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound, plan.solver) == (Status.OPTIMAL, 100, 100, "CP-SAT")


def test_a_linear_programme_that_is_not_solved_leaves_all_to_the_integer_solvers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failed(*_: Any, **__: Any) -> None:
        raise NotSolvedError

    monkeypatch.setattr(solver, "relax", failed)
    plan = solve(_knapsack(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 100, 100)


def test_weights_too_small_for_floating_point_are_left_to_cp_sat() -> None:
    # 2^40 a + b + c <= 2^40 + 1: with a, only one of b and c; without, both
    row = Row("far", "drawn", "", "<=", 2**40 + 1, np.arange(3), np.array([2**40, 1, 1]))
    plan = solve(_diagonal([50, 40, 39], row), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective) == (Status.OPTIMAL, 90)


def test_the_widest_auxiliary_is_counted_to_the_unit() -> None:
    # z is at most 2^40, and at most 3 less where the pair is placed, which is worth 2: so nobody is placed
    row = Row("r", "drawn", "", "<=", 2**40, np.array([0]), np.array([3]), np.array([0]), np.array([1]))
    plan = solve(_diagonal([2], row, auxiliaries=(Auxiliary("z", 2**41, 1),)), time_limit_seconds=60, seed=1)
    assert (plan.objective, plan.chosen.tolist(), plan.auxiliary.tolist()) == (2**40, [], [2**40])


def test_two_leaders_of_one_school_lose_what_both_would_count() -> None:
    # each takes up to 75 of 100 units at 4 a unit: 300 + 300 - 200 = 400; a third elsewhere is worth 350: 300 + 350
    problem = replace(_diagonal([300, 300, 350]), urns=np.array([1, 1, 2]))
    shared = SharedPupils(
        pair=np.arange(3),
        school=np.array([0, 0, 1]),
        units=np.array([[75], [75], [75]]),
        gain=np.array([[300], [300], [350]]),
        urns=np.array([1, 2]),
        auxiliary=np.zeros(0, dtype=np.int64),
    )
    two = Row("two", "drawn", "", "<=", 2, np.arange(3), np.ones(3, dtype=np.int64))
    plan = solve(with_shared(replace(problem, rows=(two,)), shared), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 650, 650)
    alone = with_shared(
        replace(problem, rows=(replace(two, members=two.members[:2], weights=two.weights[:2]),)), shared
    )
    plan = solve(alone, time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.auxiliary.tolist()) == (Status.OPTIMAL, 750, [200])  # all three


def test_the_same_problem_and_seed_give_the_same_plan() -> None:
    first, second = (solve(_region(3, 14, 30), time_limit_seconds=60, seed=1) for _ in range(2))
    assert (first.chosen.tolist(), first.bound) == (second.chosen.tolist(), second.bound)


def test_a_plan_within_a_millionth_is_not_the_end_where_a_better_one_is_easily_found() -> None:
    # 20 leaders of 20 posts, of which a budget allows 19: the two cheapest to leave out differ by one in 40 million
    benefit = [2_000_000 + number for number in range(20)]
    money = Row("money", "budget", "", "<=", 39, np.arange(20), np.array([3] + [2] * 19))
    plan = solve(_diagonal(benefit, money), time_limit_seconds=60, seed=1)
    # without the first: 19 x 2 = 38; without another: 3 + 18 x 2 = 39: leave out the first, worth least
    assert plan.objective == sum(benefit[1:])
    assert plan.bound == plan.objective
