"""What the plan's duals prove of every plan, summed anew in whole numbers.

For prices ``pi >= 0`` of posts and ``y`` of rows, of the sign that the row's sense asks for, no plan is worth more than

``sum of pi + sum of y rhs + for each leader the best positive reduced costs, as many as its capacity
+ for each variable the most that its reduced cost times a value of its can be``

where the reduced cost of a pair is its benefit less the prices of its post and of what it weighs in rows. That holds
for any prices; so they are rounded to whole steps first and cut to a size that no sum of theirs overflows 64 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import Row
from pilotage.placement.audit.case import Claim, Ints

STEP_BITS = 24  # prices are whole numbers of 2**-24 units, or of coarser steps where benefits are large
SAFE_BITS = 60  # benefits, prices of posts and prices of rows stay below 2**60 each, and their sums below 2**62


@dataclass(frozen=True)
class Proof:
    """What prices prove: ``bound`` in units; in steps: ``reduced`` of pairs, ``threshold`` of leaders, ``total``.

    ``threshold``: the least reduced cost among a leader's best positive ones, as many as its capacity; 0 where they are
    fewer. ``variables``: the reduced costs of the variables.
    """

    bits: int
    total: int
    reduced: Ints
    threshold: Ints
    variables: tuple[int, ...]

    @property
    def bound(self) -> Fraction:
        """Return the bound in units."""
        return Fraction(self.total, 2**self.bits)


def prove(claim: Claim, rows: Sequence[Row]) -> Proof | None:
    """Return what the plan's duals of posts and rows prove, None where they are not as many as posts and rows."""
    problem, plan = claim.problem, claim.plan
    if len(plan.post_duals) != len(problem.post_ids) or len(plan.row_duals) != len(rows):
        return None
    if not (np.isfinite(plan.post_duals).all() and np.isfinite(plan.row_duals).all()):
        return None
    largest = int(np.abs(problem.benefit).max(initial=1))
    bits = max(0, min(STEP_BITS, SAFE_BITS - largest.bit_length()))
    post = _steps(plan.post_duals, bits, 0, 2**SAFE_BITS)
    prices = [_row_price(row, float(dual), bits, len(rows)) for row, dual in zip(rows, plan.row_duals, strict=True)]
    reduced = _reduced(claim, rows, post, prices, bits)
    best, threshold = _best_of_leaders(claim, reduced)
    variables = _variables(claim, rows, prices, bits)
    ends = ((variable.lower, variable.upper) for variable in problem.auxiliaries)
    total = int(post.sum(dtype=object)) if len(post) else 0
    total += sum(price * row.rhs for row, price in zip(rows, prices, strict=True)) + best
    total += sum(max(cost * low, cost * high) for cost, (low, high) in zip(variables, ends, strict=True))
    return Proof(bits, total, reduced, threshold, variables)


def _steps(duals: NDArray[np.float64], bits: int, low: int, high: int) -> Ints:
    return np.clip(np.rint(np.clip(duals * 2.0**bits, float(low), float(high))), low, high).astype(np.int64)


def _row_price(row: Row, dual: float, bits: int, rows: int) -> int:
    """Return a row's price in steps, of the right sign, so small that all rows together fit in 64 bits."""
    heaviest = max(1, int(np.abs(row.weights).max(initial=0)), int(np.abs(row.auxiliary_weights).max(initial=0)))
    most = 2**SAFE_BITS // (heaviest * (rows + 1))
    low, high = (0 if row.sense == "<=" else -most), (0 if row.sense == ">=" else most)
    steps: int = round(Fraction(dual) * 2**bits)
    return min(max(steps, low), high)


def _reduced(claim: Claim, rows: Sequence[Row], post: Ints, prices: list[int], bits: int) -> Ints:
    """Return each pair's benefit less all prices, in steps, shape (pairs,)."""
    problem = claim.problem
    of_post, of_leader = post.copy(), np.zeros(len(problem.leader_ids), dtype=np.int64)
    reduced = problem.benefit.astype(np.int64) << bits
    for row, price in zip(rows, prices, strict=True):
        if price and len(row.members):
            paid = row.weights.astype(np.int64) * price
            if row.over == "pair":
                whole = len(row.members) == len(reduced)
                reduced[slice(None) if whole else row.members] -= paid
            else:
                (of_post if row.over == "post" else of_leader)[row.members] += paid
    reduced -= of_post[problem.post]
    if of_leader.any():
        reduced -= of_leader[problem.leader]
    return reduced


def _best_of_leaders(claim: Claim, reduced: Ints) -> tuple[int, Ints]:
    """Return the sum of the leaders' best positive reduced costs, and each one's threshold; pairs are in order."""
    problem = claim.problem
    threshold, total = np.zeros(len(problem.leader_ids), dtype=np.int64), 0
    starts = np.flatnonzero(np.diff(problem.leader, prepend=-1))
    if not len(starts):
        return 0, threshold
    capacity, first = problem.capacities, np.maximum.reduceat(reduced, starts)
    ends = [*starts[1:].tolist(), len(reduced)]
    for leader, start, end, top in zip(problem.leader[starts].tolist(), starts.tolist(), ends, first, strict=True):
        if capacity[leader] == 1:
            threshold[leader] = max(int(top), 0)
            total += int(threshold[leader])
        elif capacity[leader] > 1:
            held = np.sort(np.maximum(reduced[start:end], 0))[::-1][: capacity[leader]]
            total += int(held.sum(dtype=object))
            threshold[leader] = held[-1] if len(held) == capacity[leader] else 0
    return total, threshold


def _variables(claim: Claim, rows: Sequence[Row], prices: list[int], bits: int) -> tuple[int, ...]:
    reduced = [variable.benefit << bits for variable in claim.problem.auxiliaries]
    for row, price in zip(rows, prices, strict=True):
        for number, weight in zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True):
            reduced[number] -= price * weight
    return tuple(reduced)


def left_over(claim: Claim, proof: Proof, least: int) -> tuple[Ints, Ints]:
    """Return the pairs that a plan worth at least ``least`` units can hold, and what each costs of the bound in steps.

    A pair taken in place of its leader's last good one lowers the bound by the difference of their reduced costs.
    """
    cost = np.maximum(proof.threshold[claim.problem.leader] - proof.reduced, 0)
    spare = proof.total - (least << proof.bits)
    return np.flatnonzero(cost <= min(spare, 2**62)) if spare >= 0 else np.zeros(0, dtype=np.int64), cost
