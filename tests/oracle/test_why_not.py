"""What forcing a pair in, or a leader out, costs the plan: equal to brute force on drawn problems of every shape."""

import numpy as np
from hypothesis import given, settings

from pilotage.domain.findings.explained import Certainty
from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.why_not.forced_in import Loss, loss, lost_at_least, with_none_of, with_one_of
from pilotage.placement.solver.solve import solve
from tests.oracle.test_brute_force import _keeps, _plans, _settings, _worth, wider_problems

DRAWN = settings(max_examples=300, deadline=None, derandomize=True)
SLACK = 1e-3  # units: rounding


def _solve(problem: PlacementProblem) -> PlacementPlan:
    return solve(problem, time_limit_seconds=60, seed=1)


def _best_by_kind(problem: PlacementProblem) -> tuple[int | None, dict[int, int], dict[int, int]]:
    """Return the worth of the best plan; of the best that holds each pair; of the best without each leader.

    Every plan is tried with every setting of the auxiliaries; nothing is solved.
    """
    best: int | None = None
    with_pair, without_leader = dict[int, int](), dict[int, int]()
    for chosen in _plans(problem):
        kept = [values for values in _settings(problem) if _keeps(problem, chosen, values)]
        if not kept:
            continue
        worth = max(_worth(problem, chosen, values) for values in kept)
        best = worth if best is None else max(best, worth)
        for pair in chosen.tolist():
            with_pair[pair] = max(with_pair.get(pair, worth), worth)
        placed = set(problem.leader[chosen].tolist())
        for leader in range(len(problem.leader_ids)):
            if leader not in placed:
                without_leader[leader] = max(without_leader.get(leader, worth), worth)
    return best, with_pair, without_leader


def _agrees(best: int, expected: int | None, lost: Loss) -> None:
    if expected is None:
        assert lost == Loss(Certainty.IMPOSSIBLE, None, None)
    else:
        assert (lost.certainty, lost.units) == (Certainty.EXACT, best - expected)


@DRAWN
@given(wider_problems())
def test_the_cost_of_each_pair_equals_brute_force(problem: PlacementProblem) -> None:
    best, with_pair, _ = _best_by_kind(problem)
    plan = _solve(problem)
    assert plan.objective == best
    if best is None:
        return
    bounds = lost_at_least(problem, plan)
    for pair in range(len(problem.benefit)):
        lost = loss(plan, with_one_of(problem, np.array([pair])), _solve)
        _agrees(best, with_pair.get(pair), lost)
        if bounds is not None and lost.units is not None:
            assert bounds[pair] <= lost.units + SLACK


@DRAWN
@given(wider_problems())
def test_the_cost_of_each_school_and_of_losing_each_leader_equals_brute_force(problem: PlacementProblem) -> None:
    best, with_pair, without_leader = _best_by_kind(problem)
    plan = _solve(problem)
    if best is None:
        return
    for post in np.unique(problem.post).tolist():
        there = np.flatnonzero(problem.post == post)
        expected = max((with_pair[pair] for pair in there.tolist() if pair in with_pair), default=None)
        _agrees(best, expected, loss(plan, with_one_of(problem, there), _solve))
    for leader in np.unique(problem.leader).tolist():
        mine = np.flatnonzero(problem.leader == leader)
        _agrees(best, without_leader.get(leader), loss(plan, with_none_of(problem, mine), _solve))
