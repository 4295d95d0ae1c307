"""What bars pairs that are within reach and suit: the own post, bans, teams, spans, and the lots of a trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.hold_back import HoldBack
from pilotage.config.rules.teams import Teams
from pilotage.config.scenario import Ban
from pilotage.domain.bars import Bar
from pilotage.placement.context import Context
from pilotage.placement.eligibility import closed_posts
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.executive_span import enough_posts, span_rule, spanning
from pilotage.placement.rules.teams import whole_teams
from pilotage.placement.rules.travel import Pairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]


@dataclass(frozen=True)
class Why:
    """Why pairs go: the rule's name and the code of the posts that it leaves without a pair."""

    rule: str
    code: Bar


def without_own_posts(context: Context, pairs: Pairs, barring: Barring) -> Pairs:
    """Return the pairs whose leader does not hold the post's level in its school already: to go there is no move."""
    away = ~holds_level_there(context.leaders, context.table, *pairs)
    return _left(pairs, away, Why(Bar.OWN_POST, Bar.OWN_POST), len(context.table), barring)


def within_plan(context: Context, pairs: Pairs, barring: Barring) -> Pairs:
    """Return the pairs whose placement starts within the plan's years: the post is open and the leader is free."""
    starts = starts_on(context.leaders, context.table, *pairs)
    in_time = planning_year(starts, context.scenario.as_of) < context.scenario.time.years
    return _left(
        pairs, np.asarray(in_time, dtype=bool), Why(Bar.FREE_LATER, Bar.FREE_LATER), len(context.table), barring
    )


def holds_level_there(leaders: pd.DataFrame, table: pd.DataFrame, leader: Ints32, post: Ints32) -> Bools:
    """Return the pairs whose leader already holds the post's level in its school."""
    current = leaders["current_urn"].to_numpy(dtype=float, na_value=np.nan)[leader]
    level = leaders["level"].to_numpy()[leader] == table["level"].to_numpy()[post]
    found: Bools = (current == table["urn"].to_numpy()[post]) & level
    return found


def pruned(context: Context, pairs: Pairs, barring: Barring) -> tuple[Pairs, Ints]:
    """Return the pairs left by bans, teams, spans and lots, and the URNs that lots hold back.

    A post that loses its last pair is given a reason.
    """
    table, leaders, scenario = context.table, context.leaders, context.scenario
    posts, held_back = len(table), np.zeros(0, dtype=np.int64)
    for name, ban in scenario.bans.items():
        free = ~banned(ban, table, leaders, *pairs)
        pairs = _left(pairs, free, Why(f"bans.{name}", Bar.BAN), posts, barring)
    for name, rule in scenario.rules.items():
        if isinstance(rule, Teams):
            whole = whole_teams((name, rule), table, leaders, pairs, scenario.as_of)
            pairs = _left(pairs, whole, Why(name, Bar.PART_OF_TEAM), posts, barring)
    span = span_rule(scenario)
    if span is not None:
        enough = enough_posts(span, table, leaders, pairs, spanning(leaders, scenario))
        pairs = _left(pairs, enough, Why(span[0], Bar.FEW_POSTS), posts, barring)
    for name, rule in scenario.rules.items():
        if isinstance(rule, HoldBack):
            pairs, urns = _without_lots((name, rule), context, pairs, barring)
            held_back = np.union1d(held_back, urns)
    return pairs, held_back


def _without_lots(named: tuple[str, HoldBack], context: Context, pairs: Pairs, barring: Barring) -> tuple[Pairs, Ints]:
    """Return the pairs of schools that no lot of a trial holds back, and the URNs that are."""
    (name, rule), urn = named, context.table["urn"]
    pinned = [pin.post_id for pin in context.scenario.pins.values()]
    drawn = closed_posts.drawn(name, rule, context.table, has_pair(len(urn), pairs[1]), pinned)
    out = urn.isin(urn.iloc[drawn]).to_numpy()
    left = _left(pairs, ~out[pairs[1]], Why(name, Bar.BESIDE_HELD_BACK), len(urn), barring)
    barring.close(drawn, name, Bar.HELD_BACK)
    return left, urn.iloc[drawn].to_numpy(dtype=np.int64)


def _left(pairs: Pairs, keep: Bools, why: Why, posts: int, barring: Barring) -> Pairs:
    leader, post = pairs[0][keep], pairs[1][keep]
    lost = has_pair(posts, pairs[1]) & ~has_pair(posts, post)
    barring.close(np.flatnonzero(lost), why.rule, why.code)
    barring.count(why.rule, "pair", len(keep) - len(leader))
    return leader, post


def has_pair(posts: int, post: Ints32) -> Bools:
    """Return which of so many posts have a pair."""
    found = np.zeros(posts, dtype=bool)
    found[post] = True
    return found


def banned(ban: Ban, table: pd.DataFrame, leaders: pd.DataFrame, leader: Ints32, post: Ints32) -> Bools:
    """Return which pairs a ban matches: every field given must."""
    hit = np.ones(len(leader), dtype=bool)
    if ban.leader_id is not None:
        hit &= (leaders["leader_id"] == ban.leader_id).to_numpy()[leader]
    if ban.post_id is not None:
        hit &= (table["post_id"] == ban.post_id).to_numpy()[post]
    if ban.urn is not None:
        hit &= (table["urn"] == ban.urn).to_numpy()[post]
    return hit
