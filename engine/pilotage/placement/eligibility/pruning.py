"""What bars pairs that are within reach and suit: the own post, bans, and rules on all the pairs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.rule_model import RuleModel
from pilotage.config.scenario import Ban, ConflictBan, Scenario
from pilotage.domain.bars import Bar
from pilotage.placement.context import Context
from pilotage.placement.eligibility.barring import Barring
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.catalogue import rules_of
from pilotage.placement.rules.traits import Pairs, PrunesPairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]


@dataclass(frozen=True)
class Why:
    """Why pairs go: the rule's name and the code of the posts that it leaves without a pair."""

    rule: str
    code: str


@dataclass(frozen=True)
class HeldBack:
    """Schools (URNs) that a rule holds back from support too, and why."""

    why: Why
    urns: Ints


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
    there: Bools = (current == table["urn"].to_numpy()[post]) & level
    return there


def pruned(context: Context, pairs: Pairs, barring: Barring) -> tuple[Pairs, list[HeldBack]]:
    """Return the pairs left by bans and by rules on all pairs together, and the schools that rules hold back.

    A post that loses its last pair is given a reason.
    """
    table, leaders, scenario = context.table, context.leaders, context.scenario
    posts, held_back = len(table), list[HeldBack]()
    for name, ban in scenario.bans.items():
        free = ~banned(ban, table, leaders, *pairs)
        code = Bar.CONFLICT_OF_INTEREST if isinstance(ban, ConflictBan) else Bar.BAN
        pairs = _left(pairs, free, Why(f"bans.{name}", code), posts, barring)
    for key, rule, prunes in pruning_rules(scenario):
        made = prunes.prune(key, rule, context, pairs)
        pairs = _left(pairs, made.left, Why(key, made.why), posts, barring)
        barring.close(made.closed, key, made.why_closed)
        if made.held_back is not None:
            held_back.append(HeldBack(Why(key, made.why), made.held_back))
    return pairs, held_back


def pruning_rules(scenario: Scenario) -> list[tuple[str, RuleModel, PrunesPairs]]:
    """Return the rules that prune pairs with their names, in the order in which they act."""
    named = [(key, rule, traits.prunes) for key, rule, traits in rules_of(scenario)]
    pruning = [(key, rule, prunes) for key, rule, prunes in named if prunes is not None]
    return sorted(pruning, key=lambda item: item[2].stage)


def _left(pairs: Pairs, left: Bools, why: Why, posts: int, barring: Barring) -> Pairs:
    leader, post = pairs[0][left], pairs[1][left]
    lost = has_pair(posts, pairs[1]) & ~has_pair(posts, post)
    barring.close(np.flatnonzero(lost), why.rule, why.code)
    barring.count(why.rule, "pair", len(left) - len(leader))
    return leader, post


def has_pair(posts: int, post: Ints32) -> Bools:
    """Return which of so many posts have a pair."""
    paired = np.zeros(posts, dtype=bool)
    paired[post] = True
    return paired


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
