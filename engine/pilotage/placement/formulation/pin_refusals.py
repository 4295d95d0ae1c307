"""Why a leader may not take what a pin asks for: each rule or ban that bars it, with distances and limits."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.catalogue import BARS
from pilotage.domain.bars import BAR_WORDS, Bar
from pilotage.domain.forecast import ImpactMatrix
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.eligibility.broken import what_bars
from pilotage.placement.eligibility.pruning import holds_level_there
from pilotage.placement.eligibility.reach import distance_km, limits_km
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.catalogue import NamedRule, rules_of

Ints = NDArray[np.int64]

FREE_LATER = "the leader is free only after the last year of the plan"


def why_refused(candidates: Candidates, impact: ImpactMatrix, leader: int, posts: Ints) -> str:
    """Return what bars a leader from each of some posts, in words; of several posts, each is named."""
    people, table = candidates.leaders.iloc[: candidates.people], candidates.table.iloc[: candidates.posts]
    context = Context(table, people, candidates.scenario, pd.Series(dtype=float))
    why = [_why_barred(context, impact, leader, post) for post in posts.tolist()]
    if len(why) == 1:
        return why[0]
    return "; ".join(f"{table['post_id'].iloc[post]} is {reason}" for post, reason in zip(posts, why, strict=True))


def _why_barred(context: Context, impact: ImpactMatrix, leader: int, post: int) -> str:
    """Return what bars one pair: ``barred by rules.travel (57 km away, and the leader's limit is 30 km)``.

    Where no rule on single pairs and no ban does, what closes the post to everybody, or that the leader is free late.
    """
    bars = _with_distances(context, leader, post, what_bars(context, leader, post))
    if holds_level_there(context.leaders, context.table, np.array([leader]), np.array([post])).all():
        bars = ["the leader's own post: the leader holds that level in that school already", *bars]
    if bars:
        return f"barred by {', '.join(bars)}"
    closed = impact.ineligible.set_index("post_index")[["rule", "reason"]]
    if post in closed.index:
        rule, reason = (str(each) for each in closed.loc[post])
        return f"barred by rules.{rule}" if reason in BARS else f"barred: {BAR_WORDS[Bar(reason)]}"
    late = _starts_late(context, leader, post)
    return f"barred: {FREE_LATER}" if late else "barred by another rule, or by a ban"


def _starts_late(context: Context, leader: int, post: int) -> bool:
    """Return whether a placement would start after the plan's last year."""
    starts = starts_on(context.leaders, context.table, np.array([leader]), np.array([post]))
    return int(planning_year(starts, context.scenario.as_of)[0]) >= context.scenario.time.years


def _with_distances(context: Context, leader: int, post: int, bars: list[str]) -> list[str]:
    """Return the names of what bars a pair; a rule on distance with the distance and the leader's limit."""
    reaching = {f"rules.{named.key}": named for named in rules_of(context.scenario) if named.traits.reaches}
    return [bar + _distance(context, leader, post, reaching[bar]) if bar in reaching else bar for bar in bars]


def _distance(context: Context, leader: int, post: int, named: NamedRule) -> str:
    """Return how far the post is and how far the rule lets the leader go, in brackets."""
    pair = np.array([leader], dtype=np.int32), np.array([post], dtype=np.int32)
    km = float(distance_km(context.table, context.leaders, pair)[0])
    limit = float(limits_km([named], context.leaders.iloc[[leader]])[0])
    if math.isnan(km):
        return " (the school's place is not known)"
    if km > limit:
        return f" ({km:,.1f} km away, and the leader's limit is {limit:,.1f} km)"
    region = context.table["region"].iloc[post]
    within = f"{km:,.1f} km away, within the leader's limit of {limit:,.1f} km"
    return f" ({within}, but in {region}, which is not among the leader's regions)"
