"""Simpler ways of placing, on the same problem and under the same rules, to compare a plan with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.domain.explanation import Baseline
from pilotage.domain.plan import PlacementProblem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHUNK = 20_000


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


def greedy(problem: PlacementProblem) -> Ints:
    """Return the pairs that greedy placing by benefit takes, ascending."""
    return np.sort(np.array(_take(problem, _by_benefit(problem)).chosen, dtype=np.int64))


def _by_benefit(problem: PlacementProblem) -> Ints:
    """Return the pairs that are worth taking, best first."""
    order = np.lexsort((np.arange(len(problem.benefit)), -problem.benefit))
    return order[problem.benefit[order] > 0]


def _peer(name: str, label: str, problem: PlacementProblem, order: Ints) -> Baseline:
    taker = _take(problem, order)
    chosen = np.array(taker.chosen, dtype=np.int64)
    unmet = tuple(r.name for r, left in zip(problem.rows, taker.left, strict=True) if _missed(r.sense, int(left)))
    return Baseline(name, label, len(chosen), int(problem.benefit[chosen].sum()), unmet)


def _missed(sense: str, left: int) -> bool:
    return (sense == "<=" and left < 0) or (sense == ">=" and left > 0) or (sense == "=" and left != 0)


class _Taker:
    """A plan being filled pair by pair: who is used, and what is left of each row (right-hand side less activity)."""

    def __init__(self, problem: PlacementProblem) -> None:
        self.problem = problem
        self.chosen: list[int] = []
        self.deferred: list[int] = []
        self.leader_free = np.ones(len(problem.leader_ids), dtype=bool)
        self.post_free = np.ones(len(problem.post_ids), dtype=bool)
        self.left = np.array([row.rhs for row in problem.rows], dtype=np.int64)
        self.at_most = np.array([row.sense != ">=" for row in problem.rows], dtype=bool)
        self.weights = _weights(problem)

    def rows_of(self, pair: int) -> tuple[NDArray[np.int32], Ints]:
        """Return the rows that a pair is in, and its weights there."""
        inside = slice(self.weights.indptr[pair], self.weights.indptr[pair + 1])
        return self.weights.indices[inside], self.weights.data[inside]

    def free(self, pairs: Ints) -> Ints:
        """Return the pairs whose leader and post are both free."""
        return pairs[self.leader_free[self.problem.leader[pairs]] & self.post_free[self.problem.post[pairs]]]

    def offer(self, pair: int) -> bool:
        """Take a pair if its leader and post are free and no limit breaks; remember it if only a minimum would."""
        if not (self.leader_free[self.problem.leader[pair]] and self.post_free[self.problem.post[pair]]):
            return False
        rows, weights = self.rows_of(pair)
        after, at_most = self.left[rows] - weights, self.at_most[rows]
        if (after[at_most] < 0).any():
            return False
        if (after[~at_most] > np.maximum(self.left[rows][~at_most], 0)).any():
            self.deferred.append(pair)
            return False
        self.take(pair, rows, after)
        return True

    def take(self, pair: int, rows: NDArray[np.int32], after: Ints) -> None:
        """Take a pair."""
        self.chosen.append(int(pair))
        self.left[rows] = after
        self.leader_free[self.problem.leader[pair]] = False
        self.post_free[self.problem.post[pair]] = False

    def offer_deferred(self) -> None:
        """Offer again what a minimum kept out, in order, until nothing more fits."""
        while self.deferred:
            waiting, self.deferred = self.free(np.array(self.deferred, dtype=np.int64)).tolist(), []
            taken = next((number for number, pair in enumerate(waiting) if self.offer(pair)), None)
            if taken is None:
                return
            self.deferred += waiting[taken + 1 :]


def _weights(problem: PlacementProblem) -> sparse.csc_array:
    """Return the rows' integer weights, shape (rows, pairs)."""
    shape = (len(problem.rows), len(problem.benefit))
    index = np.repeat(np.arange(shape[0]), [len(row.members) for row in problem.rows])
    members = np.concatenate([np.zeros(0, dtype=np.int64), *(row.members for row in problem.rows)])
    weights = np.concatenate([np.zeros(0, dtype=np.int64), *(row.weights for row in problem.rows)])
    return sparse.csc_array((weights, (index, members)), shape=shape)


def _take(problem: PlacementProblem, order: Ints) -> _Taker:
    """Fill a plan in the given order: pins, then what minimums still lack, then the rest."""
    taker = _Taker(problem)
    for row in problem.rows:
        if row.sense == "=":
            _run(taker, row.members)
    for number, row in enumerate(problem.rows):
        if row.sense == ">=" and row.rhs > 0:
            _fill(taker, number, order[np.isin(order, row.members[row.weights > 0])])
    _run(taker, order)
    return taker


def _fill(taker: _Taker, row: int, order: Ints) -> None:
    """Offer pairs until the row's minimum is reached."""
    for pair in order.tolist():
        if taker.left[row] <= 0:
            return
        taker.offer(pair)


def _run(taker: _Taker, order: Ints) -> None:
    for start in range(0, len(order), CHUNK):
        if not taker.leader_free.any():
            return
        for pair in taker.free(order[start : start + CHUNK]).tolist():
            if taker.offer(pair):
                taker.offer_deferred()
