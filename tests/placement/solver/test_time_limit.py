"""What is left when time runs out: a plan that keeps the rules, and a bound that no plan passes."""

import time
from fractions import Fraction

import numpy as np
import pytest

from pilotage.domain.cvar import Cvar
from pilotage.domain.plan import Auxiliary, PlacementProblem, Row, Status
from pilotage.placement.solver import cvar as cvar_solver
from pilotage.placement.solver import solve as solver
from pilotage.placement.solver.cvar import solve_cvar
from pilotage.placement.solver.master_lp import OutOfTimeError
from pilotage.placement.solver.solve import solve


def _problem() -> PlacementProblem:
    size = 6
    generator = np.random.default_rng(3)
    members = np.arange(size * size)
    row = Row("budget", "budget", "cost", "<=", 400, members, generator.integers(60, 160, size * size))
    return PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(size)),
        post_ids=tuple(f"P{n}" for n in range(size)),
        urns=np.arange(size),
        leader=np.repeat(np.arange(size), size).astype(np.int32),
        post=np.tile(np.arange(size), size).astype(np.int32),
        benefit=generator.integers(1000, 9000, size * size),
        scale=1000,
        rows=(row,),
    )


def _spans(executives: int, trusts: int) -> PlacementProblem:
    """Executives who take three or four posts of one trust or none: a row for each pair, a choice for each trust."""
    generator, posts = np.random.default_rng(5), 8 * trusts
    pairs = np.flatnonzero(generator.random(executives * posts) < 0.5)
    leader, post = np.divmod(pairs, posts)
    group, one = leader * trusts + post // 8, np.ones(1, dtype=np.int64)
    rows = [
        Row(f"opens {n}", "span", "", "<=", 0, np.array([n]), one, group[n : n + 1], -one) for n in range(len(pairs))
    ]
    for number in np.unique(group).tolist():
        mine, all_ones = np.flatnonzero(group == number), np.ones(8, dtype=np.int64)
        rows.append(
            Row(f"least {number}", "span", "", ">=", 0, mine, all_ones[: len(mine)], np.array([number]), np.array([-3]))
        )
    for executive in range(executives):
        own, ones = np.arange(trusts) + executive * trusts, np.ones(trusts, dtype=np.int64)
        rows.append(Row(f"one {executive}", "span", "", "<=", 1, one[:0], one[:0], own, ones))
    cost = generator.integers(8, 30, len(pairs))
    rows.append(Row("money", "budget", "", "<=", 40 * executives, np.arange(len(pairs)), cost))
    names = tuple(str(n) for n in range(max(executives, posts)))
    return PlacementProblem(
        leader_ids=names[:executives],
        post_ids=names[:posts],
        urns=np.arange(posts),
        leader=leader.astype(np.int32),
        post=post.astype(np.int32),
        benefit=generator.integers(2000, 60_000, len(pairs)),
        scale=1000,
        rows=tuple(rows),
        capacity=np.full(executives, 4),
        auxiliaries=tuple(Auxiliary(f"u{n}", 1, kind="used") for n in range(executives * trusts)),
    )


@pytest.mark.slow
@pytest.mark.parametrize("limit", [8.0, 12.0])
def test_the_limit_holds_and_the_best_plan_until_then_comes_back(limit: float) -> None:
    problem = _spans(30, 40)
    start = time.monotonic()
    plan = solve(problem, time_limit_seconds=limit, seed=1)
    assert time.monotonic() - start < 1.1 * limit + 0.5
    assert plan.objective is not None
    assert plan.bound is not None
    assert 0 < plan.objective <= plan.bound


def _no_time(*_: object, **__: object) -> None:
    raise OutOfTimeError


def test_without_a_linear_optimum_greedy_stands_with_a_bound_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    best = solve(_problem(), time_limit_seconds=60, seed=1).objective
    monkeypatch.setattr(solver, "relax", _no_time)
    plan = solve(_problem(), time_limit_seconds=60, seed=1)
    assert plan.status is Status.FEASIBLE
    assert plan.objective is not None
    assert best is not None
    assert plan.bound is not None
    assert plan.objective <= best <= plan.bound
    assert plan.gap is not None
    assert plan.gap > 0
    assert plan.bound_lp == plan.bound


def test_worst_draws_cut_short_keep_a_true_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _problem()
    spread = np.random.default_rng(4).integers(-3000, 3000, (8, len(problem.benefit)))
    spread -= np.rint(spread.mean(axis=0)).astype(np.int64)
    cvar = Cvar((problem.benefit + spread).astype(np.int32), problem.benefit, 2, Fraction(1, 2))
    best = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1).plan
    monkeypatch.setattr(solver, "relax", _no_time)
    monkeypatch.setattr(cvar_solver, "relax", _no_time)
    plan = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1).plan
    assert best.status is Status.OPTIMAL
    assert plan.status is Status.FEASIBLE
    assert plan.objective is not None
    assert plan.bound is not None
    assert best.objective is not None
    assert plan.objective <= best.objective <= plan.bound
    assert plan.objective == cvar.benefit_factor * int(problem.benefit[plan.chosen].sum()) + cvar.worst_sum(plan.chosen)
