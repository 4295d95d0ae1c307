"""The best plan by mean and worst draws equals brute force, and one model that holds every draw."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from pilotage.domain.cvar import Cvar
from pilotage.domain.plan import PlacementProblem, Row, Sense, Status
from pilotage.placement.solver.cvar import solve_cvar

MANY = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def problems(draw: st.DrawFn) -> tuple[PlacementProblem, Cvar]:
    """Draw at most 4 leaders x 4 posts with up to two rows, and up to six draws of each pair."""
    leaders, posts = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    every = [(leader, post) for leader in range(leaders) for post in range(posts)]
    pairs = sorted(draw(st.sets(st.sampled_from(every), min_size=1)))
    size, count = len(pairs), draw(st.integers(2, 6))
    draws = draw(st.lists(st.integers(-4000, 9000), min_size=size * count, max_size=size * count))
    table = np.array(draws, dtype=np.int32).reshape(count, size)
    rows = tuple(draw(_row(number, size)) for number in range(draw(st.integers(0, 2))))
    problem = PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(leaders)),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.arange(posts, dtype=np.int64),
        leader=np.array([leader for leader, _ in pairs], dtype=np.int32),
        post=np.array([post for _, post in pairs], dtype=np.int32),
        benefit=np.rint(table.mean(axis=0)).astype(np.int64),
        scale=1000,
        rows=rows,
    )
    weight = Fraction(draw(st.sampled_from(["0", "1/4", "1/2", "9/10", "1"])))
    return problem, Cvar(table, problem.benefit, draw(st.integers(1, count)), weight)


@st.composite
def _row(draw: st.DrawFn, number: int, size: int) -> Row:
    members = np.array(sorted(draw(st.sets(st.integers(0, size - 1), min_size=1))), dtype=np.int64)
    sense: Sense = draw(st.sampled_from(["<=", ">="]))
    weights = np.array(draw(st.lists(st.integers(1, 3), min_size=len(members), max_size=len(members))), dtype=np.int64)
    return Row(f"row {number}", "drawn", "drawn", sense, draw(st.integers(0, 3)), members, weights)


def _plans(problem: PlacementProblem) -> Iterator[np.ndarray]:
    for count in range(min(len(problem.leader_ids), len(problem.post_ids)) + 1):
        for chosen in combinations(range(len(problem.benefit)), count):
            picked = np.array(chosen, dtype=np.int64)
            alone = len(set(problem.leader[picked])) == count == len(set(problem.post[picked]))
            if alone and all(_holds(row, chosen) for row in problem.rows):
                yield picked


def _holds(row: Row, chosen: tuple[int, ...]) -> bool:
    total = sum(int(w) for member, w in zip(row.members, row.weights, strict=True) if member in chosen)
    return total <= row.rhs if row.sense == "<=" else total >= row.rhs


def _worth(problem: PlacementProblem, cvar: Cvar, chosen: np.ndarray) -> Fraction:
    """Return (1 - w) x mean + w x mean of the worst draws, in the unit of the benefits."""
    totals = sorted(sum(int(cvar.draws[d, p]) for p in chosen) for d in range(len(cvar.draws)))
    mean = sum(int(problem.benefit[p]) for p in chosen)
    return (1 - cvar.weight) * mean + cvar.weight * Fraction(sum(totals[: cvar.worst]), cvar.worst)


@MANY
@given(problems())
def test_the_best_by_mean_and_worst_draws_equals_brute_force(drawn: tuple[PlacementProblem, Cvar]) -> None:
    problem, cvar = drawn
    found = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1)
    best = max((_worth(problem, cvar, chosen) for chosen in _plans(problem)), default=None)
    if best is None:
        assert found.plan.status is Status.INFEASIBLE
        return
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.objective == found.plan.bound == best * cvar.factor
    assert _worth(problem, cvar, found.plan.chosen) == best
    assert found.problem.scale == problem.scale * cvar.factor


def _in_one_model(problem: PlacementProblem, cvar: Cvar) -> int:
    """Return the optimum of Rockafellar and Uryasev's form, every draw with its own variable, by CP-SAT alone."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in problem.benefit]
    for names in (problem.leader, problem.post):
        for one in np.unique(names):
            model.add_at_most_one(taken[pair] for pair in np.flatnonzero(names == one))
    reach = int(np.abs(cvar.draws).max()) * len(problem.leader_ids)
    level = model.new_int_var(-reach, reach, "level")
    short = [model.new_int_var(0, 2 * reach, "") for _ in cvar.draws]
    for draw, below in zip(cvar.draws.tolist(), short, strict=True):
        model.add(below >= level - cp_model.LinearExpr.weighted_sum(taken, draw))
    worst = cvar.worst * level - sum(short)
    mean = cp_model.LinearExpr.weighted_sum(taken, (problem.benefit * cvar.benefit_factor).tolist())
    model.maximize(mean + cvar.weight.numerator * worst)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 4
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@pytest.mark.parametrize("seed", range(4))
def test_rows_added_as_needed_reach_the_optimum_of_one_model_with_every_draw(seed: int) -> None:
    generator = np.random.default_rng(seed)
    leaders, posts, draws = 6, 8, 30
    leader, post = np.repeat(np.arange(leaders), posts), np.tile(np.arange(posts), leaders)
    mean, load = generator.integers(500, 6000, leaders * posts), generator.integers(200, 4000, leaders * posts)
    common = generator.standard_normal((draws, 3))[:, post % 3]  # posts of a kind move together
    table = np.rint(mean + load * (common - common.mean(axis=0))).astype(np.int32)
    problem = PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(leaders)),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.arange(posts, dtype=np.int64),
        leader=leader.astype(np.int32),
        post=post.astype(np.int32),
        benefit=mean.astype(np.int64),
        scale=1000,
    )
    cvar = Cvar(table, problem.benefit, 3, Fraction(3, 5))
    found = solve_cvar(problem, cvar, time_limit_seconds=60, seed=1)
    assert found.plan.status is Status.OPTIMAL
    assert found.plan.objective == _in_one_model(problem, cvar)
    assert sum(row.rule == "worst_draws" for row in found.problem.rows) < draws
