"""Cohorts of leaders identical but for their names: the answer equals brute force, and that of one by one."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.cvar import Cvar
from pilotage.domain.plan import Auxiliary, Over, PlacementPlan, PlacementProblem, Row, Sense, Status
from pilotage.placement.solver.cp_sat import Choice
from pilotage.placement.solver.cvar import solve_cvar
from pilotage.placement.solver.pricing import clipped, on_grid, priced
from pilotage.placement.solver.solve import solve
from pilotage.placement.solver.symmetry import Folded, dealt, folded, heads, unfolded

MANY = settings(max_examples=150, deadline=None, derandomize=True)
SOME = settings(max_examples=60, deadline=None, derandomize=True)
NAMES = ["Ann", "Bob", "Cat", "Dan", "Eve", "Fay"]


@dataclass(frozen=True)
class Cohorts:
    """A problem, and the cohort that each of its leaders was drawn from."""

    problem: PlacementProblem
    cohort: list[int]


@st.composite
def cohorts(draw: st.DrawFn) -> Cohorts:
    """Draw up to 5 leaders of up to 3 cohorts, up to 4 posts, an auxiliary, rows; names and pairs in any order."""
    posts, kinds = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cohort = draw(st.lists(st.integers(0, kinds - 1), min_size=2, max_size=5))
    worth = [
        draw(st.dictionaries(st.integers(0, posts - 1), st.integers(-500, 9000), min_size=1)) for _ in range(kinds)
    ]
    every = [(leader, post) for leader, kind in enumerate(cohort) for post in worth[kind]]
    pairs = draw(st.permutations(every)) if draw(st.booleans()) else sorted(every)
    kind_of = [cohort[leader] for leader, _ in pairs]
    post_of = [post for _, post in pairs]
    auxiliaries = (Auxiliary("z", draw(st.integers(0, 2)), draw(st.integers(-2000, 0))),) if draw(st.booleans()) else ()
    sizes = {"post": list(range(posts)), "leader": cohort, "pair": list(zip(kind_of, post_of, strict=True))}
    rows = tuple(draw(_row(number, sizes, len(auxiliaries))) for number in range(draw(st.integers(0, 3))))
    names = draw(st.permutations(NAMES))[: len(cohort)]
    room = draw(st.lists(st.integers(1, 2), min_size=kinds, max_size=kinds))
    problem = PlacementProblem(
        leader_ids=tuple(names),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.array(draw(st.lists(st.integers(1, 3), min_size=posts, max_size=posts)), dtype=np.int64),
        leader=np.array([leader for leader, _ in pairs], dtype=np.int32),
        post=np.array(post_of, dtype=np.int32),
        benefit=np.array([worth[kind][post] for kind, post in zip(kind_of, post_of, strict=True)], dtype=np.int64),
        scale=1000,
        rows=rows,
        capacity=np.array([room[kind] for kind in cohort], dtype=np.int64),
        auxiliaries=auxiliaries,
    )
    return Cohorts(problem, cohort)


@st.composite
def _row(draw: st.DrawFn, number: int, sizes: dict[str, list[object]], auxiliaries: int) -> Row:
    """Draw a row whose weights know cohorts and posts, and no single leader."""
    over: Over = draw(st.sampled_from(["pair", "post", "leader"]))
    known = sorted(set(sizes[over]))
    weight = dict(zip(known, draw(st.lists(st.integers(-2, 5), min_size=len(known), max_size=len(known))), strict=True))
    weights = np.array([weight[one] for one in sizes[over]], dtype=np.int64)
    members = np.flatnonzero(weights) if draw(st.booleans()) else np.arange(len(weights))
    sense: Sense = draw(st.sampled_from(["<=", "<=", ">=", "="]))
    used = np.arange(draw(st.integers(0, auxiliaries)))
    factors = np.array([draw(st.sampled_from([-2, 1]))] * len(used), dtype=np.int64)
    right = draw(st.integers(0, 6))
    return Row(f"row {number}", "drawn", "drawn", sense, right, members, weights[members], used, factors, over)


def _plans(problem: PlacementProblem) -> Iterator[tuple[int, ...]]:
    """Yield the pairs of every plan that keeps capacities and posts: for each post one of its pairs, or none."""
    of_post = [np.flatnonzero(problem.post == post).tolist() for post in range(len(problem.post_ids))]
    for made in product(*([None, *pairs] for pairs in of_post)):
        chosen = tuple(pair for pair in made if pair is not None)
        taken = np.bincount(problem.leader[list(chosen)], minlength=len(problem.leader_ids)) if chosen else np.zeros(1)
        if not chosen or (taken <= problem.capacities).all():
            yield chosen


def _left(problem: PlacementProblem, row: Row, chosen: tuple[int, ...]) -> int:
    weights = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
    name = {
        "pair": lambda pair: pair,
        "post": lambda p: int(problem.post[p]),
        "leader": lambda p: int(problem.leader[p]),
    }
    return sum(weights.get(name[row.over](pair), 0) for pair in chosen)


def _worth(problem: PlacementProblem, chosen: tuple[int, ...], z: int) -> int | None:
    """Return what a plan is worth, None where it breaks a row."""
    for row in problem.rows:
        left = _left(problem, row, chosen) + int(row.auxiliary_weights.sum()) * z
        if not {"<=": left <= row.rhs, ">=": left >= row.rhs, "=": left == row.rhs}[row.sense]:
            return None
    return sum(int(problem.benefit[pair]) for pair in chosen) + sum(one.benefit * z for one in problem.auxiliaries)


def _brute_force(problem: PlacementProblem) -> int | None:
    values = range(problem.auxiliaries[0].upper + 1) if problem.auxiliaries else [0]
    found = (_worth(problem, chosen, z) for chosen in _plans(problem) for z in values)
    return max((worth for worth in found if worth is not None), default=None)


def _check(drawn: Cohorts) -> None:
    problem = drawn.problem
    plan = solve(problem, time_limit_seconds=60, seed=1)
    one_by_one = solve(problem, time_limit_seconds=60, seed=1, symmetry=False)
    best = _brute_force(problem)
    assert (plan.objective, plan.bound, plan.status) == (one_by_one.objective, one_by_one.bound, one_by_one.status)
    assert plan.objective == best
    if best is None:
        assert plan.status is Status.INFEASIBLE
        return
    chosen = tuple(plan.chosen.tolist())
    assert any(sorted(chosen) == sorted(other) for other in _plans(problem))
    assert _worth(problem, chosen, int(plan.auxiliary.sum())) == best == plan.bound
    _proves(problem, plan)
    assert plan.bound_lp is not None
    assert one_by_one.bound_lp is not None
    assert abs(plan.bound_lp - one_by_one.bound_lp) <= 1


def _proves(problem: PlacementProblem, plan: PlacementPlan) -> None:
    """The duals prove ``bound_lp`` over every leader, one by one."""
    post, row = on_grid(plan.post_duals), clipped(problem.rows, on_grid(plan.row_duals))
    assert (post >= 0).all()
    proven = priced(problem, post, row).bound
    assert plan.bound is not None
    assert float(proven) == plan.bound_lp
    assert plan.bound <= proven


@MANY
@given(cohorts())
def test_cohorts_solved_as_one_equal_brute_force_and_solving_one_by_one(drawn: Cohorts) -> None:
    _check(drawn)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, derandomize=True)
@given(cohorts())
def test_two_thousand_more_cohorts(drawn: Cohorts) -> None:
    _check(drawn)


def _told(problem: PlacementProblem, leader: int) -> object:
    """Return all that the problem says of a leader, figure by figure."""
    own = sorted(np.flatnonzero(problem.leader == leader).tolist(), key=lambda pair: problem.post[pair])
    said = []
    for row in problem.rows:
        weights = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
        if row.over == "leader":
            said.append(weights.get(leader, 0))
        elif row.over == "pair":
            said += [weights.get(pair, 0) for pair in own]
    pairs = [(int(problem.post[pair]), int(problem.benefit[pair])) for pair in own]
    return pairs, int(problem.capacities[leader]), said


@MANY
@given(cohorts(), st.integers(0, 4), st.integers(0, 3))
def test_leaders_are_one_where_every_figure_is_equal_and_only_there(drawn: Cohorts, which: int, change: int) -> None:
    problem = _changed(drawn.problem, which, change)
    told = [_told(problem, leader) for leader in range(len(problem.leader_ids))]
    assert heads(problem).tolist() == [told.index(one) for one in told]


def _changed(problem: PlacementProblem, which: int, change: int) -> PlacementProblem:
    """Return the problem with one figure moved by 1: a benefit, a weight of a row, or nothing."""
    benefit, row = problem.benefit.copy(), which % len(problem.rows) if problem.rows else 0
    if change == 1:
        benefit[which % len(benefit)] += 1
        return replace(problem, benefit=benefit)
    if change == 2 and problem.rows and len(problem.rows[row].members):
        weights = problem.rows[row].weights.copy()
        weights[which % len(weights)] += 1
        changed = replace(problem.rows[row], weights=weights)
        return replace(problem, rows=tuple(changed if n == row else one for n, one in enumerate(problem.rows)))
    return problem


@MANY
@given(cohorts(), st.randoms(use_true_random=False))
def test_who_takes_which_post_does_not_depend_on_the_order_of_anything(drawn: Cohorts, random: object) -> None:
    first = folded(replace(drawn.problem, rows=()))
    if first is None:
        return
    second = folded(_shuffled(first.whole, random))
    assert second is not None
    chosen = _some_plan(first, random)
    names = [
        (_group(first, int(first.small.leader[one])), first.small.post_ids[first.small.post[one]]) for one in chosen
    ]
    same = [_pair(second, group, post) for group, post in names]
    assert _named(first, dealt(first, chosen)) == _named(second, dealt(second, np.array(sorted(same), dtype=np.int64)))


def _some_plan(fold: Folded, random: object) -> np.ndarray:
    """Return pairs of the smaller problem that keep capacities and posts."""
    plans = [plan for plan in _plans(fold.small) if plan]
    return np.array(sorted(random.choice(plans)), dtype=np.int64)


def _shuffled(problem: PlacementProblem, random: object) -> PlacementProblem:
    leaders, posts = len(problem.leader_ids), len(problem.post_ids)
    place, where = random.sample(range(leaders), leaders), random.sample(range(posts), posts)
    order = random.sample(range(len(problem.benefit)), len(problem.benefit))
    back, home = np.argsort(place), np.argsort(where)
    return replace(
        problem,
        leader_ids=tuple(problem.leader_ids[one] for one in back),
        post_ids=tuple(problem.post_ids[one] for one in home),
        urns=problem.urns[home],
        capacity=problem.capacities[back],
        leader=np.array(place, dtype=np.int32)[problem.leader][order],
        post=np.array(where, dtype=np.int32)[problem.post][order],
        benefit=problem.benefit[order],
    )


def _group(fold: Folded, leader: int) -> frozenset[str]:
    return frozenset(fold.whole.leader_ids[one] for one in np.flatnonzero(fold.group == leader))


def _pair(fold: Folded, group: frozenset[str], post: str) -> int:
    small = fold.small
    (found,) = (
        pair
        for pair in range(len(small.benefit))
        if _group(fold, int(small.leader[pair])) == group and small.post_ids[small.post[pair]] == post
    )
    return found


def _named(fold: Folded, chosen: np.ndarray) -> set[tuple[str, str]]:
    whole = fold.whole
    return {(whole.leader_ids[whole.leader[one]], whole.post_ids[whole.post[one]]) for one in chosen}


@MANY
@given(cohorts(), st.integers(0, 2**32 - 1))
def test_any_duals_of_the_smaller_problem_prove_no_more_than_they_did_once_unfolded(drawn: Cohorts, seed: int) -> None:
    fold = folded(drawn.problem)
    if fold is None:
        return
    generator = np.random.default_rng(seed)
    post, row = generator.normal(0, 3000, len(fold.small.post_ids)), generator.normal(0, 900, len(fold.small.rows))
    post = np.maximum(post, 0)
    before = priced(fold.small, on_grid(post), clipped(fold.small.rows, on_grid(row))).bound
    nothing = Choice(np.zeros(0, dtype=np.int64), np.zeros(len(fold.small.auxiliaries), dtype=np.int64))
    plan = PlacementPlan(
        Status.FEASIBLE,
        nothing.chosen,
        -(10**9),
        math.floor(before),
        float(before),
        post,
        row,
        1,
        (),
        nothing.auxiliary,
    )
    after = unfolded(fold, plan)
    assert after.bound_lp is not None
    assert Fraction(after.bound_lp) <= before
    _proves(fold.whole, after)


@SOME
@given(cohorts(), st.booleans(), st.integers(0, 2**32 - 1))
def test_worst_draws_of_cohorts_with_identical_draws_and_without(drawn: Cohorts, identical: bool, seed: int) -> None:
    rows = tuple(
        replace(row, auxiliaries=row.auxiliaries[:0], auxiliary_weights=row.auxiliary_weights[:0])
        for row in drawn.problem.rows
    )
    problem = replace(drawn.problem, rows=rows, auxiliaries=())
    kind = np.array(drawn.cohort)[problem.leader] if identical else problem.leader
    spread = np.random.default_rng(seed).integers(-3000, 3000, (4, 5, len(problem.post_ids)))[:, kind, problem.post]
    cvar = Cvar((problem.benefit + spread).astype(np.int32), problem.benefit, 2, Fraction(1, 2))
    found = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1)
    kept = [np.array(one, dtype=np.int64) for one in _plans(problem) if _worth(problem, one, 0) is not None]
    worth = [cvar.benefit_factor * int(problem.benefit[one].sum()) + cvar.worst_sum(one) for one in kept]
    assert found.plan.objective == max(worth, default=None)
    if kept:
        assert found.plan.status is Status.OPTIMAL
        _proves(found.problem, found.plan)
