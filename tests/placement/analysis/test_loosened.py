"""Limits moved by one unit, rows dropped, and proofs that nothing is gained: by hand, and against brute force."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.analysis.loosened import (
    adds_nothing,
    can_be_loosened,
    looser,
    more_leaders_add_nothing,
    with_changes,
)
from pilotage.placement.analysis.value_if_asked.bound import priced_plan
from pilotage.placement.solver.solve import solve
from tests.oracle.test_brute_force import _brute_force, wider_problems

DRAWN = settings(max_examples=300, deadline=None, derandomize=True)
BOTH = np.arange(2)


def _solve(problem: PlacementProblem) -> PlacementPlan:
    return solve(problem, time_limit_seconds=60, seed=1)


def _row(sense: Any, rhs: int, weights: list[int], **facts: Any) -> Row:
    return Row("limit", "cap", "limit", sense, rhs, BOTH, np.array(weights), key="limit", **facts)


def _two(*rows: Row) -> PlacementProblem:
    """Return two leaders, each with a post of their own, worth 5 and 3 pupil-months."""
    return PlacementProblem(
        leader_ids=("A", "B"),
        post_ids=("P", "Q"),
        urns=BOTH,
        leader=np.array([0, 1], dtype=np.int32),
        post=np.array([0, 1], dtype=np.int32),
        benefit=np.array([5000, 3000]),
        scale=1000,
        rows=rows,
    )


@pytest.mark.parametrize(
    ("row", "moved"),
    [
        (_row("<=", 1, [1, 1]), 2),
        (_row(">=", 2, [1, 1]), 1),
        (_row("<=", 30_000, [1, 1], unit="pound"), 40_000),
        (_row("<=", 0, [3, -2], measure="share", share=0.4), 5),  # 2/5: a placement weighs 5 - 2 or -2
        (_row(">=", 0, [3, -2], measure="share", share=0.4, unit="pupil_month"), -5000),
    ],
)
def test_a_limit_moves_by_one_unit_to_the_side_that_allows_more(row: Row, moved: int) -> None:
    assert can_be_loosened(row)
    assert looser(row).rhs == moved


@pytest.mark.parametrize(
    "row", [_row("=", 1, [1, 1]), _row(">=", 0, [1, 1]), _row("<=", 1, [1, 1], measure="structure")]
)
def test_a_pin_a_floor_of_none_and_structure_are_not_loosened(row: Row) -> None:
    assert not can_be_loosened(row)


def test_one_more_place_adds_the_second_leader_and_is_not_called_nothing() -> None:
    problem = _two(_row("<=", 1, [1, 1]))
    plan = _solve(problem)
    changes = {0: looser(problem.rows[0])}
    assert (plan.objective, _solve(with_changes(problem, changes)).objective) == (5000, 8000)
    assert _solve(with_changes(problem, {0: None})).objective == 8000
    base = priced_plan(problem, plan, exclusive=False)
    assert not adds_nothing(base, changes)
    assert not adds_nothing(base, {0: None})


def test_a_limit_with_room_to_spare_is_proven_to_add_nothing() -> None:
    problem = _two(_row("<=", 2, [1, 1]))
    base = priced_plan(problem, _solve(problem), exclusive=False)
    assert adds_nothing(base, {0: looser(problem.rows[0])})
    assert adds_nothing(base, {0: None})
    assert not adds_nothing(None, {})


def test_of_a_plan_that_is_not_proven_best_nothing_is_proven() -> None:
    problem = _two(_row("<=", 2, [1, 1]))
    plan = replace(_solve(problem), status=Status.FEASIBLE)
    assert not adds_nothing(priced_plan(problem, plan, exclusive=False), {0: None})


@DRAWN
@given(wider_problems())
def test_every_limit_moved_or_dropped_equals_brute_force_and_every_proof_holds(problem: PlacementProblem) -> None:
    plan = _solve(problem)
    if plan.objective is None:
        return
    base = priced_plan(problem, plan, exclusive=False)
    for number, row in enumerate(problem.rows):
        each = [{number: looser(row)}] if can_be_loosened(row) else []
        for changes in [*each, {number: None}]:
            changed = with_changes(problem, changes)
            best = _brute_force(changed)
            assert _solve(changed).objective == best
            assert best is not None
            assert best >= plan.objective
            assert not adds_nothing(base, changes) or best == plan.objective


@DRAWN
@given(wider_problems())
def test_a_proof_that_a_leader_more_adds_nothing_holds(problem: PlacementProblem) -> None:
    plan = _solve(problem)
    if plan.objective is None:
        return
    base = priced_plan(problem, plan, exclusive=False)
    for leader in np.unique(problem.leader).tolist():
        more = _with_copy(problem, leader)
        if more_leaders_add_nothing(base, more):
            best = _brute_force(more)
            assert best is not None
            assert best <= plan.objective


def _with_copy(problem: PlacementProblem, leader: int) -> PlacementProblem:
    """Return the problem with a copy of a leader last, whose pairs and weights are as the leader's."""
    mine, count = np.flatnonzero(problem.leader == leader), len(problem.benefit)
    of_pair = np.concatenate([np.arange(count), mine])
    of_leader = np.append(np.arange(len(problem.leader_ids)), leader)
    return replace(
        problem,
        leader_ids=(*problem.leader_ids, "copy"),
        leader=np.append(problem.leader, np.full(len(mine), len(problem.leader_ids), dtype=np.int32)),
        post=problem.post[of_pair],
        benefit=problem.benefit[of_pair],
        rows=tuple(_spread(row, {"pair": of_pair, "leader": of_leader}.get(row.over)) for row in problem.rows),
        capacity=problem.capacities[of_leader],
    )


def _spread(row: Row, source: np.ndarray | None) -> Row:
    """Return a row in which each thing weighs what the thing of ``source`` weighs."""
    if source is None:
        return row
    weights = dict(zip(row.members.tolist(), row.weights.tolist(), strict=True))
    members = [place for place, own in enumerate(source.tolist()) if own in weights]
    own = [weights[int(source[place])] for place in members]
    return replace(row, members=np.array(members, dtype=np.int64), weights=np.array(own, dtype=np.int64))
