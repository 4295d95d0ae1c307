"""Why each leader without a post has none: the nearest reason, from the plan, its rows and the pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.domain.plan import Row
from pilotage.placement.analysis.no_post import idle_leaders
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.formulation.coefficients import Weights, activities
from pilotage.placement.rules.catalogue import traits_of
from pilotage.placement.rules.support import RULE as SUPPORT_OR_HEAD
from pilotage.placement.solver.cvar import RULE as WORST_DRAWS
from pilotage.placement.solver.incumbent import keeps

Ints = NDArray[np.int64]

FEW = 5  # free posts of a leader that are looked at, best first, beside the cheapest


@dataclass(frozen=True)
class Tried:
    """What a free pair more would do to the plan: the rows that each pair would break, and the rows' activities now."""

    broken: dict[int, list[int]]
    activities: Ints


def unplaced(case: PlanCase) -> tuple[Unplaced, ...]:
    """Return every leader without a post with the nearest reason, in the order of the pool."""
    problem = case.problem
    without = np.arange(len(problem.leader_ids)) < len(case.context.leaders)  # regions that give support come after
    without[problem.leader[case.plan.chosen]] = False
    paired = np.zeros(len(problem.leader_ids), dtype=bool)
    paired[problem.leader] = True
    reasons = [*idle_leaders(case, np.flatnonzero(without & ~paired)), *_with_pairs(case, without)]
    return tuple(sorted(reasons, key=lambda reason: reason.leader))


def _with_pairs(case: PlanCase, without: NDArray[np.bool_]) -> Iterator[Unplaced]:
    """Yield the reasons of leaders who could take a post."""
    problem = case.problem
    mine = np.flatnonzero(without[problem.leader])
    filled = np.zeros(len(problem.post_ids), dtype=bool)
    filled[problem.post[case.plan.chosen]] = True
    ordered = mine[np.lexsort((mine, -problem.benefit[mine], problem.leader[mine]))]
    free = ordered[(problem.benefit[ordered] > 0) & ~filled[problem.post[ordered]]]
    tried = _tried(case, free)
    outcome = _outcome(case, tried)
    by_leader = pd.Series(tried).groupby(problem.leader[tried]).agg(list).to_dict() if len(tried) else {}
    for leader, pairs in pd.Series(ordered).groupby(problem.leader[ordered]):
        free_pairs = by_leader.get(leader, [])
        yield _blocked(case, free_pairs, outcome) if free_pairs else _unwanted(case, int(pairs.iloc[0]))


def _tried(case: PlanCase, free: Ints) -> Ints:
    """Return the best few of each leader's free pairs, best first, and the cheapest."""
    leader, cost = case.problem.leader[free], case.impact.pairs["cost_gbp"].to_numpy()[free]
    frame = pd.DataFrame({"pair": free, "leader": leader, "cost": cost})
    best = frame.groupby("leader").head(FEW).index
    cheapest = frame.sort_values("cost", kind="stable").groupby("leader").head(1).index
    return free[np.sort(best.union(cheapest).to_numpy(dtype=np.int64))]


def _outcome(case: PlanCase, pairs: Ints) -> Tried:
    """Return the rows that the plan with each pair more would break; those on worst draws and on sharing not."""
    problem = case.problem
    left = activities(problem, case.plan.chosen, case.plan.auxiliary)
    weights = Weights(problem).of_pairs(pairs)
    broken: dict[int, list[int]] = {}
    for column, pair in enumerate(pairs.tolist()):
        inside = slice(weights.indptr[column], weights.indptr[column + 1])
        entries = zip(weights.indices[inside].tolist(), weights.data[inside].tolist(), strict=True)
        rows = ((row, weight) for row, weight in entries if problem.rows[row].rule != WORST_DRAWS)
        broken[pair] = [row for row, weight in rows if not keeps(problem.rows[row], int(left[row]) + weight)]
    return Tried(broken, left)


def _unwanted(case: PlanCase, best: int) -> Unplaced:
    """Return why a leader is not placed whose posts are all filled or worth nothing; ``best`` is the best pair."""
    problem = case.problem
    if problem.benefit[best] > 0:
        holder = case.plan.chosen[problem.post[case.plan.chosen] == problem.post[best]]
        return replace(_about(case, best, Why.BETTER_USE), holder=int(problem.leader[holder[0]]))
    if case.impact.pairs["benefit"].to_numpy()[best] > 0:
        return _about(case, best, Why.PRICE)
    below = case.impact.pairs["effect_months"].to_numpy()[best] < 0
    return _about(case, best, Why.NO_ADDED_VALUE if below else Why.BELOW_ZERO)


def _blocked(case: PlanCase, pairs: list[int], tried: Tried) -> Unplaced:
    """Return which rule keeps a leader from posts that are free; ``pairs`` are best first."""
    rows, broken = case.problem.rows, tried.broken
    open_pairs = [pair for pair in pairs if not broken[pair]]
    if open_pairs:
        return _about(case, open_pairs[0], _unruled(case, open_pairs[0]))
    budgets = {pair: [row for row in broken[pair] if rows[row].unit == "pound"] for pair in pairs}
    for pair in pairs:
        if not budgets[pair]:
            return _at_limit(case, pair, rows[broken[pair][0]])
    cost = case.impact.pairs["cost_gbp"].to_numpy()
    cheapest = min(pairs, key=lambda pair: (cost[pair], pair))
    row = rows[budgets[cheapest][0]]
    left = row.rhs - int(tried.activities[budgets[cheapest][0]])
    return replace(_about(case, cheapest, Why.BUDGET, row), cost_gbp=int(cost[cheapest]), left_gbp=left)


def _unruled(case: PlanCase, pair: int) -> Why:
    """Return why a pair is left out that is worth something, is free and breaks no rule."""
    shared, plan = case.problem.shared, case.plan
    served = case.problem.urns[case.problem.post[plan.chosen]]
    if shared is not None and pair in shared.pair and case.problem.urns[case.problem.post[pair]] in served:
        return Why.SHARED_PUPILS
    return Why.WORST_DRAWS if case.context.scenario.objective.measure == "mean_less_cvar" else Why.NOT_PROVEN


def _at_limit(case: PlanCase, pair: int, row: Row) -> Unplaced:
    leader, scenario = int(case.problem.leader[pair]), case.context.scenario
    if row.rule == SUPPORT_OR_HEAD:
        return _about(case, pair, Why.SUPPORTED, row)
    rule, leaders = scenario.rules.get(row.key), case.context.leaders
    if rule is not None and rule.at_limit is not None:
        about = traits_of(rule).about
        if about is None or about(leaders, scenario)[leader]:
            return _about(case, pair, rule.at_limit.code, row)
    return _about(case, pair, Why.RULE, row)


def _about(case: PlanCase, pair: int, why: str, row: Row | None = None) -> Unplaced:
    """Return a reason that speaks of a pair, and of the row that it would break."""
    km = float(case.impact.pairs["travel_km"].to_numpy()[pair])
    reason = Unplaced(
        int(case.problem.leader[pair]), why, int(case.problem.post[pair]), km if np.isfinite(km) else None
    )
    return reason if row is None else replace(reason, rule=row.key, part=row.part)
