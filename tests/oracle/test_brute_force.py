"""Solve equals brute force, and the optimum moves as it must, on problems drawn by hypothesis."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.plan import PlacementProblem, Row, Sense, Status
from pilotage.placement.baselines import baselines
from pilotage.placement.pricing import GRID_BITS, best_of_leaders, clipped, on_grid, proven_bound, reduced_costs
from pilotage.placement.solve import activity, solve

MANY = settings(max_examples=400, deadline=None, derandomize=True)
SOME = settings(max_examples=100, deadline=None, derandomize=True)


@st.composite
def problems(draw: st.DrawFn) -> PlacementProblem:
    """Draw at most 5 leaders x 5 posts, some pairs barred, with up to four rows of any sense."""
    leaders, posts = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    every = [(leader, post) for leader in range(leaders) for post in range(posts)]
    pairs = sorted(draw(st.sets(st.sampled_from(every), min_size=1)))
    size = len(pairs)
    benefit = draw(st.lists(st.integers(-2000, 9000), min_size=size, max_size=size))
    rows = tuple(draw(_row(number, size)) for number in range(draw(st.integers(0, 4))))
    return PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(leaders)),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.arange(posts, dtype=np.int64),
        leader=np.array([leader for leader, _ in pairs], dtype=np.int32),
        post=np.array([post for _, post in pairs], dtype=np.int32),
        benefit=np.array(benefit, dtype=np.int64),
        scale=1000,
        rows=rows,
    )


@st.composite
def _row(draw: st.DrawFn, number: int, size: int) -> Row:
    members = np.array(sorted(draw(st.sets(st.integers(0, size - 1), min_size=1))), dtype=np.int64)
    weights = draw(st.lists(st.integers(-2, 7), min_size=len(members), max_size=len(members)))
    sense: Sense = draw(st.sampled_from(["<=", "<=", ">=", "="]))
    rhs = draw(st.integers(0, 3) if sense == "=" else st.integers(0, 8))
    return Row(f"row {number}", "drawn", "drawn", sense, rhs, members, np.array(weights, dtype=np.int64))


def _plans(problem: PlacementProblem) -> Iterator[np.ndarray]:
    for count in range(min(len(problem.leader_ids), len(problem.post_ids)) + 1):
        for chosen in combinations(range(len(problem.benefit)), count):
            picked = np.array(chosen, dtype=np.int64)
            if len(set(problem.leader[picked])) == count == len(set(problem.post[picked])):
                yield picked


def _holds(row: Row, chosen: np.ndarray) -> bool:
    total = sum(int(w) for member, w in zip(row.members, row.weights, strict=True) if member in chosen)
    return {"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense]


def _brute_force(problem: PlacementProblem) -> int | None:
    kept = (p for p in _plans(problem) if all(_holds(row, p) for row in problem.rows))
    return max((int(problem.benefit[p].sum()) for p in kept), default=None)


@MANY
@given(problems())
def test_solve_equals_brute_force(problem: PlacementProblem) -> None:
    plan = solve(problem, time_limit_seconds=60, seed=1)
    best = _brute_force(problem)
    assert plan.objective == best
    if best is None:
        assert plan.status is Status.INFEASIBLE
    else:
        assert plan.status is Status.OPTIMAL
        assert plan.bound == best
        assert all(_holds(row, plan.chosen) for row in problem.rows)


@MANY
@given(problems(), st.integers(0, 2**32 - 1))
def test_any_duals_prove_a_bound_that_no_plan_exceeds(problem: PlacementProblem, seed: int) -> None:
    generator = np.random.default_rng(seed)
    post = np.maximum(on_grid(generator.normal(0, 3000, len(problem.post_ids))), 0)
    row = clipped(problem.rows, on_grid(generator.normal(0, 1000, len(problem.rows))))
    bound = proven_bound(
        problem, best_of_leaders(problem, reduced_costs(problem, problem.benefit, post, row)), post, row
    )
    best = _brute_force(problem)
    assert best is None or best <= bound
    assert (bound * 2**GRID_BITS).denominator == 1


@SOME
@given(problems())
def test_no_baseline_that_keeps_the_rules_beats_the_optimum(problem: PlacementProblem) -> None:
    best = _brute_force(problem)
    for peer in baselines(problem, np.full(len(problem.benefit), np.nan), 1):
        if not peer.unmet:
            assert best is not None
            assert peer.objective <= best


@SOME
@given(problems())
def test_dropping_a_row_never_lowers_the_optimum(problem: PlacementProblem) -> None:
    best = solve(problem, time_limit_seconds=60, seed=1).objective
    for number in range(len(problem.rows)):
        looser = replace(problem, rows=problem.rows[:number] + problem.rows[number + 1 :])
        relaxed = solve(looser, time_limit_seconds=60, seed=1).objective
        assert best is None or (relaxed is not None and relaxed >= best)


@SOME
@given(problems())
def test_barring_a_leader_never_raises_the_optimum_of_a_problem_without_rows(problem: PlacementProblem) -> None:
    free = replace(problem, rows=())
    kept = free.leader != 0
    fewer = replace(free, leader=free.leader[kept], post=free.post[kept], benefit=free.benefit[kept])
    with_all, without = (solve(p, time_limit_seconds=60, seed=1).objective for p in (free, fewer))
    assert with_all is not None
    assert without is not None
    assert without <= with_all


@SOME
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_move_the_optimum(problem: PlacementProblem, random: object) -> None:
    order = np.array(random.sample(range(len(problem.benefit)), len(problem.benefit)))
    place = np.argsort(order)
    rows = []
    for row in problem.rows:
        moved = place[row.members]
        by_position = np.argsort(moved)
        rows.append(replace(row, members=moved[by_position], weights=row.weights[by_position]))
    shuffled = replace(
        problem,
        leader=problem.leader[order],
        post=problem.post[order],
        benefit=problem.benefit[order],
        rows=tuple(rows),
    )
    first, second = (solve(p, time_limit_seconds=60, seed=1).objective for p in (problem, shuffled))
    assert first == second


@SOME
@given(problems())
def test_activity_counts_what_a_loop_counts(problem: PlacementProblem) -> None:
    for row in problem.rows:
        for chosen in list(_plans(problem))[:20]:
            total = sum(int(w) for member, w in zip(row.members, row.weights, strict=True) if member in chosen)
            assert activity(row, chosen) == total
