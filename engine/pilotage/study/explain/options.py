"""Leaders at posts: who may go there, what it is worth and costs the plan, and what bars all others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.findings.explained import BarKind, Barrier, Certainty, Forced, Option, Worth
from pilotage.placement.analysis.why_not.barriers import Keeping, barriers_of, what_keeps
from pilotage.placement.analysis.why_not.forced_in import lost_at_least, with_one_of
from pilotage.placement.cohorts import finishers
from pilotage.placement.context import context_of
from pilotage.study.explain.opened import Opened, forced

Ints = NDArray[np.int64]

RESOLVED = 5  # pairs whose cost is exact: solved again; of the others it is known by the prices
LARGE = 20_000  # pairs of a problem: with more, no pair is solved again by itself, so that the answer comes in seconds


def open_options(opened: Opened, pairs: Ints) -> list[Option]:
    """Return some eligible pairs with worth and cost: those of the plan first, then by cost, then by worth."""
    chosen = set(opened.plan.chosen.tolist())
    bounds = lost_at_least(opened.solved, opened.plan)
    benefit = opened.problem.benefit
    least = np.zeros(len(benefit)) if bounds is None else bounds
    waiting = sorted((pair for pair in pairs.tolist() if pair not in chosen), key=lambda p: (least[p], -benefit[p], p))
    options = [_option(opened, pair, None) for pair in pairs.tolist() if pair in chosen]
    many = RESOLVED if len(benefit) <= LARGE else 0
    exact = [_option(opened, pair, _exact(opened, pair)) for pair in waiting[:many]]
    options += sorted(exact, key=_cost)
    bounded = None if bounds is None else bounds / opened.scale
    return [*options, *(_option(opened, pair, _by_prices(bounded, pair)) for pair in waiting[many:])]


def _cost(option: Option) -> float:
    months = None if option.forced is None else option.forced.months
    return math.inf if months is None else months


def _exact(opened: Opened, pair: int) -> Forced:
    return forced(opened, with_one_of(opened.problem, np.array([pair])))


def _by_prices(bounds: NDArray[np.float64] | None, pair: int) -> Forced:
    return Forced(Certainty.UNKNOWN) if bounds is None else Forced(Certainty.AT_LEAST, float(bounds[pair]))


def _option(opened: Opened, pair: int, cost: Forced | None) -> Option:
    problem = opened.problem
    post = int(problem.post[pair])
    urn = int(problem.urns[post])
    return Option(
        leader_id=problem.leader_ids[problem.leader[pair]],
        post_id=problem.post_ids[post],
        urn=urn,
        school=opened.schools.get(urn, ""),
        chosen=cost is None,
        worth=_worth(opened, pair),
        forced=cost,
    )


def _worth(opened: Opened, pair: int) -> Worth:
    row = opened.stated.impact.pairs.iloc[pair]

    def figure(name: str) -> float:
        value = row.get(name)
        return 0.0 if value is None or pd.isna(value) else float(value)

    opens, km = row.get("chance_open"), row["travel_km"]
    return Worth(
        **{name: figure(name) for name in ("benefit", "effect_months", "pupils", "acceptance", "origin_loss")},
        **{name: figure(name) for name in ("fall_value", "price", "stay", "cost_gbp")},
        chance_open=None if opens is None or pd.isna(opens) else float(opens),
        travel_km=None if pd.isna(km) else float(km),
    )


def keeping(opened: Opened, leaders: Sequence[int] | Ints, posts: Sequence[int] | Ints) -> Keeping:
    """Return what keeps some leaders from some posts (positions, ascending) in the run."""
    case = opened.case
    pupils = finishers(case.panel, case.evidence)
    valued = np.intersect1d(case.urns, pupils.index[pupils.notna()].to_numpy())
    context = context_of(case, opened.run.forecast.need)
    return what_keeps(context, valued, np.asarray(leaders, dtype=np.int64), np.asarray(posts, dtype=np.int64))


def barred_options(opened: Opened, kept: Keeping, most: int | None = None) -> list[Option]:
    """Return the pairs that may not be in a plan, those that fewest things bar first, then the nearest."""
    problem, size = opened.problem, len(opened.case.posts.posts)
    may = problem.leader.astype(np.int64) * len(problem.post_ids) + problem.post
    barred = np.flatnonzero(~np.isin(kept.leader * len(problem.post_ids) + kept.post, may) & (kept.post < size))
    order = barred[np.lexsort((kept.leader[barred], kept.travel_km[barred], kept.count[barred]))]
    return [_barred(opened, kept, place) for place in order[:most].tolist()]


def _barred(opened: Opened, kept: Keeping, place: int) -> Option:
    posts, leaders = opened.case.posts.posts, opened.case.pool.leaders
    post = posts.iloc[kept.post[place]]
    urn = int(post["urn"])
    return Option(
        leader_id=str(leaders["leader_id"].iloc[kept.leader[place]]),
        post_id=str(post["post_id"]),
        urn=urn,
        school=opened.schools.get(urn, ""),
        chosen=False,
        barriers=barriers_of(kept, place) or (Barrier("", BarKind.OTHER),),
    )
