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
from pilotage.domain.forecast import ImpactMatrix, RiskForecast, YearlyGains
from pilotage.domain.plan import PlacementPlan, PlacementProblem, ProvenBy, Status
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.analysis.value_if_asked.bound import Priced
from pilotage.placement.analysis.value_if_asked.what_if import BASE, WhatIf
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.formulation.equity import pair_weights, weighted
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.pricing import GRID_BITS
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_PAIRS = 200_000  # solved again in all; beyond, the bounds stand
MOST_SEARCHED = 20_000  # of them where today's plan needed an integer search, as the problems solved again will


@dataclass(frozen=True)
class Trial:
    """A what-if post (``post`` of ``whatif``), the pairs that it opens, and by how many units the plan may rise."""

    whatif: WhatIf
    post: int
    pairs: Ints
    rise: int

    @property
    def row(self) -> pd.DataFrame:
        """Return the post as a table of one row."""
        return self.whatif.posts.iloc[[self.post]]


def exact_rise(case: Case, forecast: RiskForecast, solved: PlanCase, base: Priced, trial: Trial) -> int | None:
    """Return by how many units the best plan rises with the post; None where that is not proven.

    It is not where today's plan is not proven best, where a pin names the post or its school, or where time runs out.
    """
    today = _today(solved, base, trial)
    if solved.plan.status is not Status.OPTIMAL or _pinned(case, trial):
        return None
    if not trial.rise:
        return 0
    problem = _problem(case, forecast, solved, today, trial)
    solver = case.scenario.solver
    plan = solve(problem, time_limit_seconds=solver.time_limit_seconds, seed=solver.seed)
    if plan.status is Status.INFEASIBLE:
        return 0
    return max(0, (plan.objective or 0) - (solved.plan.objective or 0)) if plan.status is Status.OPTIMAL else None


def most_pairs(plan: PlacementPlan) -> int:
    """Return how many pairs are solved again in all trials together: a count, so that the same run does the same."""
    return MOST_PAIRS if plan.proven_by is ProvenBy.LINEAR else MOST_SEARCHED


def pairs_in(solved: PlanCase, base: Priced, trial: Trial) -> int:
    """Return over how many pairs a trial is solved again."""
    return len(_today(solved, base, trial)) + len(trial.pairs)


def _pinned(case: Case, trial: Trial) -> bool:
    urn, post_id = int(trial.row["urn"].iloc[0]), str(trial.row["post_id"].iloc[0])
    return any(pin.urn == urn or pin.post_id == post_id for pin in case.scenario.pins.values())


def _today(solved: PlanCase, base: Priced, trial: Trial) -> Ints:
    """Return the pairs of today that a plan with the post could hold and be better than today's, ascending."""
    loss = np.maximum(base.prices.threshold[base.problem.leader] - base.prices.reduced, 0)
    stays = loss <= (trial.rise + 1) << GRID_BITS
    stays[solved.plan.chosen] = True
    stood_for = trial.row[BASE].iloc[0]
    if not pd.isna(stood_for):
        stays &= base.problem.post != int(stood_for)
    return np.flatnonzero(stays)


def _problem(case: Case, forecast: RiskForecast, solved: PlanCase, today: Ints, trial: Trial) -> PlacementProblem:
    """Return the problem of pairs of today and those of the new post, weighted as the objective weighs them.

    The posts of the pairs alone are in it, with those that pins, bans and earlier plans name, and the new one last.
    """
    posts, pairs = case.posts.posts, solved.impact.pairs.iloc[today]
    at = pairs["post_index"].to_numpy()
    kept = np.union1d(at[at < len(posts)], _named(case, posts)).astype(np.int64)
    place = np.searchsorted(kept, at)
    place = np.where(at < len(posts), place, at - len(posts) + len(kept) + 1)
    new = trial.whatif.impact.pairs.iloc[trial.pairs]
    both = pd.concat([pairs.assign(post_index=place), new.assign(post_index=len(kept))], ignore_index=True)
    order = np.lexsort((both["post_index"], both["leader_index"]))
    few = pd.concat([posts.iloc[kept], trial.row.drop(columns=BASE)], ignore_index=True)
    there = replace(case, posts=replace(case.posts, posts=few))
    yearly = _yearly(solved, today, order)
    table = both.iloc[order].reset_index(drop=True)
    impact = replace(solved.impact, pairs=table, yearly=yearly, posts=len(few))
    if _shares_pupils(solved, today, trial):
        impact = impact_matrix(there, forecast, _eligible(there, impact), ranges=False)
    problem = placement_problem(there, impact)
    return weighted(problem, impact, pair_weights(there, problem, forecast.need))


def _named(case: Case, posts: pd.DataFrame) -> Ints:
    """Return the posts that pins, bans and earlier plans name, by themselves or by their schools."""
    pins, bans = case.scenario.pins.values(), case.scenario.bans.values()
    ids = [*(pin.post_id for pin in pins), *(ban.post_id for ban in bans)]
    ids += [post for plan in case.posts.earlier.values() for post in plan["post_id"]]
    urns = [*(pin.urn for pin in pins), *(ban.urn for ban in bans)]
    by_id, by_school = posts["post_id"].isin(ids), posts["urn"].isin([urn for urn in urns if urn is not None])
    return np.flatnonzero(by_id | by_school)


def _yearly(solved: PlanCase, today: Ints, order: Ints) -> YearlyGains | None:
    """Return what the pairs of today add year by year, at their places in ``order``; those of the new post add none."""
    yearly = solved.impact.yearly
    if yearly is None:
        return None
    place = np.full(len(solved.impact.pairs), -1, dtype=np.int64)
    place[today] = np.argsort(order, kind="stable")[: len(today)]
    at = place[yearly.pair]
    stays = np.flatnonzero(at >= 0)
    stays = stays[np.argsort(at[stays], kind="stable")]
    return YearlyGains(at[stays], yearly.gain[stays], yearly.units[stays])


def _shares_pupils(solved: PlanCase, today: Ints, trial: Trial) -> bool:
    """Return whether a pair of today is at the school of the new post."""
    urns = solved.problem.urns[solved.problem.post[today]]
    return bool((urns == int(trial.row["urn"].iloc[0])).any())


def _eligible(case: Case, impact: ImpactMatrix) -> Eligible:
    """Return the pairs of an impact as the valuation takes them."""
    pairs, leaders = impact.pairs, case.pool.leaders
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
        support=impact.support,
    )
