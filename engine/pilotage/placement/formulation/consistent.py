"""Whether the arrays of a problem belong together: looked at where a problem comes from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.errors import DataError, Problem, raise_all

Array = NDArray[Any]
DO = "correct the problem"


def expect_consistent(problem: PlacementProblem) -> None:
    """Refuse a problem whose arrays do not belong together.

    Raises
    ------
    DataError
        With every array that is of another length, kind or range than it should be.
    """
    raise_all(DataError, [*_pair_faults(problem), *_row_faults(problem)])


def _pair_faults(problem: PlacementProblem) -> Iterator[Problem]:
    pairs, leaders, posts = len(problem.benefit), len(problem.leader_ids), len(problem.post_ids)
    yield from _ints("benefit", problem.benefit, pairs)
    yield from _ints("urns", problem.urns, posts)
    yield from _positions("leader", problem.leader, leaders, pairs)
    yield from _positions("post", problem.post, posts, pairs)
    if len(problem.capacity):
        yield from _ints("capacity", problem.capacity, leaders)
        if np.any(np.asarray(problem.capacity) < 0):
            yield Problem("capacity", "a number below 0", "at least 0 for each leader", DO)
    for name, ids in (("leader_ids", problem.leader_ids), ("post_ids", problem.post_ids)):
        if len(set(ids)) < len(ids):
            yield Problem(name, "a name comes twice", "each name once", DO)
    if not problem.scale >= 1:
        yield Problem("scale", f"found {problem.scale!r}", "integer units in a pupil-month, at least 1", DO)


def _row_faults(problem: PlacementProblem) -> Iterator[Problem]:
    sizes = {"pair": len(problem.benefit), "post": len(problem.post_ids), "leader": len(problem.leader_ids)}
    for number, row in enumerate(problem.rows):
        where = f"rows[{number}] ({row.name})"
        yield from _members(f"{where}.members", row, row.members, sizes[row.over])
        yield from _ints(f"{where}.weights", row.weights, len(row.members))
        yield from _members(f"{where}.auxiliaries", row, row.auxiliaries, len(problem.auxiliaries))
        yield from _ints(f"{where}.auxiliary_weights", row.auxiliary_weights, len(row.auxiliaries))


def _members(where: str, row: Row, members: Array, size: int) -> Iterator[Problem]:
    yield from _positions(where, members, size, len(members))
    if np.any(np.diff(np.asarray(members, dtype=np.float64)) <= 0):
        yield Problem(where, "not in ascending order, or a position comes twice", "positions, ascending", DO)


def _positions(where: str, values: Array, size: int, length: int) -> Iterator[Problem]:
    faults = list(_ints(where, values, length))
    yield from faults
    if not faults and np.any((values < 0) | (values >= size)):
        yield Problem(where, "a position that is not there", f"whole numbers from 0 to {size - 1}", DO)


def _ints(where: str, values: Array, length: int) -> Iterator[Problem]:
    """Yield what is wrong with an array that should hold so many whole numbers."""
    if not isinstance(values, np.ndarray) or values.shape != (length,):
        found = f"shape {values.shape}" if isinstance(values, np.ndarray) else f"a {type(values).__name__}"
        yield Problem(where, found, f"an array of {length:,} whole numbers", DO)
    elif values.dtype.kind not in "iu":
        yield Problem(where, f"numbers of the type {values.dtype}", "whole numbers (an integer dtype)", DO)
