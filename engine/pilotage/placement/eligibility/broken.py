"""Which rules on single pairs a pair breaks: at a price, or so that it is barred."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Ban
from pilotage.domain.support import SupportOffer
from pilotage.placement.context import Context
from pilotage.placement.eligibility.kinds import Kinds, kinds_of, lets_in
from pilotage.placement.eligibility.known_pairs import answered_in
from pilotage.placement.eligibility.pruning import banned
from pilotage.placement.eligibility.reach import out_of_reach
from pilotage.placement.rules.catalogue import NamedRule, rules_of
from pilotage.placement.rules.traits import Pairs

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def prices(context: Context, pairs: Pairs, offer: SupportOffer | None) -> Floats:
    """Return what priced rules charge each pair, in pupil-months; empty where no such rule is priced."""
    broken = broken_at_a_price(context, pairs, offer)
    if not broken:
        return np.zeros(0)
    charged = np.zeros(len(pairs[0]))
    for key, where in broken.items():
        charged = charged + where * (context.scenario.rules[key].breach_price() or 0.0)
    return charged


def broken_at_a_price(context: Context, pairs: Pairs, offer: SupportOffer | None) -> dict[str, Bools]:
    """Return, for each priced rule on single pairs by its name, which pairs break it; pairs of support come last."""
    rules = [named for named in rules_of(context.scenario) if _of_pairs(named)]
    priced = [named for named in rules if named.rule.breach_price() is not None]
    kinds = kinds_of(context.table) if any(named.traits.matches for named in priced) else None
    posts = len(context.table)
    placed = pairs[1] < posts
    broken = {}
    for named in priced:
        broken[named.key] = np.zeros(len(placed), dtype=bool)
        broken[named.key][placed] = _broken(named, context, (pairs[0][placed], pairs[1][placed]), kinds)
        closes = named.traits.closes
        if offer is not None and closes is not None and closes.why_no_support is not None:
            barred = closes.why_no_support(named.rule, context, offer.schools) != ""
            broken[named.key][~placed] = barred[pairs[1][~placed] - posts]
    return broken


def what_bars(context: Context, leader: int, post: int) -> list[str]:
    """Return the hard rules and bans that bar one pair, as the scenario names them, or the table of an answer.

    A rule on need is asked where need is known.
    """
    table = context.table.iloc[[post]].reset_index(drop=True)
    leaders = context.leaders.iloc[[leader]].reset_index(drop=True)
    alone, kinds = replace(context, table=table, leaders=leaders), kinds_of(table)
    pair = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int32)
    asked = [named for named in rules_of(context.scenario) if _of_pairs(named) and _known(named, context.need)]
    hard = (named for named in asked if named.rule.breach_price() is None)
    bars = [f"rules.{named.key}" for named in hard if _broken(named, alone, pair, kinds).all()]
    bans = context.scenario.bans.items()
    return bars + [_ban_words(name, ban) for name, ban in bans if banned(ban, table, leaders, *pair).all()]


def _ban_words(name: str, ban: Ban) -> str:
    place = answered_in(ban)
    return f"bans.{name}" if place is None else f"{place} ({ban.reason})"


def _of_pairs(named: NamedRule) -> bool:
    """Return whether a single pair keeps or breaks the rule."""
    traits = named.traits
    return any(acts is not None for acts in (traits.closes, traits.matches, traits.reaches))


def _known(named: NamedRule, need: pd.Series) -> bool:
    closes = named.traits.closes
    return closes is None or not closes.needs_need or bool(len(need))


def _broken(named: NamedRule, context: Context, pairs: Pairs, kinds: Kinds | None) -> Bools:
    """Return which pairs break a rule on single pairs, shape (pairs,)."""
    leader, post = pairs
    broken: Bools = np.zeros(len(leader), dtype=bool)
    if named.traits.closes is not None:
        broken |= (named.traits.closes.why(named.rule, context, context.table) != "")[post]
    if named.traits.matches is not None and kinds is not None:
        broken |= ~lets_in(named, kinds, context.leaders)[kinds.of_post[post], leader]
    if named.traits.reaches is not None:
        broken |= out_of_reach(named, context.table, context.leaders, pairs)
    return broken
