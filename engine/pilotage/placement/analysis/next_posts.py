"""In which order a leader asks, and where a leader goes next when the answer is no."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementPlan, PlacementProblem
from pilotage.placement.analysis.reserves import fits
from pilotage.placement.formulation.coefficients import Weights, activities

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIRST_LOOK = 20  # pairs of each leader that are tried at first, the best; then four times as many, and so on


def ask_order(problem: PlacementProblem, asked: Ints) -> dict[int, int]:
    """Return, by pair that is an ask, which of its leader's asks it is, from 1.

    The ask that counts most comes first: value times chance, which is the benefit. Of equals the earlier pair.
    """
    place: dict[int, int] = {}
    count = np.zeros(len(problem.leader_ids), dtype=np.int64)
    for pair in asked[np.lexsort((asked, -problem.benefit[asked]))].tolist():
        count[problem.leader[pair]] += 1
        place[pair] = int(count[problem.leader[pair]])
    return place


def next_pairs(problem: PlacementProblem, plan: PlacementPlan, order: dict[int, int]) -> dict[int, int | None]:
    """Return, by chosen pair, the pair that its leader is offered next where the answer is no; None = none.

    After an ask it is the leader's next ask of the plan. After the last one, and after a known post, it is the leader's
    best pair (worth more than zero) at a post that the plan leaves free, in a school where the leader has no part in
    the plan, with which every limit still holds if all else stays as planned.

    Parameters
    ----------
    order
        Which of its leader's asks each ask is (``ask_order``).
    """
    following = _next_asks(problem, order)
    last = np.setdiff1d(plan.chosen, np.array(list(following), dtype=np.int64))
    return dict.fromkeys(plan.chosen.tolist()) | _best_free(problem, plan, last) | following


def _next_asks(problem: PlacementProblem, order: dict[int, int]) -> dict[int, int | None]:
    """Return, by ask, the next ask of its leader, for those that have one."""
    ordered = sorted(order, key=lambda pair: (int(problem.leader[pair]), order[pair]))
    return {first: second for first, second in pairwise(ordered) if problem.leader[first] == problem.leader[second]}


def _best_free(problem: PlacementProblem, plan: PlacementPlan, last: Ints) -> dict[int, int | None]:
    """Return, by pair of ``last``, the best free pair of its leader, for those that have one.

    Few of each leader's pairs are looked at first: the best mostly fits.
    """
    ordered = _free_pairs(problem, plan.chosen)
    starts = np.searchsorted(problem.leader[ordered], problem.leader[last], side="left")
    ends = np.searchsorted(problem.leader[ordered], problem.leader[last], side="right")
    waiting = {int(pair): ordered[start:end] for pair, start, end in zip(last, starts, ends, strict=True)}
    left, weights = activities(problem, plan.chosen, plan.auxiliary), Weights(problem)
    best: dict[int, int | None] = {}
    width = FIRST_LOOK
    while waiting := {out: free for out, free in waiting.items() if len(free) and out not in best}:
        looked = {out: free[:width] for out, free in waiting.items()}
        best |= _first_that_fit(problem, weights, left, looked)
        waiting = {out: free[width:] for out, free in waiting.items()}
        width *= 4
    return best


def _first_that_fit(
    problem: PlacementProblem, weights: Weights, left: Ints, candidates: dict[int, Ints]
) -> dict[int, int | None]:
    """Return, by chosen pair, the first of its candidates that fits in its place, where one does."""
    both = np.unique(np.concatenate([np.array(list(candidates), dtype=np.int64), *candidates.values()]))
    columns, place = weights.of_pairs(both), {pair: number for number, pair in enumerate(both.tolist())}
    fitting = {
        out: next((pair for pair in some.tolist() if fits(problem, columns, left, place[out], place[pair])), None)
        for out, some in candidates.items()
    }
    return {out: pair for out, pair in fitting.items() if pair is not None}


def _free_pairs(problem: PlacementProblem, chosen: Ints) -> Ints:
    """Return the pairs of leaders of the plan at free posts, in schools without a part of theirs, best first."""
    filled = np.zeros(len(problem.post_ids), dtype=bool)
    filled[problem.post[chosen]] = True
    part = np.zeros(len(problem.leader_ids), dtype=bool)
    part[problem.leader[chosen]] = True
    free = np.flatnonzero(part[problem.leader] & ~filled[problem.post] & (problem.benefit > 0))
    free = free[~np.isin(_leader_and_school(problem, free), _leader_and_school(problem, chosen))]
    return free[np.lexsort((free, -problem.benefit[free], problem.leader[free]))]


def _leader_and_school(problem: PlacementProblem, pairs: Ints) -> Ints:
    """Return one number for each leader and school, of some pairs."""
    urn = problem.urns[problem.post[pairs]].astype(np.int64)
    return problem.leader[pairs].astype(np.int64) * (int(problem.urns.max(initial=0)) + 1) + urn
