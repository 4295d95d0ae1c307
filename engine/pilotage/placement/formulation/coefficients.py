"""What pairs and auxiliaries weigh in a problem's rows: exact integers, for some pairs or for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.domain.plan import Over, PlacementProblem, Row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Positions = NDArray[np.integer[Any]]


LONG = 10_000  # members; shorter rows are summed all at once


def activities(problem: PlacementProblem, chosen: Ints, auxiliary: Ints | None = None) -> Ints:
    """Return the left-hand side of every row for the chosen pairs and the auxiliaries' values, shape (rows,)."""
    values = np.zeros(len(problem.auxiliaries), dtype=np.int64) if auxiliary is None else auxiliary
    rows, everything = problem.rows, range(len(problem.rows))
    totals = _sums([row.auxiliaries for row in rows], [row.auxiliary_weights for row in rows], values)
    counts = {"pair": _counted(chosen, len(problem.benefit))}
    counts["post"] = _counted(problem.post[chosen], len(problem.post_ids))
    counts["leader"] = _counted(problem.leader[chosen], len(problem.leader_ids))
    for over, count in counts.items():
        short = [n for n in everything if rows[n].over == over and len(rows[n].members) <= LONG]
        totals[short] += _sums([rows[n].members for n in short], [rows[n].weights for n in short], count)
    for n in everything:
        if len(rows[n].members) > LONG:
            totals[n] += int(weights_of(problem, rows[n], chosen).sum())
    return totals


def _counted(names: Positions, size: int) -> Ints:
    return np.bincount(names, minlength=size).astype(np.int64)


def _sums(members: list[Ints], weights: list[Ints], values: Ints) -> Ints:
    """Return for each row the sum of its weights times its members' values."""
    lengths = [len(some) for some in members]
    flat = np.concatenate([np.zeros(0, dtype=np.int64), *members]).astype(np.int64)
    total = np.concatenate([np.zeros(0, dtype=np.int64), *weights]).astype(np.int64) * values[flat]
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    running: Ints = np.concatenate([[0], np.cumsum(total)]).astype(np.int64)
    sums: Ints = running[ends[1:]] - running[ends[:-1]]
    return sums


def activity(problem: PlacementProblem, row: Row, chosen: Ints, auxiliary: Ints) -> int:
    """Return the left-hand side of a row for the chosen pairs (ascending) and the auxiliaries' values."""
    own = zip(row.auxiliary_weights.tolist(), auxiliary[row.auxiliaries].tolist(), strict=True)
    return int(sum(weight * value for weight, value in own)) + int(weights_of(problem, row, chosen).sum())


def weights_of(problem: PlacementProblem, row: Row, pairs: Ints) -> Ints:
    """Return what each of ``pairs`` weighs in a row, shape (pairs,)."""
    if not len(row.members):
        return np.zeros(len(pairs), dtype=np.int64)
    names: Positions = pairs if row.over == "pair" else (problem.post if row.over == "post" else problem.leader)[pairs]
    place = np.minimum(np.searchsorted(row.members, names), len(row.members) - 1)
    return np.where(row.members[place] == names, row.weights[place], 0).astype(np.int64)


def members_of(problem: PlacementProblem, row: Row) -> Ints:
    """Return the pairs that a row names, ascending, whatever they weigh."""
    if row.over == "pair":
        return row.members.astype(np.int64)
    named = np.zeros(len(problem.post_ids) if row.over == "post" else len(problem.leader_ids), dtype=bool)
    named[row.members] = True
    return np.flatnonzero(named[problem.post if row.over == "post" else problem.leader])


def nearest_zero(problem: PlacementProblem) -> Ints:
    """Return the value nearest 0 that each auxiliary may have, shape (auxiliaries,)."""
    return np.array(
        [min(max(0, auxiliary.lower), auxiliary.upper) for auxiliary in problem.auxiliaries], dtype=np.int64
    )


def reach_of_auxiliaries(problem: PlacementProblem) -> tuple[list[int], list[int]]:
    """Return what the auxiliaries of each row come to at least and at most."""
    ends = np.array([(auxiliary.lower, auxiliary.upper) for auxiliary in problem.auxiliaries], dtype=np.int64).reshape(
        -1, 2
    )
    positive = [np.maximum(row.auxiliary_weights, 0) for row in problem.rows]
    negative = [np.minimum(row.auxiliary_weights, 0) for row in problem.rows]
    members = [row.auxiliaries for row in problem.rows]
    least = _sums(members, positive, ends[:, 0]) + _sums(members, negative, ends[:, 1])
    most = _sums(members, positive, ends[:, 1]) + _sums(members, negative, ends[:, 0])
    return least.tolist(), most.tolist()


def largest_weight(row: Row) -> int:
    """Return the largest absolute weight of a row, at least 1."""
    every = (row.weights, row.auxiliary_weights)
    return max(1, *(max(int(some.max(initial=0)), -int(some.min(initial=0))) for some in every))


def largest_weights(rows: Sequence[Row]) -> list[int]:
    """Return the largest absolute weight of each row, at least 1."""
    short = [n for n, row in enumerate(rows) if len(row.weights) <= LONG]
    largest = [0 if len(row.weights) <= LONG else largest_weight(row) for row in rows]
    parts = [part for n in short for part in (np.ones(1, dtype=np.int64), rows[n].weights, rows[n].auxiliary_weights)]
    if short:
        flat = np.concatenate(parts).astype(np.int64)
        start = np.cumsum([0, *(len(part) for part in parts)])[:-1:3]
        most, least = np.maximum.reduceat(flat, start).tolist(), np.minimum.reduceat(flat, start).tolist()
        for n, high, low in zip(short, most, least, strict=True):
            largest[n] = max(high, -low)
    return largest


def by_leader(problem: PlacementProblem) -> Ints | None:
    """Return the order that sorts pairs by leader, None where they are sorted already."""
    if np.all(problem.leader[1:] >= problem.leader[:-1]):
        return None
    return np.argsort(problem.leader, kind="stable")


@dataclass(frozen=True)
class Weights:
    """The rows' weights as sparse matrices, each over the things that its rows are stated over.

    Rows over nearly all pairs stay as they are: a matrix would only repeat them.
    """

    problem: PlacementProblem

    @cached_property
    def wide(self) -> frozenset[int]:
        """Return the rows over at least a quarter of all pairs."""
        enough = max(1, len(self.problem.benefit) // 4)
        rows = enumerate(self.problem.rows)
        return frozenset(number for number, row in rows if row.over == "pair" and len(row.members) >= enough)

    @cached_property
    def pair(self) -> sparse.csc_array:
        """Return the weights of the rows over pairs that are not wide, shape (rows, pairs)."""
        return self._matrix("pair", len(self.problem.benefit))

    @cached_property
    def post(self) -> sparse.csc_array:
        """Return the weights of the rows over posts, shape (rows, posts)."""
        return self._matrix("post", len(self.problem.post_ids))

    @cached_property
    def leader(self) -> sparse.csc_array:
        """Return the weights of the rows over leaders, shape (rows, leaders)."""
        return self._matrix("leader", len(self.problem.leader_ids))

    @cached_property
    def auxiliary(self) -> sparse.csc_array:
        """Return the weights of the auxiliaries, shape (rows, auxiliaries)."""
        rows = self.problem.rows
        columns = [(n, row.auxiliaries, row.auxiliary_weights) for n, row in enumerate(rows)]
        return stacked(columns, (len(rows), len(self.problem.auxiliaries)))

    def of_pairs(self, pairs: Ints) -> sparse.csc_array:
        """Return the weights of ``pairs``, shape (rows, pairs)."""
        problem = self.problem
        by_side = self.post[:, problem.post[pairs]] + self.leader[:, problem.leader[pairs]]
        full = sparse.csc_array(by_side + self.over_pairs(pairs))
        full.sort_indices()
        return full

    def over_pairs(self, pairs: Ints) -> sparse.csc_array:
        """Return the weights of ``pairs`` in the rows over pairs alone, shape (rows, pairs)."""
        every, narrow = np.arange(len(pairs)), self.pair[:, pairs]
        if not self.wide:
            return sparse.csc_array(narrow)
        wide = [(n, every, weights_of(self.problem, self.problem.rows[n], pairs)) for n in sorted(self.wide)]
        return sparse.csc_array(narrow + stacked(wide, narrow.shape))

    def _matrix(self, over: Over, size: int) -> sparse.csc_array:
        rows = enumerate(self.problem.rows)
        entries = [(n, row.members, row.weights) for n, row in rows if row.over == over and n not in self.wide]
        return stacked(entries, (len(self.problem.rows), size))


def stacked(rows: Sequence[tuple[int, Positions, Positions]], shape: tuple[int, int]) -> sparse.csc_array:
    """Return (row, members, weights) triples as one matrix of 64-bit integers."""
    index = np.repeat([n for n, _, _ in rows], [len(members) for _, members, _ in rows]).astype(np.int32)
    members = np.concatenate([np.zeros(0, dtype=np.int32), *(some.astype(np.int32) for _, some, _ in rows)])
    weights = np.concatenate([np.zeros(0, dtype=np.int64), *(some for _, _, some in rows)])
    return sparse.csc_array((weights.astype(np.int64), (index, members)), shape=shape)
