"""The integer problem over few pairs as lines and columns in whole numbers, and what any duals prove of a part of it.

Columns: the pairs given, then the auxiliaries. Lines: leaders, posts and rows, and counts that a plan can only have
whole: the pairs that weigh the same in a row (those inside an area, those of one cost). A box bounds every line and
column: a part of all plans. For any duals ``y`` no plan in a box is worth more than, for each line, ``y`` times the
limit on its side, plus, for each column, the most that its reduced cost times a value of its can be. All of it is
summed in integers, so that a bound is true whatever the solver's tolerances are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.placement.pricing import GRID_BITS, SAFE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FREE = 2**62  # no limit
FINEST_BITS = 36  # of the grid of duals; coarser where benefits are large
SUM_BITS = 53  # what a benefit and the grid may take together


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
    steps = _steps(room, np.maximum(np.abs(reduced), 1))
    most = np.where(reduced < 0, np.minimum(box.most, box.least + steps), box.most)
    least = np.where(reduced > 0, np.maximum(box.least, box.most - steps), box.least)
    return Box(box.low, box.high, least, most)


def _steps(room: int, cost: Ints) -> Ints:
    """Return how many steps of each cost a room holds, at most ``FREE // 2``; the room may be wider than 64 bits."""
    if room < FREE:
        return np.minimum(room // cost, FREE // 2)
    return np.array([min(room // one, FREE // 2) for one in cost.tolist()], dtype=np.int64)
