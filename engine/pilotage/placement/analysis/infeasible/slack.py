"""By how much a limit must be loosened at least, so that some plan keeps all rows: an integer programme."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row, Status
from pilotage.placement.analysis.infeasible.feasibility import OutOfTimeError, any_plan, worthless
from pilotage.placement.formulation.coefficients import activities, members_of, weights_of
from pilotage.placement.solver.solve import solve

SLACK = "slack"


def least_slack(problem: PlacementProblem, rows: Collection[int], deadline: float, seed: int) -> int | None:
    """Return the least that some rows (positions; ``<=`` or ``>=``) must be loosened by together, all by the same.

    None where no amount is enough. The rows have no auxiliaries of their own that matter for what they can reach.

    Raises
    ------
    OutOfTimeError
        Where the least is not proven before the deadline.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise OutOfTimeError
    most = max((_shortfall(problem, problem.rows[number]) for number in rows), default=0)
    plan = solve(_with_slack(problem, rows, most), time_limit_seconds=left, seed=seed)
    if plan.status is Status.INFEASIBLE:
        return None
    if plan.objective is None or plan.bound is None:
        raise OutOfTimeError
    least = -plan.objective
    while least > max(0, -plan.bound):  # proven by the solver to a tolerance: the last units one by one
        again = any_plan(loosened(problem, rows, least - 1), deadline, seed)
        if again.status is Status.INFEASIBLE:
            break
        totals = activities(problem, again.chosen, again.auxiliary).tolist()
        least = max(0, *(_missed(problem.rows[number], totals[number]) for number in rows))
    return least


def loosened(problem: PlacementProblem, rows: Collection[int], by: int) -> PlacementProblem:
    """Return the problem with some rows loosened."""
    return replace(
        problem,
        rows=tuple(
            replace(row, rhs=row.rhs + (by if row.sense == "<=" else -by)) if number in rows else row
            for number, row in enumerate(problem.rows)
        ),
    )


def _with_slack(problem: PlacementProblem, rows: Collection[int], most: int) -> PlacementProblem:
    free, place = worthless(problem), len(problem.auxiliaries)
    slack = Auxiliary(SLACK, most, -1, kind="breach", key=SLACK)
    looser = tuple(_slackened(row, place) if number in rows else row for number, row in enumerate(free.rows))
    return replace(free, rows=looser, auxiliaries=(*free.auxiliaries, slack))


def _slackened(row: Row, place: int) -> Row:
    weight = -1 if row.sense == "<=" else 1
    return replace(
        row,
        auxiliaries=np.append(row.auxiliaries, place).astype(np.int64),
        auxiliary_weights=np.append(row.auxiliary_weights, weight).astype(np.int64),
    )


def _shortfall(problem: PlacementProblem, row: Row) -> int:
    """Return by how much the pairs of a plan can miss a row at most: by the worst of each post."""
    sign, pairs = 1 if row.sense == "<=" else -1, members_of(problem, row)
    of_post = np.zeros(len(problem.post_ids), dtype=np.int64)
    np.maximum.at(of_post, problem.post[pairs], sign * weights_of(problem, row, pairs))
    return max(0, int(of_post.sum()) - sign * row.rhs)


def _missed(row: Row, total: int) -> int:
    return total - row.rhs if row.sense == "<=" else row.rhs - total
