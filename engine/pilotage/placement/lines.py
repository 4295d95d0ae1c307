"""The integer problem over few pairs as lines and columns in whole numbers, and what any duals prove of a part of it.

Columns: the pairs given, then the auxiliaries. Lines: leaders, posts and rows, and counts that a plan can only have
whole: the pairs that weigh the same in a row (those inside an area, those of one cost). A box bounds every line and
column: a part of all plans. For any duals ``y`` no plan in a box is worth more than, for each line, ``y`` times the
limit on its side, plus, for each column, the most that its reduced cost times a value of its can be. All of it is
summed in integers, so that a bound is true whatever the solver's tolerances are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.domain.plan import PlacementProblem
from pilotage.placement.integers import Ranges
from pilotage.placement.lp import Rows
from pilotage.placement.pricing import GRID_BITS, SAFE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FREE = 2**62  # no limit
FINEST_BITS = 36  # of the grid of duals; coarser where benefits are large
SUM_BITS = 53  # what a benefit and the grid may take together
CLASSES = 12  # different weights; of a row with more, each has too few pairs for their count to say much


@dataclass(frozen=True)
class Box:
    """A part of all plans: limits of every line (``low``, ``high``) and column (``least``, ``most``), both included."""

    low: Ints
    high: Ints
    least: Ints
    most: Ints


@dataclass(frozen=True)
class Lines:
    """Lines and columns in whole numbers.

    ``matrix``: weights, shape (lines, columns); ``benefit``: of each column; ``scale``: each line's largest weight;
    ``unit``: of each column in the linear programme; ``counts``: lines with whole sums, that can be split between two
    numbers; ``classes``: those of them that count the pairs of one weight in a row; ``every``: the box of all plans.
    """

    matrix: sparse.csr_array
    benefit: Ints
    scale: Floats
    unit: Floats
    counts: Bools
    classes: Bools
    every: Box

    @cached_property
    def transposed(self) -> sparse.csr_array:
        """Return the weights, shape (columns, lines)."""
        return sparse.csr_array(self.matrix.T)

    @cached_property
    def bits(self) -> int:
        """Return how fine the grid of duals is: sums of prices stay within 64 bits."""
        largest = int(np.abs(self.benefit).max(initial=1))
        return min(FINEST_BITS, max(GRID_BITS, SUM_BITS - largest.bit_length()))

    @cached_property
    def largest_dual(self) -> Ints:
        """Return by how much the duals of each line are clipped, so that no reduced cost overflows."""
        entries = int(np.diff(self.transposed.indptr).max(initial=0)) + 1
        most: Ints = SAFE // (self.scale.astype(np.int64) * entries)
        return most

    def holds(self, values: Ints) -> bool:
        """Return whether columns with these values are a plan."""
        every, activity = self.every, self.matrix @ values
        lines = np.all((activity >= every.low) & (activity <= every.high))
        return bool(lines and np.all((values >= every.least) & (values <= every.most)))


def proven(lines: Lines, box: Box, duals: Floats, *, worthless: bool = False) -> tuple[int, Ints]:
    """Return the bound (in steps of the grid) that duals prove of every plan in a box, and the columns' reduced costs.

    Parameters
    ----------
    duals
        Of each line, in the problem's unit, shape (lines,); any will do, the best give the lowest bound.
    worthless
        Take every benefit as 0: a bound below 0 proves the box empty.
    """
    prices = _on_grid(lines, box, duals)
    reduced: Ints = -(lines.transposed @ prices)
    if not worthless:
        reduced += lines.benefit << lines.bits
    limits, paid = np.where(prices > 0, box.high, box.low), np.flatnonzero(prices)
    total = sum(price * limit for price, limit in zip(prices[paid].tolist(), limits[paid].tolist(), strict=True))
    ends, earning = np.where(reduced > 0, box.most, box.least), np.flatnonzero(reduced)
    total += sum(cost * end for cost, end in zip(reduced[earning].tolist(), ends[earning].tolist(), strict=True))
    return total, reduced


def _on_grid(lines: Lines, box: Box, duals: Floats) -> Ints:
    """Return the duals on the grid, clipped in size, and 0 where a line has no limit on their side."""
    prices = np.rint(np.clip(duals * 2.0**lines.bits, -float(SAFE), float(SAFE))).astype(np.int64)
    prices = np.clip(prices, -lines.largest_dual, lines.largest_dual)
    prices[((box.high >= FREE) & (prices > 0)) | ((box.low <= -FREE) & (prices < 0))] = 0
    return prices


def tightened(box: Box, room: int, reduced: Ints) -> Box:
    """Return the box without the values of columns that alone would cost a plan more than ``room`` of the bound."""
    steps = min(room, FREE // 2) // np.maximum(np.abs(reduced), 1)
    most = np.where(reduced < 0, np.minimum(box.most, box.least + steps), box.most)
    least = np.where(reduced > 0, np.maximum(box.least, box.most - steps), box.least)
    return Box(box.low, box.high, least, most)


def lines_of(rows: Rows, columns: Ints, ranges: Ranges) -> Lines:
    """Return the problem over ``columns`` (positions of pairs) and all auxiliaries, these within ``ranges``."""
    problem, weighs = rows.problem, sparse.csr_array(rows.weights.of_pairs(columns))
    others = sparse.csr_array(rows.weights.auxiliary)
    low, high = _limits(problem)
    kept = np.flatnonzero((np.diff(weighs.indptr) > 0) | (np.diff(others.indptr) > 0) | (low > 0) | (high < 0))
    weighs, others = weighs[kept], others[kept]
    leader, held = np.unique(problem.leader[columns], return_inverse=True)
    post, filled = np.unique(problem.post[columns], return_inverse=True)
    people, classes = len(leader) + len(post), list(_classes(weighs))
    blocks = [_members(held, len(leader)), _members(filled, len(post)), weighs, _of_classes(classes, len(columns))]
    beside = sparse.csr_array((people, others.shape[1])), others, sparse.csr_array((len(classes), others.shape[1]))
    matrix = sparse.hstack([sparse.vstack(blocks), sparse.vstack(beside)])
    sizes = np.array([len(one) for one in classes], dtype=np.int64)
    spans = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    zeros, count = np.zeros, len(columns)
    others_worth = [one.benefit for one in problem.auxiliaries]
    every = Box(
        np.concatenate([zeros(people, np.int64), low[kept], zeros(len(classes), np.int64)]),
        np.concatenate([problem.capacities[leader], np.ones(len(post), np.int64), high[kept], sizes]),
        np.concatenate([zeros(count, np.int64), spans[:, 0]]),
        np.concatenate([np.ones(count, np.int64), spans[:, 1]]),
    )
    return Lines(
        matrix=sparse.csr_array(matrix.astype(np.int64)),
        benefit=np.concatenate([problem.benefit[columns], [one.benefit for one in problem.auxiliaries]]).astype(
            np.int64
        ),
        scale=np.concatenate([np.ones(people), rows.scale[kept], np.ones(len(classes))]),
        unit=np.concatenate([np.ones(count), rows.unit]),
        counts=np.concatenate([np.ones(people, bool), _plain(weighs, others), np.ones(len(classes), bool)]),
        classes=np.arange(people + len(kept) + len(classes)) >= people + len(kept),
        every=every,
    )


def _limits(problem: PlacementProblem) -> tuple[Ints, Ints]:
    """Return the limits of every row."""
    low = [-FREE if row.sense == "<=" else row.rhs for row in problem.rows]
    high = [FREE if row.sense == ">=" else row.rhs for row in problem.rows]
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)


def _members(group: NDArray[np.intp], size: int) -> sparse.csr_array:
    count = np.arange(len(group))
    return sparse.csr_array((np.ones(len(group), dtype=np.int64), (group, count)), shape=(size, len(group)))


def _of_classes(classes: list[Ints], columns: int) -> sparse.csr_array:
    line = np.repeat(np.arange(len(classes)), [len(one) for one in classes]).astype(np.int64)
    members = np.concatenate([np.zeros(0, dtype=np.int64), *classes])
    return sparse.csr_array((np.ones(len(line), dtype=np.int64), (line, members)), shape=(len(classes), columns))


def _plain(weighs: sparse.csr_array, others: sparse.csr_array) -> Bools:
    """Return the rows that only count pairs."""
    pieces = pairwise(weighs.indptr.tolist())
    counting = np.array([bool(np.all(weighs.data[start:end] == 1)) for start, end in pieces], dtype=bool)
    plain: Bools = counting & (np.diff(others.indptr) == 0)
    return plain


def _classes(weighs: sparse.csr_array) -> Iterator[Ints]:
    """Yield the pairs of each weight of each row with several, but not many, each set once; the last is all pairs."""
    seen = set()
    for start, end in pairwise(weighs.indptr.tolist()):
        members, weights = weighs.indices[start:end].astype(np.int64), weighs.data[start:end]
        for one in _alike(weights):
            found = np.sort(members[one])
            if found.tobytes() not in seen:
                seen.add(found.tobytes())
                yield found
    yield np.arange(weighs.shape[1], dtype=np.int64)


def _alike(weights: Ints) -> list[Ints]:
    """Return the positions of each weight; none where they are all the same, or too many to tell apart."""
    values, place = np.unique(weights, return_inverse=True)
    if not 1 < len(values) <= CLASSES:
        return []
    return [np.flatnonzero(place == one) for one in range(len(values))]
