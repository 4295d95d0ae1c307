"""Simpler ways of placing, on the same problem and under the same rules, to compare a plan with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.explanation import Baseline
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.completion import completed, keeps
from pilotage.placement.integers import Choice, value_of
from pilotage.placement.weights import Weights, activities, members_of, weights_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHUNK = 20_000
FREE = 2**62  # no limit


def baselines(problem: PlacementProblem, need_per_pair: Floats, seed: int) -> tuple[Baseline, ...]:
    """Return what highest risk first, greedy by benefit and random placing reach.

    Each takes pairs in its own order, pins and unmet minimums first, and breaks no limit on the way; ``unmet`` names
    the rows that it could not satisfy. A pair of unknown need comes last.
    """
    need = np.where(np.isnan(need_per_pair), -1.0, need_per_pair)
    by_need = np.lexsort((np.arange(len(need)), -problem.benefit, -need))
    shuffled = np.random.default_rng(seed).permutation(len(problem.benefit))
    return (
        _peer("highest_risk_first", "School at highest risk first, with its best leader", problem, by_need),
        _peer("greedy_by_benefit", "Pair of highest benefit first", problem, _by_benefit(problem)),
        _peer("random", "At random among eligible pairs", problem, shuffled),
    )


def greedy(problem: PlacementProblem) -> Choice:
    """Return what greedy placing by benefit takes, with the best auxiliaries that go with it."""
    return completed(problem, _take(problem, _by_benefit(problem)))


def _by_benefit(problem: PlacementProblem) -> Ints:
    """Return the pairs that are worth taking, best first."""
    order = np.lexsort((np.arange(len(problem.benefit)), -problem.benefit))
    return order[problem.benefit[order] > 0]


def _peer(name: str, label: str, problem: PlacementProblem, order: Ints) -> Baseline:
    choice = completed(problem, _take(problem, order))
    left = activities(problem, choice.chosen, choice.auxiliary)
    states = zip(problem.rows, left.tolist(), strict=True)
    unmet = tuple(row.name for row, activity in states if not keeps(row, activity))
    return Baseline(name, label, len(choice.chosen), value_of(problem, choice), unmet, choice.chosen)


def _room(problem: PlacementProblem, row: Row) -> tuple[int, int]:
    """Return the least and the most that pairs may weigh in a row, were its auxiliaries set to suit."""
    ends = [
        sorted((weight * problem.auxiliaries[one].lower, weight * problem.auxiliaries[one].upper))
        for one, weight in zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    ]
    least = -FREE if row.sense == "<=" else row.rhs - sum(high for _, high in ends)
    most = FREE if row.sense == ">=" else row.rhs - sum(low for low, _ in ends)
    return max(least, -FREE), min(most, FREE)


class _Taker:
    """A plan being filled pair by pair: what is left of leaders and posts, and what each row lacks and still allows."""

    def __init__(self, problem: PlacementProblem) -> None:
        self.problem = problem
        self.chosen: list[int] = []
        self.deferred: list[int] = []
        self.leader_free = problem.capacities.copy()
        self.post_free = np.ones(len(problem.post_ids), dtype=bool)
        room = np.array([_room(problem, row) for row in problem.rows], dtype=np.int64).reshape(-1, 2)
        self.lacks, self.allows = room[:, 0], room[:, 1]
        self.weights = Weights(problem)
        self.wide = np.array(sorted(self.weights.wide), dtype=np.int64)

    def rows_of(self, pair: int) -> tuple[Ints, Ints]:
        """Return the rows that a pair is in, and its weights there."""
        problem, weights = self.problem, self.weights
        parts = [(weights.pair, pair), (weights.post, problem.post[pair]), (weights.leader, problem.leader[pair])]
        cuts = [(matrix, slice(matrix.indptr[one], matrix.indptr[one + 1])) for matrix, one in parts]
        one = np.array([pair])
        wide = [int(weights_of(problem, problem.rows[row], one)[0]) for row in self.wide.tolist()]
        rows = np.concatenate([self.wide, *(matrix.indices[cut] for matrix, cut in cuts)])
        return rows, np.concatenate([np.array(wide, dtype=np.int64), *(matrix.data[cut] for matrix, cut in cuts)])

    def free(self, pairs: Ints) -> Ints:
        """Return the pairs whose leader and post are both free."""
        return pairs[(self.leader_free[self.problem.leader[pairs]] > 0) & self.post_free[self.problem.post[pairs]]]

    def offer(self, pair: int) -> bool:
        """Take a pair if its leader and post are free and no limit breaks; remember it if only a minimum would."""
        if not (self.leader_free[self.problem.leader[pair]] and self.post_free[self.problem.post[pair]]):
            return False
        rows, weights = self.rows_of(pair)
        if (weights > np.maximum(self.allows[rows], 0))[weights > 0].any():
            return False
        lacking = np.maximum(self.lacks[rows] - weights, 0) > np.maximum(self.lacks[rows], 0)
        if lacking.any():
            self.deferred.append(pair)
            return False
        self.take(pair, rows, weights)
        return True

    def take(self, pair: int, rows: Ints, weights: Ints) -> None:
        """Take a pair."""
        self.chosen.append(int(pair))
        self.lacks[rows] -= weights
        self.allows[rows] -= weights
        self.leader_free[self.problem.leader[pair]] -= 1
        self.post_free[self.problem.post[pair]] = False

    def offer_deferred(self) -> None:
        """Offer again what a minimum kept out, in order, until nothing more fits."""
        while self.deferred:
            waiting, self.deferred = self.free(np.array(self.deferred, dtype=np.int64)).tolist(), []
            taken = next((number for number, pair in enumerate(waiting) if self.offer(pair)), None)
            if taken is None:
                return
            self.deferred += waiting[taken + 1 :]


def _take(problem: PlacementProblem, order: Ints) -> Ints:
    """Return the pairs that fill a plan in the given order: pins, then what minimums still lack, then the rest."""
    taker = _Taker(problem)
    for number, row in enumerate(problem.rows):
        if row.sense == "=":
            members = members_of(problem, row)
            _fill(taker, number, members[weights_of(problem, row, members) > 0])
        elif taker.lacks[number] > 0:
            _fill(taker, number, order[weights_of(problem, row, order) > 0])
    _run(taker, order)
    return np.sort(np.array(taker.chosen, dtype=np.int64))


def _fill(taker: _Taker, row: int, order: Ints) -> None:
    """Offer pairs until the row's minimum is reached."""
    for pair in order.tolist():
        if taker.lacks[row] <= 0:
            return
        taker.offer(pair)


def _run(taker: _Taker, order: Ints) -> None:
    for start in range(0, len(order), CHUNK):
        if not taker.leader_free.any():
            return
        for pair in taker.free(order[start : start + CHUNK]).tolist():
            if taker.offer(pair):
                taker.offer_deferred()
