"""Symmetry classes of leaders: each is stated as one leader with a count, and dealt out to its members in the plan.

Leaders are identical where nothing in the problem but their names differs: the same capacity, the same posts with the
same benefits, the same weights in every row. A sum of wrapping products says who may be; only an exact comparison of
every figure decides, and a leader whom a row names alone (a pin, a span, a term) is in a class of one.

A plan of the smaller problem is a plan of the whole one: the posts of a group, by URN and post_id, are dealt to its
leaders in turn, by leader_id. So is a proof. With ``t`` the least of a group's best reduced costs, as many as its
capacity, what exceeds ``t`` is charged to the post instead: then every leader of the group is worth ``t`` for each
post, and the whole problem's bound is no higher than the smaller one's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row, Status
from pilotage.placement.formulation.coefficients import stacked
from pilotage.placement.formulation.shared_pupils import moved, restated
from pilotage.placement.solver.cp_sat import Choice
from pilotage.placement.solver.pricing import GRID_BITS, clipped, on_grid, priced

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

SEED = 20160831  # of the multipliers; they decide who is compared, never who is identical
FEW = 4  # a row over fewer than one pair in so many is compared with its like in a sparse matrix


@dataclass(frozen=True)
class Folded:
    """A problem and the smaller one in which the first leader of each group stands for all of it.

    ``pairs``: those of ``whole`` that ``small`` has, ascending; ``group``: the position in ``small.leader_ids`` of
    the leader who stands for each leader of ``whole``.
    """

    whole: PlacementProblem
    small: PlacementProblem
    pairs: Ints
    group: Ints

    @property
    def several(self) -> Bools:
        """Return which leaders of ``small`` stand for several, shape (leaders of ``small``,)."""
        several: Bools = np.bincount(self.group, minlength=len(self.small.leader_ids)) > 1
        return several


def folded(problem: PlacementProblem) -> Folded | None:
    """Return the problem with identical leaders as one with a count, None where no two are identical."""
    head = heads(problem)
    stays = head == np.arange(len(head))
    if stays.all():
        return None
    number = np.cumsum(stays) - 1
    group, pairs = number[head], np.flatnonzero(stays[problem.leader])
    small = replace(
        problem,
        leader_ids=tuple(problem.leader_ids[leader] for leader in np.flatnonzero(stays).tolist()),
        leader=number[problem.leader[pairs]].astype(np.int32),
        post=problem.post[pairs],
        benefit=problem.benefit[pairs],
        rows=_small_rows(problem, stays, pairs),
        capacity=np.bincount(group, problem.capacities, int(stays.sum())).astype(np.int64),
        shared=None if problem.shared is None else moved(problem.shared, _places(pairs, len(problem.benefit))),
    )
    return Folded(problem, small, pairs, group)


def known_in(fold: Folded, choice: Choice | None) -> Choice | None:
    """Return a plan of the whole problem, which keeps every row, as a plan of the smaller one."""
    if choice is None:
        return None
    taker = np.full(len(fold.whole.post_ids), -1)
    taker[fold.whole.post[choice.chosen]] = fold.group[fold.whole.leader[choice.chosen]]
    merged = fold.several[fold.small.leader]
    alone = ~fold.several[fold.group[fold.whole.leader[choice.chosen]]]
    same = np.searchsorted(fold.pairs, choice.chosen[alone])
    dealt = np.flatnonzero(merged & (taker[fold.small.post] == fold.small.leader))
    return Choice(np.union1d(same, dealt), choice.auxiliary)


def unfolded(fold: Folded, plan: PlacementPlan) -> PlacementPlan:
    """Return a plan of the smaller problem as one of the whole: pairs, and duals that prove its bound over all."""
    if plan.objective is None:
        return plan
    post, cuts = _lifted(fold, plan), tuple(restated(fold.whole, row) for row in plan.cuts)
    stated = replace(fold.whole, rows=(*fold.whole.rows, *cuts))
    proven = priced(stated, post, clipped(stated.rows, on_grid(plan.row_duals))).bound
    bound = plan.bound if plan.bound is None else max(plan.objective, min(plan.bound, math.floor(proven)))
    return replace(
        plan,
        status=Status.OPTIMAL if bound == plan.objective else plan.status,
        cuts=cuts,
        chosen=dealt(fold, plan.chosen),
        bound=bound,
        bound_lp=float(proven),
        post_duals=post / 2**GRID_BITS,
    )


def dealt(fold: Folded, chosen: Ints) -> Ints:
    """Return pairs of the smaller problem as pairs of the whole, ascending; each group's posts in turn, by name."""
    small, whole, several = fold.small, fold.whole, fold.several[fold.small.leader[chosen]]
    by_name = sorted(range(len(small.post_ids)), key=lambda post: (int(small.urns[post]), small.post_ids[post]))
    place = np.argsort(np.array(by_name, dtype=np.int64))
    merged = chosen[several]
    merged = merged[np.lexsort((place[small.post[merged]], small.leader[merged]))]
    leader = small.leader[merged]
    turn = np.arange(len(leader)) - np.searchsorted(leader, leader)
    taker = np.full(len(small.post_ids), -1)
    for pair, group, count in zip(merged.tolist(), leader.tolist(), turn.tolist(), strict=True):
        members = _members(fold, group)
        taker[small.post[pair]] = members[count % len(members)]
    of_groups = np.flatnonzero(taker[whole.post] == whole.leader)
    return np.union1d(fold.pairs[chosen[~several]], of_groups)


def _members(fold: Folded, group: int) -> list[int]:
    """Return the leaders of a group, by leader_id."""
    members: list[int] = np.flatnonzero(fold.group == group).tolist()
    return sorted(members, key=lambda leader: fold.whole.leader_ids[leader])


def _lifted(fold: Folded, plan: PlacementPlan) -> Ints:
    """Return post duals on the grid that prove for the whole problem at most what they proved for the smaller one."""
    small = replace(fold.small, rows=(*fold.small.rows, *plan.cuts))
    post = np.maximum(on_grid(plan.post_duals), 0)
    prices = priced(small, post, clipped(small.rows, on_grid(plan.row_duals)))
    merged = np.flatnonzero(fold.several[small.leader])
    excess = prices.reduced[merged] - prices.threshold[small.leader[merged]]
    lift = np.zeros(len(post), dtype=np.int64)
    np.maximum.at(lift, small.post[merged], np.maximum(excess, 0))
    lifted: Ints = post + lift
    return lifted


def _small_rows(problem: PlacementProblem, stays: Bools, pairs: Ints) -> tuple[Row, ...]:
    """Return the rows over the pairs and leaders that stay."""
    of_pairs, of_leaders = _places(pairs, len(problem.benefit)), _places(np.flatnonzero(stays), len(stays))
    return tuple(_narrowed(row, of_pairs if row.over == "pair" else of_leaders) for row in problem.rows)


def _narrowed(row: Row, place: Ints) -> Row:
    if row.over == "post":
        return row
    at = place[row.members]
    return replace(row, members=at[at >= 0], weights=row.weights[at >= 0])


def _places(members: Ints, size: int) -> Ints:
    """Return where each of ``size`` things stands in ``members``, -1 where it does not."""
    place = np.full(size, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    return place


def heads(problem: PlacementProblem) -> Ints:
    """Return for each leader the first identical one, shape (leaders,); the leader's own position where nobody is."""
    every = np.arange(len(problem.leader_ids))
    head = _first(_looks(problem))
    head[_pair_counts(problem) * problem.capacities == 0] = -1
    head = np.where(head < 0, every, head)
    for_pairs = _in_groups(head)
    if not for_pairs.any():
        return every
    pairs = _sorted_pairs(problem, for_pairs)
    head = _first(np.column_stack([head.astype(np.uint64), _row_looks(problem, pairs)]))
    pairs = pairs[_in_groups(head)[problem.leader[pairs]]]
    unlike = _unlike(problem, pairs, head)
    return np.where(unlike, every, head)


def _in_groups(head: Ints) -> Bools:
    """Return which leaders may be identical to another."""
    grouped: Bools = (np.bincount(head, minlength=len(head)) > 1)[head]
    return grouped


def _first(looks: Words) -> Ints:
    """Return for each row of a table the first row that is equal."""
    _, first, inverse = np.unique(looks, axis=0, return_index=True, return_inverse=True)
    firsts: Ints = first[inverse.reshape(-1)].astype(np.int64)
    return firsts


def _pair_counts(problem: PlacementProblem) -> Ints:
    return np.bincount(problem.leader, minlength=len(problem.leader_ids)).astype(np.int64)


def _multipliers(count: int, stream: int) -> Words:
    """Return odd random words, the same for the same stream."""
    generator = np.random.default_rng([SEED, stream])
    return generator.integers(0, 2**63, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _looks(problem: PlacementProblem) -> Words:
    """Return what is seen of each leader at a glance: pairs, capacity, posts with benefits, weights of rows over it."""
    value = _multipliers(len(problem.post_ids), 0)[problem.post]
    value *= problem.benefit.astype(np.int64).view(np.uint64) + np.uint64(SEED)
    total = np.zeros(len(problem.leader_ids), dtype=np.uint64)
    np.add.at(total, problem.leader, value)
    rows, own = _multipliers(len(problem.rows), 1), np.zeros(len(total), dtype=np.uint64)
    for number, row in enumerate(problem.rows):
        if row.over == "leader":
            own[row.members] += rows[number] * row.weights.astype(np.int64).view(np.uint64)
    counts, most = (some.astype(np.uint64) for some in (_pair_counts(problem), problem.capacities))
    return np.column_stack([counts, most, total, own])


def _row_looks(problem: PlacementProblem, pairs: Ints) -> Words:
    """Return for each leader one word of the weights of its pairs (of ``pairs``) in the rows over pairs."""
    rows, value = _multipliers(len(problem.rows), 1), np.zeros(len(pairs), dtype=np.uint64)
    for number, at, weight in _over_pairs(problem, pairs):
        value[at] += rows[number] * weight.view(np.uint64)
    value *= _multipliers(len(problem.post_ids), 0)[problem.post[pairs]]
    total = np.zeros(len(problem.leader_ids), dtype=np.uint64)
    np.add.at(total, problem.leader[pairs], value)
    return total


def _over_pairs(problem: PlacementProblem, pairs: Ints) -> Iterator[tuple[int, Ints, Ints]]:
    """Yield of each row over pairs its number, its members' positions in ``pairs``, and their weights but zeros."""
    place = _places(pairs, len(problem.benefit))
    for number, row in enumerate(problem.rows):
        if row.over == "pair":
            at = place[row.members]
            inside = (at >= 0) & (row.weights != 0)
            yield number, at[inside], row.weights[inside].astype(np.int64)


def _sorted_pairs(problem: PlacementProblem, leaders: Bools) -> Ints:
    """Return the pairs of some leaders, by leader, then post."""
    pairs = np.flatnonzero(leaders[problem.leader])
    key = problem.leader[pairs].astype(np.int64) * len(problem.post_ids) + problem.post[pairs]
    return pairs if np.all(key[1:] >= key[:-1]) else pairs[np.argsort(key, kind="stable")]


def _unlike(problem: PlacementProblem, pairs: Ints, head: Ints) -> Bools:
    """Return which leaders differ from their heads in any figure, shape (leaders,); ``pairs`` by leader, then post."""
    leader, post = problem.leader[pairs], problem.post[pairs]
    start = np.searchsorted(leader, np.arange(len(head)))
    model = start[head[leader]] + np.arange(len(pairs)) - start[leader]
    differs = (post != post[model]) | (problem.benefit[pairs] != problem.benefit[pairs][model])
    differs[1:] |= (post[1:] == post[:-1]) & (leader[1:] == leader[:-1])  # a post twice
    differs |= _weigh_otherwise(problem, pairs, model) | _add_otherwise(problem, pairs, model)
    unlike: Bools = _own_weights_differ(problem, head)
    unlike[leader[differs]] = True
    return unlike


def _weigh_otherwise(problem: PlacementProblem, pairs: Ints, model: Ints) -> Bools:
    """Return which pairs weigh otherwise in a row over pairs than the pairs at ``model`` do."""
    differs, narrow = np.zeros(len(pairs), dtype=bool), []
    for number, at, weight in _over_pairs(problem, pairs):
        if len(at) * FEW < len(pairs):
            narrow.append((number, at, weight))
            continue
        full = np.zeros(len(pairs), dtype=np.int64)
        full[at] = weight
        differs |= full != full[model]
    return differs | _columns_differ(stacked(narrow, (len(problem.rows), len(pairs))), model)


def _add_otherwise(problem: PlacementProblem, pairs: Ints, model: Ints) -> Bools:
    """Return which pairs add otherwise in a year than the pairs at ``model`` do, where leaders share pupils."""
    differs, shared = np.zeros(len(pairs), dtype=bool), problem.shared
    if shared is None:
        return differs
    place = _places(shared.pair, len(problem.benefit))[pairs]
    inside = np.flatnonzero((place >= 0) & (model != np.arange(len(pairs))))
    other = place[model[inside]]  # of the same school, since of the same post
    for figures in (shared.gain, shared.units):
        differs[inside] |= (figures[place[inside]] != figures[other]).any(axis=1)
    return differs


def _own_weights_differ(problem: PlacementProblem, head: Ints) -> Bools:
    """Return which leaders weigh otherwise in a row over leaders than their heads do."""
    rows = enumerate(problem.rows)
    own = [(number, row.members, row.weights) for number, row in rows if row.over == "leader"]
    return _columns_differ(stacked(own, (len(problem.rows), len(head))), head)


def _columns_differ(matrix: sparse.csc_array, model: Ints) -> Bools:
    """Return which columns are not equal to those at ``model``."""
    gap = sparse.csc_array(matrix - matrix[:, model])
    gap.eliminate_zeros()
    differs: Bools = np.diff(gap.indptr) > 0
    return differs
