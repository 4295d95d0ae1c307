"""Who stands by for each placement: unplaced leaders who could take its post without breaking a rule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.formulation.coefficients import Weights, activities
from pilotage.placement.solver.cvar import RULE as WORST_DRAWS
from pilotage.placement.solver.incumbent import keeps

Ints = NDArray[np.int64]
Names = tuple[str | None, str | None]
Reserves = dict[int, tuple[int, ...]]

MOOT = (
    "pin",
    WORST_DRAWS,
)  # rules of rows that do not speak of the reserve: the pinned leader is the one who drops out


def reserve_pairs(problem: PlacementProblem, plan: PlacementPlan) -> Reserves:
    """Return, by chosen pair, the pairs of the two best leaders without a placement who may take its post instead.

    Only eligible pairs count (no ban, no refusal), worth more than zero, and only if every limit of the plan still
    holds when that one leader is exchanged; of equals the earlier pair. There may be fewer than two.

    All else stays as planned, the auxiliaries too: breaches of priced rules do not grow, an executive who leads nobody
    does not start to lead. So who is named needs no other change; somebody who would break a priced rule more is not
    named, though a new plan might pay for it.
    """
    spare = _spare(problem, plan.chosen)
    both = np.union1d(spare, plan.chosen)
    weights = Weights(problem).of_pairs(both)
    place = {pair: number for number, pair in enumerate(both.tolist())}
    left = activities(problem, plan.chosen, plan.auxiliary)
    reserve: Reserves = {}
    for pair, waiting in zip(plan.chosen.tolist(), _by_post(problem, plan.chosen, spare), strict=True):
        able = (other for other in waiting if fits(problem, weights, left, place[pair], place[other]))
        reserve[pair] = tuple(islice(able, 2))
    return reserve


def reserve_names(problem: PlacementProblem, pairs: Reserves) -> dict[int, Names]:
    """Return, by chosen pair, the names of its two reserves; None where there is nobody."""
    names = {pair: [problem.leader_ids[problem.leader[other]] for other in two] for pair, two in pairs.items()}
    return {pair: (*two, None, None)[:2] for pair, two in names.items()}


def _spare(problem: PlacementProblem, chosen: Ints) -> Ints:
    """Return the pairs of leaders without a placement at the posts of the plan, ascending."""
    placed, filled = np.zeros(len(problem.leader_ids), dtype=bool), np.zeros(len(problem.post_ids), dtype=bool)
    placed[problem.leader[chosen]] = True
    filled[problem.post[chosen]] = True
    return np.flatnonzero(~placed[problem.leader] & filled[problem.post] & (problem.benefit > 0))


def _by_post(problem: PlacementProblem, chosen: Ints, spare: Ints) -> Iterator[list[int]]:
    """Yield, for each chosen pair, the spare pairs of its post, best first."""
    ordered = spare[np.lexsort((spare, -problem.benefit[spare], problem.post[spare]))]
    start = np.searchsorted(problem.post[ordered], problem.post[chosen], side="left")
    end = np.searchsorted(problem.post[ordered], problem.post[chosen], side="right")
    for first, last in zip(start.tolist(), end.tolist(), strict=True):
        yield ordered[first:last].tolist()


def fits(problem: PlacementProblem, weights: sparse.csc_array, left: Ints, out: int, into: int) -> bool:
    """Return whether every limit holds once the pair in column ``into`` stands for that in column ``out``."""
    change = np.zeros(len(problem.rows), dtype=np.int64)
    for column, sign in ((out, -1), (into, 1)):
        inside = slice(weights.indptr[column], weights.indptr[column + 1])
        change[weights.indices[inside]] += sign * weights.data[inside]
    moved = np.flatnonzero(change).tolist()
    return all(
        keeps(problem.rows[row], int(left[row] + change[row])) for row in moved if problem.rows[row].rule not in MOOT
    )
