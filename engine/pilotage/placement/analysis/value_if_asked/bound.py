r"""By how much the best plan would rise at most if one more post came open and its school agreed.

Let ``x'`` be a plan with the new pair q of leader l at the new post (in the place of post p, if the school has one
that may come open or may agree), and x the same plan without q. x keeps every row with what q weighs taken off its
limit, leaves p alone, and has one pair of l fewer. So by the certified prices ``x'`` is worth at most

``bound_lp - w(p) + b'(q) - u(l) - sum over rows of a(q) y``

with b' the benefit as if open and agreed, y >= 0 the price of a ``<=`` row (<= 0 of a ``>=`` row), a(q) what q weighs
in it, w the price of a post, and u(l) the least of l's best reduced costs, as many as its capacity. Where there are
prospects a known post excludes all other pairs of l: then u(l) is their sum, and the rows of l alone count whole. A
plan without q is a plan of today, worth at most its proven bound. Rows of which nothing is known of q count nothing:
they could only lower the bound. Where x keeps every row whatever its prices, ``x'`` is worth at most b'(q) more too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Row
from pilotage.placement.analysis.value_if_asked.what_if import BASE, WhatIf, allowed_by_pins, rows_by_name
from pilotage.placement.formulation.coefficients import weights_of
from pilotage.placement.rules.asks import RULE as ASKS
from pilotage.placement.solver.pricing import GRID_BITS, Prices, clipped, on_grid, priced

OF_ONE_LEADER = (ASKS, "term", "own_post")  # rules whose rows are numbered by what the leader can take: not matched
SLACK = 1e-3  # units: more than figures of this size lose by rounding

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Priced:
    """A solved problem with the rows that the solver added, its plan, and what its certified prices make of all pairs.

    ``row`` and ``post``: the prices on the grid. ``lost``: what a leader is worth to the bound, shape (leaders,): what
    it loses when the leader takes one more post.
    """

    problem: PlacementProblem
    plan: PlacementPlan
    prices: Prices
    row: Ints
    post: Ints
    lost: Ints

    @property
    def gap(self) -> int:
        """Return by how many units a plan of today could exceed this one."""
        return (self.plan.bound or 0) - (self.plan.objective or 0)

    @property
    def gap_of_prices(self) -> float:
        """Return by how much the bound of the prices exceeds the plan, in units."""
        return float(self.prices.bound - (self.plan.objective or 0))


def priced_plan(problem: PlacementProblem, plan: PlacementPlan, *, exclusive: bool) -> Priced | None:
    """Return the plan with its prices; None where the linear optimum left none.

    ``exclusive``: whether a leader who takes a known post takes nothing else.
    """
    full = replace(problem, rows=(*problem.rows, *plan.cuts))
    if plan.objective is None or len(plan.post_duals) != len(full.post_ids) or len(plan.row_duals) != len(full.rows):
        return None
    post = np.maximum(on_grid(plan.post_duals), 0)
    row = clipped(full.rows, on_grid(plan.row_duals))
    prices = priced(full, post, row)
    lost = _best_together(full, prices) if exclusive else prices.threshold.copy()
    return Priced(full, plan, prices, row, post, _with_own_rows(full, row, lost))


def _best_together(problem: PlacementProblem, prices: Prices) -> Ints:
    """Return the sum of each leader's best positive reduced costs, as many as its capacity, shape (leaders,)."""
    order = np.lexsort((-prices.reduced, problem.leader))
    leader = problem.leader[order]
    rank = np.arange(len(order)) - np.searchsorted(leader, leader, side="left")
    held = rank < problem.capacities[leader]
    total = np.zeros(len(problem.leader_ids), dtype=np.int64)
    np.add.at(total, leader[held], np.maximum(prices.reduced[order][held], 0))
    return total


def _with_own_rows(problem: PlacementProblem, prices: Ints, lost: Ints) -> Ints:
    """Return what leaders are worth with the rows on what one leader may ask for: a known post uses them up."""
    place = {name: number for number, name in enumerate(problem.leader_ids)}
    for row, price in zip(problem.rows, prices.tolist(), strict=True):
        if row.rule == ASKS and price:
            lost[place[str(row.part[0])]] += price * row.rhs
    return lost


def rises(case: Case, base: Priced, whatif: WhatIf) -> Floats:
    """Return by how much the best plan could rise at most by each what-if pair, in units; it may be below zero."""
    problem = whatif.problem
    charge, droppable = _charges(case, base, whatif)
    given_up = base.lost[problem.leader] + _price_of_base(base, whatif)[problem.post]
    by_prices = base.gap_of_prices + problem.benefit - (charge + given_up) / 2.0**GRID_BITS
    return np.where(droppable, np.minimum(by_prices, base.gap + problem.benefit), by_prices)


def _price_of_base(base: Priced, whatif: WhatIf) -> Ints:
    """Return the price of the post that each what-if post stands for, shape (what-if posts,)."""
    number = whatif.posts[BASE].to_numpy(dtype="float64", na_value=np.nan)
    price = np.zeros(len(number), dtype=np.int64)
    has = ~np.isnan(number)
    price[has] = base.post[number[has].astype(np.int64)]
    return price


def _charges(case: Case, base: Priced, whatif: WhatIf) -> tuple[Floats, Bools]:
    """Return what each pair pays for rows, on the grid, and whether a plan that drops it keeps every row."""
    problem, rows = whatif.problem, rows_by_name(whatif.problem)
    every = np.arange(len(problem.benefit), dtype=np.int64)
    charge, droppable = np.zeros(len(every)), np.ones(len(every), dtype=bool)
    pinned = dict(allowed_by_pins(case.scenario, whatif))
    for number, row in enumerate(base.problem.rows):
        same = rows.get((row.rule, row.key, row.part))
        if row.rule == "pin":
            weights = pinned[row.key].astype(np.int64)
        elif row.rule in OF_ONE_LEADER or same is None:
            continue
        else:
            weights = weights_of(problem, same, every)
        charge += float(base.row[number]) * weights + _of_breach(base, row, weights)
        droppable &= _keeps_without(row, weights)
    return charge, droppable


def _of_breach(base: Priced, row: Row, weights: Ints) -> Floats:
    """Return what a pair may add to the room of the row's breach, where more of it would raise the bound (below 0)."""
    more = np.zeros(len(weights))
    for number, weight in zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True):
        cost = int(base.prices.auxiliary[number])
        if cost > 0 and base.problem.auxiliaries[number].kind == "breach":
            more -= float(cost) * -(-np.abs(weights) // abs(weight))
    return more


def _keeps_without(row: Row, weights: Ints) -> Bools:
    """Return the pairs without which a plan that keeps the row still keeps it."""
    kept: Bools = weights >= 0 if row.sense == "<=" else weights <= 0 if row.sense == ">=" else weights == 0
    return kept


def in_units(rise: float, gap: int) -> int:
    """Return a rise in whole units: plans are worth whole units, and may rise by their own gap."""
    return max(0, gap, math.floor(rise + SLACK))
