"""The integer problem over few pairs by branch and bound, exactly: every part left out is left out by whole numbers.

The linear optimum of a box splits it where it is not whole: first by how many pairs of one weight a plan has in a row
(how many inside the area, how many that cost so much), which nearly always is all that keeps a linear optimum
from being whole; then by a leader, a post, a row that counts, an auxiliary or a pair. What closes a box is never
the solver's word but the duals' (``lines.proven``), summed in integers. The box with the highest bound comes first.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.placement.completion import checked
from pilotage.placement.integers import Answer, Choice, Ranges, value_of
from pilotage.placement.line_blocks import lines_of
from pilotage.placement.lines import Box, Lines, proven, tightened
from pilotage.placement.lp import Rows
from pilotage.placement.node_lp import NodeProgramme

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WHOLE = 1e-5
HALF = 0.5


@dataclass(frozen=True)
class Effort:
    """When the search stops: at a time of ``time.monotonic``, after so much work, at a relative gap.

    ``work`` counts the columns of every linear programme solved, so that the same search stops at the same place.
    """

    deadline: float
    work: int
    gap: float = 0.0

    def closes(self, bound: int, value: int) -> bool:
        """Return whether a plan of this value is good enough for this bound."""
        return bound <= value + self.slack(value)

    def slack(self, value: int) -> int:
        """Return by how much a bound may exceed a value."""
        return math.floor(self.gap * max(1, abs(value)))


@dataclass(frozen=True)
class Room:
    """What every plan worth more than ``cutoff`` may hold: pairs (ascending), and the values of each auxiliary.

    A plan worth ``enough`` ends the search early: a smaller room will do.
    """

    pairs: Ints
    ranges: Ranges
    cutoff: int
    enough: int


def solve_tree(rows: Rows, room: Room, best: Choice | None, effort: Effort) -> tuple[Answer, int]:
    """Return the best plan found in a room, at least as good as ``best``, and the work done.

    The answer's bound is true of every plan over the room's pairs, and never below the cutoff: plans that are not worth
    more are not looked for. ``proven`` says that the search came to its end.
    """
    search = _Search(rows, room, best, effort)
    search.run()
    return search.answer(), search.work


class _Search:
    """The boxes still open, highest bound first, and the best plan so far."""

    def __init__(self, rows: Rows, room: Room, best: Choice | None, effort: Effort) -> None:
        self.rows, self.room, self.columns, self.effort, self.best = rows, room, room.pairs, effort, best
        self.lines = lines_of(rows, room.pairs, room.ranges)
        self.value = None if best is None else value_of(rows.problem, best)
        self.programme = NodeProgramme(self.lines, float(rows.problem.scale), self._left())
        self.phase_one: NodeProgramme | None = None
        self.open: list[tuple[int, int, Box]] = []
        self.work = self.boxes = 0
        every, _ = proven(self.lines, self.lines.every, np.zeros(len(self.lines.scale)))
        self._push(every, self.lines.every)

    def run(self) -> None:
        """Look at boxes until all are closed, or the search is to stop; each time, go down as long as one is open."""
        while self.open and not self._closed(-self.open[0][0]):
            if self._over():
                return
            bound, _, box = heapq.heappop(self.open)
            here: tuple[int, Box] | None = (-bound, box)
            while here is not None and not self._over():
                here = self._look(*here)
            if here is not None:
                self._push(*here)
        self.open.clear()

    def _over(self) -> bool:
        """Return whether the search is to stop with boxes open."""
        enough = self.value is not None and self.value >= self.room.enough
        return enough or self.work >= self.effort.work or self._left() <= 0

    def _left(self) -> float:
        return self.effort.deadline - time.monotonic()

    def answer(self) -> Answer:
        """Return the best plan and what is proven of all."""
        bound = max([self._target(), *(-self.open[0][0] >> self.lines.bits for _ in self.open[:1])])
        return Answer(self.best, bound, proven=not self.open)

    def _target(self) -> int:
        """Return the bound at which a box is left out."""
        return (
            self.room.cutoff
            if self.value is None
            else max(self.room.cutoff, self.value + self.effort.slack(self.value))
        )

    def _closed(self, bound: int) -> bool:
        return bound >> self.lines.bits <= self._target()

    def _push(self, bound: int, box: Box) -> None:
        self.boxes += 1
        heapq.heappush(self.open, (-bound, self.boxes, box))

    def _look(self, bound: int, box: Box) -> tuple[int, Box] | None:
        """Solve the linear programme of a box; leave the box out, or split it and return the half to look at next."""
        self.work += len(self.columns)
        solved = self.programme.solve(box)
        if solved is None:
            return None if self._empty(box) else self._split(bound, box, box.least.astype(float))
        told, reduced = proven(self.lines, box, solved.duals)
        self._try(np.rint(solved.values))
        self._try(np.floor(solved.values + WHOLE))
        if self._closed(told):
            return None
        box = tightened(box, told - ((self._target() + 1) << self.lines.bits), reduced)
        return self._split(min(bound, told), box, solved.values)

    def _empty(self, box: Box) -> bool:
        """Return whether phase 1 proves that no plan is in the box."""
        self.work += len(self.columns)
        self.phase_one = self.phase_one or NodeProgramme(self.lines, 1.0, self._left(), shortfall=True)
        solved = self.phase_one.solve(box)
        return solved is not None and proven(self.lines, box, solved.duals, worthless=True)[0] < 0

    def _try(self, values: Floats) -> None:
        """Take whole values as the best plan, if they are one and better."""
        whole = values.astype(np.int64)
        value = int(self.lines.benefit @ whole)
        if (self.value is not None and value <= self.value) or not self.lines.holds(whole):
            return
        count = len(self.columns)
        found = checked(self.rows.problem, Choice(self.columns[whole[:count] > 0], whole[count:]))
        if found is not None:
            self.best, self.value = found, value_of(self.rows.problem, found)

    def _split(self, bound: int, box: Box, values: Floats) -> tuple[int, Box] | None:
        """Keep one half of a box for later and return the other; a box of one plan is that plan or none."""
        if np.array_equal(box.least, box.most):
            self._try(box.least.astype(float))
            return None
        first, second = _halves(self.lines, box, values)
        self._push(bound, second)
        return bound, first


def _halves(lines: Lines, box: Box, values: Floats) -> tuple[Box, Box]:
    """Return a box in two, parted where the linear optimum is least whole; the half nearer to it first."""
    activity: Floats = lines.matrix @ values
    apart = _apart(activity, box.low, box.high) * lines.counts
    for held in (apart * lines.classes, apart):
        line = int(held.argmax())
        if held[line] > WHOLE:
            last = math.floor(activity[line])
            few, many = replace(box, high=_with(box.high, line, last)), replace(box, low=_with(box.low, line, last + 1))
            return (few, many) if activity[line] - last <= HALF else (many, few)
    column, last = _column(box, values)
    few, many = replace(box, most=_with(box.most, column, last)), replace(box, least=_with(box.least, column, last + 1))
    return (few, many) if values[column] - last <= HALF else (many, few)


def _column(box: Box, values: Floats) -> tuple[int, int]:
    """Return the column that is least whole, or else the largest that is free, and the last value of its first half."""
    apart = _apart(values, box.least, box.most)
    column = int(apart.argmax())
    if apart[column] > WHOLE:
        return column, math.floor(values[column])
    column = int(np.where(box.least < box.most, values - box.least, -np.inf).argmax())
    return column, min(max(round(values[column]), int(box.least[column])), int(box.most[column]) - 1)


def _apart(values: Floats, low: Ints, high: Ints) -> Floats:
    """Return how far values are from whole; 0 where their limits leave no whole number on either side."""
    below = np.floor(values)
    apart: Floats = np.minimum(values - below, below + 1 - values) * ((below >= low) & (below < high))
    return apart


def _with(limits: Ints, position: int, value: int) -> Ints:
    changed = limits.copy()
    changed[position] = value
    return changed
