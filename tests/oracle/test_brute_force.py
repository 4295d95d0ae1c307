"""Solve equals brute force, and the optimum moves as it must, on problems drawn by hypothesis."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.plan import Auxiliary, Over, PlacementProblem, ProvenBy, Row, Sense, Status
from pilotage.placement.analysis.baselines import baselines
from pilotage.placement.formulation.coefficients import activity
from pilotage.placement.solver import integer_phase
from pilotage.placement.solver.cp_sat import Answer, Choice
from pilotage.placement.solver.pricing import GRID_BITS, clipped, on_grid, priced
from pilotage.placement.solver.solve import solve

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
def wider_problems(draw: st.DrawFn) -> PlacementProblem:
    """Draw a problem with leaders of any capacity, auxiliaries, and rows over pairs, posts, leaders and auxiliaries."""
    plain = draw(problems())
    sizes = {"pair": len(plain.benefit), "post": len(plain.post_ids), "leader": len(plain.leader_ids)}
    auxiliaries = tuple(draw(_auxiliary(number)) for number in range(draw(st.integers(0, 3))))
    rows = []
    for number in range(draw(st.integers(0, 4))):
        over: Over = draw(st.sampled_from(["pair", "post", "leader"]))
        row = draw(_row(number, sizes[over]))
        used = sorted(draw(st.sets(st.integers(0, max(0, len(auxiliaries) - 1))))) if auxiliaries else []
        weights = draw(st.lists(st.integers(-4, 4), min_size=len(used), max_size=len(used)))
        own = {"auxiliaries": np.array(used, dtype=np.int64), "auxiliary_weights": np.array(weights, dtype=np.int64)}
        rows.append(replace(row, over=over, rhs=row.rhs - draw(st.integers(0, 3)), **own))
    capacity = draw(st.lists(st.integers(0, 3), min_size=sizes["leader"], max_size=sizes["leader"]))
    chosen = np.array(capacity, dtype=np.int64)
    return replace(plain, rows=tuple(rows), auxiliaries=auxiliaries, capacity=chosen)


@st.composite
def _auxiliary(draw: st.DrawFn, number: int) -> Auxiliary:
    lower = draw(st.integers(-2, 1))
    upper = lower + draw(st.integers(0, 3))
    return Auxiliary(f"z{number}", upper, draw(st.integers(-3000, 3000)), lower)


@st.composite
def _row(draw: st.DrawFn, number: int, size: int) -> Row:
    members = np.array(sorted(draw(st.sets(st.integers(0, size - 1), min_size=1))), dtype=np.int64)
    weights = draw(st.lists(st.integers(-2, 7), min_size=len(members), max_size=len(members)))
    sense: Sense = draw(st.sampled_from(["<=", "<=", ">=", "="]))
    rhs = draw(st.integers(0, 3) if sense == "=" else st.integers(0, 8))
    return Row(f"row {number}", "drawn", "drawn", sense, rhs, members, np.array(weights, dtype=np.int64))


def _plans(problem: PlacementProblem) -> Iterator[np.ndarray]:
    """Yield every set of pairs that keeps capacities and posts."""

    def extend(start: int, chosen: list[int]) -> Iterator[np.ndarray]:
        yield np.array(chosen, dtype=np.int64)
        for pair in range(start, len(problem.benefit)):
            mine = [one for one in chosen if problem.leader[one] == problem.leader[pair]]
            taken = any(problem.post[one] == problem.post[pair] for one in chosen)
            if not taken and len(mine) < problem.capacities[problem.leader[pair]]:
                yield from extend(pair + 1, [*chosen, pair])

    yield from extend(0, [])


def _settings(problem: PlacementProblem) -> list[tuple[int, ...]]:
    """Return every setting of the auxiliaries."""
    return list(product(*(range(one.lower, one.upper + 1) for one in problem.auxiliaries)))


def _totals(problem: PlacementProblem, chosen: np.ndarray) -> list[int]:
    """Return what the chosen pairs weigh in each row, counted pair by pair."""
    totals = []
    for row in problem.rows:
        weights = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
        named = {"pair": chosen, "post": problem.post[chosen], "leader": problem.leader[chosen]}[row.over]
        totals.append(sum(weights.get(one, 0) for one in named.tolist()))
    return totals


def _extra(row: Row, values: tuple[int, ...]) -> int:
    used = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    return sum(weight * values[one] for one, weight in used)


def _kept(row: Row, total: int) -> bool:
    return {"<=": total <= row.rhs, ">=": total >= row.rhs, "=": total == row.rhs}[row.sense]


def _keeps(problem: PlacementProblem, chosen: np.ndarray, values: tuple[int, ...]) -> bool:
    totals = zip(problem.rows, _totals(problem, chosen), strict=True)
    return all(_kept(row, total + _extra(row, values)) for row, total in totals)


def _worth(problem: PlacementProblem, chosen: np.ndarray, values: tuple[int, ...]) -> int:
    others = zip(problem.auxiliaries, values, strict=True)
    return int(problem.benefit[chosen].sum()) + sum(one.benefit * value for one, value in others)


def _brute_force(problem: PlacementProblem) -> int | None:
    settings_, best = _settings(problem), None
    extras = [[_extra(row, values) for row in problem.rows] for values in settings_]
    added = [_worth(problem, np.zeros(0, dtype=np.int64), values) for values in settings_]
    for chosen in _plans(problem):
        own, totals = int(problem.benefit[chosen].sum()), _totals(problem, chosen)
        for extra, worth in zip(extras, added, strict=True):
            better = best is None or own + worth > best
            if better and all(_kept(r, t + e) for r, t, e in zip(problem.rows, totals, extra, strict=True)):
                best = own + worth
    return best


@MANY
@given(problems())
def test_solve_equals_brute_force(problem: PlacementProblem) -> None:
    _solve_equals_brute_force(problem)


@MANY
@given(wider_problems())
def test_solve_equals_brute_force_with_capacities_and_auxiliaries(problem: PlacementProblem) -> None:
    _solve_equals_brute_force(problem)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, derandomize=True)
@given(wider_problems())
def test_solve_equals_brute_force_on_two_thousand_more(problem: PlacementProblem) -> None:
    _solve_equals_brute_force(problem)


def _solve_equals_brute_force(problem: PlacementProblem) -> None:
    plan = solve(problem, time_limit_seconds=60, seed=1)
    best = _brute_force(problem)
    assert plan.objective == best
    if best is None:
        assert plan.status is Status.INFEASIBLE
        return
    values = tuple(plan.auxiliary.tolist())
    assert (plan.status, plan.bound) == (Status.OPTIMAL, best)
    assert _worth(problem, plan.chosen, values) == best
    assert any(np.array_equal(plan.chosen, chosen) for chosen in _plans(problem))
    assert values in _settings(problem)
    assert _keeps(problem, plan.chosen, values)


@MANY
@given(wider_problems(), st.integers(0, 2**32 - 1))
def test_any_duals_prove_a_bound_that_no_plan_exceeds(problem: PlacementProblem, seed: int) -> None:
    generator = np.random.default_rng(seed)
    post = np.maximum(on_grid(generator.normal(0, 3000, len(problem.post_ids))), 0)
    row = clipped(problem.rows, on_grid(generator.normal(0, 1000, len(problem.rows))))
    bound = priced(problem, post, row).bound
    best = _brute_force(problem)
    assert best is None or best <= bound
    assert (bound * 2**GRID_BITS).denominator == 1


@SOME
@given(wider_problems())
def test_no_baseline_that_keeps_the_rules_beats_the_optimum(problem: PlacementProblem) -> None:
    best = _brute_force(problem)
    for peer in baselines(problem, np.full(len(problem.benefit), np.nan), 1):
        if not peer.unmet:
            assert best is not None
            assert peer.objective <= best


@SOME
@given(wider_problems())
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
@given(wider_problems())
def test_activity_counts_what_a_loop_counts(problem: PlacementProblem) -> None:
    values = _settings(problem)[-1]
    for chosen in islice(_plans(problem), 20):
        for row, total in zip(problem.rows, _totals(problem, chosen), strict=True):
            assert activity(problem, row, chosen, np.array(values, dtype=np.int64)) == total + _extra(row, values)


@st.composite
def fractional_problems(draw: st.DrawFn) -> PlacementProblem:
    """Draw a problem with a share of placements, a share of benefit and a budget: linear optima that are not whole."""
    plain = draw(problems())
    pairs, posts = np.arange(len(plain.benefit)), np.arange(len(plain.post_ids))
    part, whole = draw(st.sampled_from([(1, 2), (2, 5), (3, 5), (1, 3), (3, 10)]))
    inside = np.array(draw(st.lists(st.booleans(), min_size=len(posts), max_size=len(posts))))
    share, benefit = np.where(inside, whole - part, -part), plain.benefit - plain.benefit.min(initial=0)
    costs = draw(st.lists(st.sampled_from([6, 8, 12, 15, 27]), min_size=len(pairs), max_size=len(pairs)))
    limit = draw(st.integers(10, 60))
    rows = (
        Row("areas", "area_minimum", "a share", ">=", 0, posts, share, over="post"),
        Row("fair", "deprived_share", "of benefit", ">=", 0, pairs, benefit * share[::-1][plain.post]),
        Row("money", "budget", "cost", "<=", 1000 * limit, pairs, 1000 * np.array(costs)),
    )
    kept = draw(st.sets(st.sampled_from([0, 1, 2]), min_size=1))
    times = draw(st.sampled_from([1, 2**22]))
    return replace(plain, benefit=benefit * times, rows=tuple(rows[number] for number in sorted(kept)))


@MANY
@given(fractional_problems())
def test_solve_equals_brute_force_where_linear_optima_are_not_whole(problem: PlacementProblem) -> None:
    _solve_equals_brute_force(problem)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, derandomize=True)
@given(fractional_problems())
def test_solve_equals_brute_force_on_two_thousand_more_that_are_not_whole(problem: PlacementProblem) -> None:
    _solve_equals_brute_force(problem)


@SOME
@given(wider_problems() | fractional_problems())
def test_the_mip_solver_alone_equals_brute_force(problem: PlacementProblem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(integer_phase, "EXACT", 0)
        plan, best = solve(problem, time_limit_seconds=60, seed=1), _brute_force(problem)
    assert plan.objective == best
    if best is not None:
        assert plan.bound is not None
        assert best <= plan.bound <= best + 1 + 1e-6 * int(np.abs(problem.benefit).sum())


@SOME
@given(wider_problems() | fractional_problems())
def test_a_mip_solver_that_finds_and_claims_nothing_leaves_all_to_cp_sat(problem: PlacementProblem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(integer_phase, "solve_mip", lambda *_, **__: Answer(None, None, proven=False))
        _solve_equals_brute_force(problem)


@SOME
@given(wider_problems() | fractional_problems(), st.integers(0, 10_000))
def test_whatever_plan_is_known_beforehand_the_optimum_is_the_same(problem: PlacementProblem, place: int) -> None:
    every = [(chosen, values) for chosen in islice(_plans(problem), 50) for values in _settings(problem)[:20]]
    chosen, values = every[place % len(every)]
    known = Choice(chosen, np.array(values, dtype=np.int64))
    assert solve(problem, time_limit_seconds=60, seed=1, known=known).objective == _brute_force(problem)


def test_a_plan_that_is_not_whole_is_proven_by_the_mip_solver() -> None:
    plan = solve(knapsack(), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, 100, 100)
    assert (plan.proven_by, plan.solver, plan.bound_lp) == (ProvenBy.SEARCH, "SCIP", 101.0)


def test_a_plan_that_is_whole_is_proven_by_the_linear_programme() -> None:
    plan = solve(replace(knapsack(), rows=()), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.objective, plan.proven_by, plan.solver) == (Status.OPTIMAL, 161, ProvenBy.LINEAR, "GLOP")


def test_two_rows_that_only_whole_numbers_clash_in_are_proven_by_cp_sat() -> None:
    three = np.arange(3)  # 2 a + 2 b + 2 c = 3
    row = Row("odd", "drawn", "", "=", 3, three, np.array([2, 2, 2]))
    plan = solve(replace(knapsack(), rows=(row,)), time_limit_seconds=60, seed=1)
    assert (plan.status, plan.proven_by, plan.solver) == (Status.INFEASIBLE, ProvenBy.SEARCH, "CP-SAT")


@pytest.mark.parametrize(("least", "status"), [(0, Status.OPTIMAL), (1, Status.INFEASIBLE)])
def test_without_any_pair_nobody_is_placed_unless_a_minimum_asks_for_more(least: int, status: Status) -> None:
    none, some = np.zeros(0, dtype=np.int64), np.arange(3)
    row = Row("least", "area_minimum", "", ">=", least, some, np.ones(3, dtype=np.int64), over="post")
    bare = replace(knapsack(), leader=none.astype(np.int32), post=none.astype(np.int32), benefit=none, rows=(row,))
    plan = solve(bare, time_limit_seconds=60, seed=1)
    assert plan.status is status
    assert plan.chosen.tolist() == []
    assert plan.objective == (0 if status is Status.OPTIMAL else None)


def knapsack() -> PlacementProblem:
    """Three leaders, a post each: the first is worth 61 and costs 30, the others 50 and 25; 50 may be spent."""
    three = np.arange(3)
    money = Row("money", "budget", "cost", "<=", 50, three, np.array([30, 25, 25]))
    names = tuple("ABC")
    return PlacementProblem(
        names, names, three, three.astype(np.int32), three.astype(np.int32), np.array([61, 50, 50]), 1, (money,)
    )
