"""The lines of an integer problem over few pairs, block by block: leaders, posts, rows, and counts of pairs alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.placement.integers import Ranges
from pilotage.placement.lines import FREE, Box, Lines
from pilotage.placement.lp import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CLASSES = 12  # different weights; of a row with more, each has too few pairs for their count to say much


@dataclass(frozen=True)
class _Block:
    """Lines of one kind: what pairs and auxiliaries weigh in them, their limits and scale, and which are counts."""

    pairs: sparse.csr_array
    others: sparse.csr_array
    low: Ints
    high: Ints
    scale: Floats
    counts: Bools


def lines_of(rows: Rows, columns: Ints, ranges: Ranges) -> Lines:
    """Return the problem over ``columns`` (positions of pairs) and all auxiliaries, these within ``ranges``."""
    problem, count = rows.problem, len(columns)
    stated = _rows(rows, columns)
    leaders = _groups(problem.leader[columns], problem.capacities, len(ranges))
    posts = _groups(problem.post[columns], np.ones(len(problem.post_ids), dtype=np.int64), len(ranges))
    classes = _classes(stated.pairs, len(ranges))
    blocks, before = (leaders, posts, stated, classes), len(leaders.low) + len(posts.low) + len(stated.low)
    spans, worth = np.array(ranges, dtype=np.int64).reshape(-1, 2), [one.benefit for one in problem.auxiliaries]
    matrix = sparse.vstack([sparse.hstack([one.pairs, one.others]) for one in blocks])
    counts = np.concatenate([one.counts for one in blocks])
    return Lines(
        matrix=sparse.csr_array(matrix.astype(np.int64)),
        benefit=np.concatenate([problem.benefit[columns].astype(np.int64), np.array(worth, dtype=np.int64)]),
        scale=np.concatenate([one.scale for one in blocks]),
        unit=np.concatenate([np.ones(count), rows.unit]),
        counts=counts,
        classes=np.arange(len(counts)) >= before,
        every=Box(
            np.concatenate([one.low for one in blocks]),
            np.concatenate([one.high for one in blocks]),
            np.concatenate([np.zeros(count, dtype=np.int64), spans[:, 0]]),
            np.concatenate([np.ones(count, dtype=np.int64), spans[:, 1]]),
        ),
    )


def _rows(rows: Rows, columns: Ints) -> _Block:
    """Return the rows that any of the columns weighs in, or that nothing alone breaks."""
    pairs, others = sparse.csr_array(rows.weights.of_pairs(columns)), sparse.csr_array(rows.weights.auxiliary)
    low = np.array([-FREE if row.sense == "<=" else row.rhs for row in rows.problem.rows], dtype=np.int64)
    high = np.array([FREE if row.sense == ">=" else row.rhs for row in rows.problem.rows], dtype=np.int64)
    kept = np.flatnonzero((np.diff(pairs.indptr) > 0) | (np.diff(others.indptr) > 0) | (low > 0) | (high < 0))
    pairs, others = pairs[kept], others[kept]
    counting = [bool(np.all(pairs.data[start:end] == 1)) for start, end in pairwise(pairs.indptr.tolist())]
    counts: Bools = np.array(counting, dtype=bool) & (np.diff(others.indptr) == 0)
    return _Block(pairs, others, low[kept], high[kept], rows.scale[kept], counts)


def _groups(group: NDArray[np.int32], most: Ints, auxiliaries: int) -> _Block:
    """Return a line for each leader, or post, with at most so many pairs."""
    names, place = np.unique(group, return_inverse=True)
    return _counts([place.astype(np.int64)], [np.arange(len(group))], most[names], len(group), auxiliaries)


def _classes(pairs: sparse.csr_array, auxiliaries: int) -> _Block:
    """Return a line for the pairs of each weight of each row with several, each set once, and one for all pairs."""
    sets = {found.tobytes(): found for found in _alike(pairs)}
    sets[b""] = np.arange(pairs.shape[1])
    sizes = np.array([len(one) for one in sets.values()], dtype=np.int64)
    lines = [np.full(size, line) for line, size in enumerate(sizes.tolist())]
    return _counts(lines, list(sets.values()), sizes, pairs.shape[1], auxiliaries)


def _counts(lines: list[Ints], members: list[Ints], most: Ints, pairs: int, auxiliaries: int) -> _Block:
    """Return lines that count their members, up to so many each."""
    place = np.concatenate(lines), np.concatenate(members)
    matrix = sparse.csr_array((np.ones(len(place[0]), dtype=np.int64), place), shape=(len(most), pairs))
    none, ones = sparse.csr_array((len(most), auxiliaries), dtype=np.int64), np.ones(len(most))
    return _Block(matrix, none, np.zeros(len(most), dtype=np.int64), most.astype(np.int64), ones, ones > 0)


def _alike(pairs: sparse.csr_array) -> Iterator[Ints]:
    """Yield the pairs of each weight of each row with several weights, but not many."""
    for start, end in pairwise(pairs.indptr.tolist()):
        values, place = np.unique(pairs.data[start:end], return_inverse=True)
        for one in range(len(values)) if 1 < len(values) <= CLASSES else ():
            yield np.sort(pairs.indices[start:end][place == one]).astype(np.int64)
