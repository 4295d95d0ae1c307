"""The exact rise: the problem solved again with one post added, over the pairs that a better plan could hold.

If the new post can add ``r`` at most, a better plan holds no pair that costs the bound more than that. So few pairs are
valued and solved again: under every rule, with each school's pupils counted once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.analysis.value_if_asked.bound import Priced
from pilotage.placement.analysis.value_if_asked.what_if import BASE, some_pairs
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.formulation.equity import pair_weights, weighted
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.pricing import GRID_BITS
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_PAIRS = 20_000  # beyond so many that a better plan could hold, the bound stands


@dataclass(frozen=True)
class Trial:
    """A what-if post (one row), the pairs that it opens (with that row), and by how many units the plan may rise."""

    post: pd.DataFrame
    eligible: Eligible
    rise: int


def exact_rise(case: Case, forecast: RiskForecast, solved: PlanCase, base: Priced, trial: Trial) -> int | None:
    """Return by how many units the best plan rises with the post; None where that is not proven.

    It is not where today's plan is not proven best, where a pin names the post or its school, or where time runs out.
    """
    today = _today(case, solved, base, trial)
    if solved.plan.status is not Status.OPTIMAL or _pinned(case, trial) or len(today.leader) > MOST_PAIRS:
        return None
    if not trial.rise:
        return 0
    posts = pd.concat([case.posts.posts, trial.post.drop(columns=BASE)], ignore_index=True)
    there = replace(case, posts=replace(case.posts, posts=posts))
    problem = _problem(there, forecast, _with_new(today, trial, len(case.posts.posts)))
    solver = case.scenario.solver
    plan = solve(problem, time_limit_seconds=solver.time_limit_seconds, seed=solver.seed)
    if plan.status is Status.INFEASIBLE:
        return 0
    return max(0, (plan.objective or 0) - (solved.plan.objective or 0)) if plan.status is Status.OPTIMAL else None


def _pinned(case: Case, trial: Trial) -> bool:
    pins, urn, post_id = case.scenario.pins.values(), int(trial.post["urn"].iloc[0]), str(trial.post["post_id"].iloc[0])
    return any(pin.urn == urn or pin.post_id == post_id for pin in pins)


def _today(case: Case, solved: PlanCase, base: Priced, trial: Trial) -> Eligible:
    """Return the pairs of today that a plan with the post could hold and be better than today's."""
    loss = np.maximum(base.prices.threshold[base.problem.leader] - base.prices.reduced, 0)
    stays = (loss <= (trial.rise + 1) << GRID_BITS) | np.isin(np.arange(len(loss)), solved.plan.chosen)
    stood_for = trial.post[BASE].iloc[0]
    if not pd.isna(stood_for):
        stays &= base.problem.post != int(stood_for)
    pairs, leaders = solved.impact.pairs.loc[stays], case.pool.leaders
    leader, travel = (pairs[name].to_numpy() for name in ("leader_index", "travel_km"))
    limit = np.full(len(pairs), np.nan)
    limit[leader < len(leaders)] = leaders["max_travel_km"].to_numpy()[leader[leader < len(leaders)]]
    return Eligible(
        leader.astype(np.int32),
        pairs["post_index"].to_numpy(dtype=np.int32),
        travel.astype(np.float64),
        np.asarray(travel > limit, dtype=bool),
        {},
        pairs["price"].to_numpy(dtype=np.float64) if "price" in pairs else np.zeros(0),
        support=solved.impact.support,
    )


def _with_new(today: Eligible, trial: Trial, position: int) -> Eligible:
    """Return the pairs with those of the new post at ``position``; schools that may be supported come after it."""
    new = trial.eligible
    post = np.where(today.post >= position, today.post + 1, today.post)
    leader = np.concatenate([today.leader, new.leader])
    posts = np.concatenate([post, np.full(len(new.leader), position)]).astype(np.int32)
    both = replace(
        today,
        leader=leader,
        post=posts,
        travel_km=np.concatenate([today.travel_km, new.travel_km]),
        relocates=np.concatenate([today.relocates, new.relocates]),
        price=np.concatenate([today.price, new.price]),
    )
    return some_pairs(both, np.lexsort((posts, leader)))


def _problem(case: Case, forecast: RiskForecast, eligible: Eligible) -> PlacementProblem:
    """Return the problem of some pairs, weighted as the objective weighs them."""
    impact = impact_matrix(case, forecast, eligible, ranges=False)
    problem = placement_problem(case, impact)
    return weighted(problem, impact, pair_weights(case, problem, forecast.need))
