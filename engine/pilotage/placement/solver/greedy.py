"""Filling a plan pair by pair in a given order: pins, then what minimums lack, then the rest; no limit is broken.

Pairs are looked at by blocks, all at once: which of a block still fit, the first of them is taken, and again. A pair
that only a minimum or a share of all placements keeps out is remembered, and looked at again after each placement;
where there are more of them than are remembered, the whole order is gone through again, until nothing more fits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.formulation.coefficients import Weights, reach_of_auxiliaries, weights_of
from pilotage.placement.solver.cp_sat import Choice
from pilotage.placement.solver.incumbent import SECONDS, completed

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BLOCK = 20_000
REMEMBERED = 20_000  # pairs looked at again after each placement
FREE = 2**62  # no limit


def by_benefit(problem: PlacementProblem, among: Ints | None = None) -> Ints:
    """Return the pairs (of ``among``, ascending, or of all) that are worth taking, best first; ties by position."""
    pairs = np.flatnonzero(problem.benefit > 0) if among is None else among[problem.benefit[among] > 0]
    ordered: Ints = pairs[np.argsort(-problem.benefit[pairs], kind="stable")]
    return ordered


def greedy(problem: PlacementProblem, among: Ints | None = None, deadline: float = math.inf) -> Choice:
    """Return what greedy placing by benefit takes (of the pairs ``among``), with the best auxiliaries for it.

    ``deadline``: of ``time.monotonic``; what is taken until then.
    """
    chosen = fill(problem, by_benefit(problem, among), deadline)
    return completed(problem, chosen, min(SECONDS, deadline - time.monotonic()))


def fill(problem: PlacementProblem, order: Ints, deadline: float = math.inf) -> Ints:
    """Return the pairs that fill a plan in the given order, ascending; what fits until ``deadline`` (monotonic)."""
    state = _State(problem, deadline)
    for number, row in enumerate(problem.rows):
        if state.lacks[number] > 0:
            lacking = order[weights_of(problem, row, order) > 0] if row.sense != "=" else _positive(problem, row)
            _fill(state, lacking, number)
    while _fill(state, order, None) and state.forgot and not state.late:
        state.forget()
    return np.sort(np.array(state.chosen, dtype=np.int64))


def _positive(problem: PlacementProblem, row: Row) -> Ints:
    """Return the pairs that weigh more than 0 in a row: what must be so may be worth little."""
    every = np.arange(len(problem.benefit))
    return every[weights_of(problem, row, every) > 0]


def _fill(state: _State, order: Ints, minimum: int | None) -> bool:
    """Take what fits, in order, until leaders run out or the row ``minimum`` lacks nothing; return if any was taken."""
    before = len(state.chosen)
    for start in range(0, len(order), BLOCK):
        block = _Block(state.problem, state.weights, order[start : start + BLOCK])
        for position in _fitting(state, block, minimum):
            state.take(block, position)
            if minimum is None:
                state.take_remembered()
        if minimum is None:
            state.remember(block)
        if not state.leader_free.any() or state.late:
            break
    return len(state.chosen) > before


def _fitting(state: _State, block: _Block, minimum: int | None) -> Iterator[int]:
    """Yield the first pair of the block that fits, and again, until none does."""
    while (minimum is None or state.lacks[minimum] > 0) and not state.late:
        fits = state.fits(block)
        position = int(fits.argmax()) if len(fits) else 0
        if not len(fits) or not fits[position]:
            return
        yield position


@dataclass(frozen=True)
class _Block:
    """Some pairs in the order in which they are offered, and what they weigh in the rows over pairs."""

    problem: PlacementProblem
    weights: Weights
    pairs: Ints

    @cached_property
    def leader(self) -> NDArray[np.int32]:
        return self.problem.leader[self.pairs]

    @cached_property
    def post(self) -> NDArray[np.int32]:
        return self.problem.post[self.pairs]

    @cached_property
    def entries(self) -> tuple[Ints, Ints, Ints]:
        """Return pair (position in the block), row and weight of each entry of the rows over pairs."""
        matrix = self.weights.over_pairs(self.pairs)
        position = np.repeat(np.arange(len(self.pairs)), np.diff(matrix.indptr))
        return position, matrix.indices.astype(np.int64), matrix.data


class _State:
    """A plan being filled: what is left of leaders and posts, and what each row lacks and still allows."""

    def __init__(self, problem: PlacementProblem, deadline: float) -> None:
        self.problem, self.weights, self.deadline = problem, Weights(problem), deadline
        self.chosen: list[int] = []
        self.leader_free = problem.capacities.copy()
        self.post_free = np.ones(len(problem.post_ids), dtype=bool)
        self.lacks, self.allows = _slacks(problem)
        self.idle = _never_short(problem, self.lacks, self.allows)
        self.easing = any(_eases(row) and not self.idle[n] for n, row in enumerate(problem.rows))
        self.forget()
        self.closed = {"post": np.zeros(len(self.post_free), int), "leader": np.zeros(len(self.leader_free), int)}
        self.shut: dict[int, Bools] = {}
        for row in range(len(problem.rows)):
            self._shut(row)

    @property
    def late(self) -> bool:
        """Return whether no time is left."""
        return time.monotonic() >= self.deadline

    def fits(self, block: _Block) -> Bools:
        """Return which pairs of the block are free and break no limit and no minimum."""
        leader = (self.leader_free > 0) & (self.closed["leader"] == 0)
        post = self.post_free & (self.closed["post"] == 0)
        free: Bools = leader[block.leader] & post[block.post]
        position, row, weight = block.entries
        bad = _over(self.lacks[row], self.allows[row], weight) & ~self.idle[row]
        free[position[bad]] = False
        return free

    def take(self, block: _Block, position: int) -> None:
        """Take a pair."""
        leader, post = int(block.leader[position]), int(block.post[position])
        self.chosen.append(int(block.pairs[position]))
        self.leader_free[leader] -= 1
        self.post_free[post] = False
        where, row, weight = block.entries
        self._spend(row[where == position], weight[where == position])
        for matrix, column in ((self.weights.post, post), (self.weights.leader, leader)):
            inside = slice(matrix.indptr[column], matrix.indptr[column + 1])
            self._spend(matrix.indices[inside].astype(np.int64), matrix.data[inside])

    def forget(self) -> None:
        """Remember nothing, as before the first pair is looked at."""
        self.remembered = np.zeros(0, dtype=np.int64)
        self.forgot = False

    def remember(self, block: _Block) -> None:
        """Keep the first pairs that are free: what a minimum or a share bars now may fit later."""
        if not self.easing:
            return
        both = np.concatenate([self.remembered, block.pairs])
        free = both[(self.leader_free[self.problem.leader[both]] > 0) & self.post_free[self.problem.post[both]]]
        self.remembered = free[:REMEMBERED]
        self.forgot |= len(free) > REMEMBERED

    def take_remembered(self) -> None:
        """Take what was barred and now fits, in order."""
        if not len(self.remembered):
            return
        block = _Block(self.problem, self.weights, self.remembered)
        for position in _fitting(self, block, None):
            self.take(block, position)

    def _spend(self, rows: Ints, weights: Ints) -> None:
        self.lacks[rows] -= weights
        self.allows[rows] -= weights
        for row in rows.tolist():
            self._shut(row)

    def _shut(self, row: int) -> None:
        """Note which posts or leaders a row over them bars now."""
        limited = self.problem.rows[row]
        if limited.over == "pair" or self.idle[row]:
            return
        now = _over(self.lacks[row], self.allows[row], limited.weights)
        before = self.shut.get(row)
        if before is not None or now.any():
            self.closed[limited.over][limited.members] += now.astype(int) - (
                0 if before is None else before.astype(int)
            )
            self.shut[row] = now


def _eases(row: Row) -> bool:
    """Return whether a pair taken may let in pairs that the row barred: a minimum, or a limit by share."""
    return row.sense != "<=" or bool(np.any(row.weights < 0))


def _over(lacks: Ints, allows: Ints, weight: Ints) -> Bools:
    """Return whether a weight would break a limit, or make a minimum lack more than it does."""
    limit = (weight > 0) & (weight > np.maximum(allows, 0))
    minimum = (weight < 0) & (np.maximum(lacks - weight, 0) > np.maximum(lacks, 0))
    broken: Bools = limit | minimum
    return broken


def _slacks(problem: PlacementProblem) -> tuple[Ints, Ints]:
    """Return the least and the most that pairs may weigh in each row, were its auxiliaries set to suit."""
    low, high = reach_of_auxiliaries(problem)
    rows = list(zip(problem.rows, low, high, strict=True))
    least = [-FREE if row.sense == "<=" else row.rhs - most for row, _, most in rows]
    most = [FREE if row.sense == ">=" else row.rhs - least for row, least, _ in rows]
    return np.array(least, dtype=np.int64), np.array(most, dtype=np.int64)


def _never_short(problem: PlacementProblem, lacks: Ints, allows: Ints) -> Bools:
    """Return the rows that no plan can break: every leader's largest weights together stay within them."""
    idle = np.zeros(len(lacks), dtype=bool)
    rows = [number for number, row in enumerate(problem.rows) if len(row.auxiliaries) and row.over == "pair"]
    most, least = _reaches(problem, rows)
    idle[rows] = (most <= allows[rows]) & (least >= lacks[rows])
    for number, row in enumerate(problem.rows):
        if len(row.auxiliaries) and row.over != "pair":
            times = problem.capacities[row.members] if row.over == "leader" else 1
            most_, least_ = (np.maximum(row.weights, 0) * times).sum(), (np.minimum(row.weights, 0) * times).sum()
            idle[number] = most_ <= allows[number] and least_ >= lacks[number]
    return idle


def _reaches(problem: PlacementProblem, rows: list[int]) -> tuple[Ints, Ints]:
    """Return what leaders' largest and least weights come to in rows over pairs, as many as their capacities."""
    members = [problem.rows[number].members for number in rows]
    row = np.repeat(np.arange(len(rows)), [len(some) for some in members])
    leader = problem.leader[np.concatenate([np.zeros(0, dtype=np.int64), *members])]
    weight = np.concatenate([np.zeros(0, dtype=np.int64), *(problem.rows[number].weights for number in rows)])
    order = np.lexsort((leader, row))
    row, leader, weight = row[order], leader[order], weight[order]
    start = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(leader, prepend=-1) != 0))
    most, least = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    if len(start):
        times = problem.capacities[leader[start]]
        np.add.at(most, row[start], np.maximum(np.maximum.reduceat(weight, start), 0) * times)
        np.add.at(least, row[start], np.minimum(np.minimum.reduceat(weight, start), 0) * times)
    return most, least
