"""The saved problem comes back as it was, byte for byte the same, and another solver finds the same optimum."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row
from pilotage.errors import DataError
from pilotage.placement.formulation.coefficients import activities
from pilotage.placement.solver.solve import solve
from pilotage.report.saved_problem import write_problem
from pilotage.sources.files.saved_problem import load_problem


def _problem() -> PlacementProblem:
    random = np.random.default_rng(3)
    leader, post = (one.ravel().astype(np.int32) for one in np.meshgrid(range(6), range(9), indexing="ij"))
    cost = random.integers(1, 9, len(leader))
    ones = np.ones(4, dtype=np.int64)
    every, first = np.arange(len(leader)), np.array([0])
    rows = (
        Row("area", "area_minimum", "two there", ">=", 2, np.array([1, 3, 5, 7]), ones, over="post"),
        Row("budget", "budget", "cost", "<=", 18, every, cost, first, np.array([-5])),
        Row("people", "cap", "leaders", "<=", 3, np.array([0, 1, 2, 3]), ones, over="leader"),
    )
    return PlacementProblem(
        tuple(f"L{n}" for n in range(6)),
        tuple(f"P{n}" for n in range(9)),
        np.arange(9) + 100,
        leader,
        post,
        random.integers(-500, 9000, len(leader)),
        1000,
        rows,
        capacity=np.array([1, 2, 1, 1, 1, 1]),
        auxiliaries=(Auxiliary("breach", 3, -1500),),
    )


def _elsewhere(problem: PlacementProblem) -> int:
    """Return the optimum that scipy's solver (HiGHS) finds."""
    pairs, others = len(problem.benefit), len(problem.auxiliaries)
    lines, low, high = [], [], []
    for names, limits in ((problem.leader, problem.capacities), (problem.post, np.ones(len(problem.post_ids)))):
        for number, most in enumerate(limits):
            lines.append(np.concatenate([names == number, np.zeros(others)]))
            low.append(-np.inf)
            high.append(float(most))
    for row in problem.rows:
        line = np.zeros(pairs + others)
        line[row.members] = row.weights
        line[pairs + row.auxiliaries] = row.auxiliary_weights
        lines.append(line)
        low.append(-np.inf if row.sense == "<=" else row.rhs)
        high.append(np.inf if row.sense == ">=" else row.rhs)
    goal = -np.concatenate([problem.benefit, [one.benefit for one in problem.auxiliaries]])
    bounds = Bounds(0, np.concatenate([np.ones(pairs), [one.upper for one in problem.auxiliaries]]))
    found = milp(goal, constraints=LinearConstraint(np.array(lines), low, high), bounds=bounds, integrality=1)
    return round(-found.fun)


def test_a_saved_problem_round_trips_and_another_solver_agrees(tmp_path: Path) -> None:
    problem = _problem()
    read = load_problem(write_problem(problem, tmp_path / "saved", force=False))
    assert (read.leader_ids, read.post_ids, read.scale) == (problem.leader_ids, problem.post_ids, problem.scale)
    assert read.auxiliaries == problem.auxiliaries
    for name in ("urns", "leader", "post", "benefit", "capacities"):
        assert getattr(read, name).tolist() == getattr(problem, name).tolist()
    plan = solve(problem, time_limit_seconds=30, seed=1)
    left = (activities(one, plan.chosen, plan.auxiliary).tolist() for one in (problem, read))
    assert next(left) == next(left)
    assert plan.objective == _elsewhere(read) == solve(read, time_limit_seconds=30, seed=1).objective


def test_the_files_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    folders = [write_problem(_problem(), tmp_path / name, force=False) for name in ("one", "two")]
    for name in ("problem.json", "pairs.parquet"):
        assert len({(folder / name).read_bytes() for folder in folders}) == 1


def test_a_folder_without_a_problem_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no saved problem.*problem\.json and pairs\.parquet"):
        load_problem(tmp_path)
