"""Why a leader has no post that the leader may take: the rules in turn, until no post is left."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import Bar
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.context import Context
from pilotage.placement.eligibility.kinds import Kinds, kinds_of, lets_in
from pilotage.placement.eligibility.pruning import banned, holds_level_there, pruning_rules
from pilotage.placement.eligibility.reach import limits_km, reached
from pilotage.placement.horizon import planning_year
from pilotage.placement.rules.catalogue import NamedRule, all_traits, hard_rules, traits_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSED_BY_SETTINGS = (Bar.PLACING_OFF, Bar.OUT_OF_SCOPE, Bar.LATE, Bar.NO_PLACE, Bar.BODY_REFUSED)


@dataclass(frozen=True)
class Market:
    """What the posts offer the leaders who may take none of them.

    Attributes
    ----------
    bars
        Why each post is closed or held back whoever comes, empty text where it is not, shape (posts,).
    reached
        Which posts each of ``leaders`` (positions) may reach, ascending.
    fits
        By rule: which kinds of post each of ``leaders`` fits, shape (kinds, leaders).
    limit_km
        How far each of ``leaders`` may travel, shape (leaders,).
    """

    context: Context
    leaders: Ints
    bars: NDArray[np.object_]
    kinds: Kinds
    reached: tuple[Ints, ...]
    fits: tuple[tuple[NamedRule, Bools], ...]
    limit_km: Floats

    @cached_property
    def closed(self) -> Bools:
        """Return which posts are closed whoever comes, shape (posts,)."""
        by_rules = [
            bar.code for traits in all_traits() if traits.closes for model in traits.models for bar in model.bars
        ]
        return np.isin(self.bars.astype(str), [*(bar.value for bar in CLOSED_BY_SETTINGS), *by_rules])

    @cached_property
    def places_of(self) -> tuple[Floats, Floats]:
        """Return easting and northing of the posts' schools and of the leaders' bases, each of shape (n, 2)."""
        tables, columns = (self.context.table, self.context.leaders), ["easting", "northing"]
        posts, leaders = (table[columns].to_numpy(dtype=float) for table in tables)
        return posts, leaders

    @cached_property
    def free_too_late(self) -> Bools:
        """Return which leaders of the pool are free only after the plan's last year, shape (leaders,)."""
        days = self.context.leaders["available_from"].to_numpy(dtype="datetime64[D]")
        years = planning_year(days, self.context.scenario.as_of)
        return np.asarray(years >= self.context.scenario.time.years, dtype=bool)


def idle_leaders(case: PlanCase, leaders: Ints) -> Iterator[Unplaced]:
    """Yield why each of ``leaders`` (positions; they have no eligible pair) may take no post."""
    context = case.context
    bars = np.full(len(context.table), "", dtype=object)
    ineligible = case.impact.ineligible[case.impact.ineligible["post_index"] < len(context.table)]
    bars[ineligible["post_index"].to_numpy(dtype=np.int64)] = ineligible["reason"].to_numpy()
    people, table, kinds = context.leaders.iloc[leaders], context.table, kinds_of(context.table)
    hard = hard_rules(context.scenario)
    fits = tuple((named, lets_in(named, kinds, people)) for named in hard if named.traits.matches)
    reaching = [named for named in hard if named.traits.reaches]
    near = tuple(reached(reaching, table, people, np.ones(len(table), dtype=bool)))
    market = Market(context, leaders, bars, kinds, near, fits, limits_km(reaching, people))
    for number in range(len(leaders)):
        yield _why(market, number)


def _why(market: Market, number: int) -> Unplaced:
    """Return the first reason that leaves leader ``number`` without a post."""
    leader, context = int(market.leaders[number]), market.context
    if not context.scenario.interventions.place:
        return Unplaced(leader, Why.PLACING_OFF)
    if market.free_too_late[leader]:
        return Unplaced(leader, Why.NOT_FREE)
    distance, suited = _distances(market, leader), np.ones(len(market.bars), dtype=bool)
    for named, fits in _fits(market, about_time=False):
        fewer = suited & fits[:, number][market.kinds.of_post]
        if not fewer.any():
            return Unplaced(leader, _code(named.rule), rule=named.key, posts=int(suited.sum()))
        suited = fewer
    free = suited.copy()
    for _, fits in _fits(market, about_time=True):
        free &= fits[:, number][market.kinds.of_post]
    near = np.zeros(len(distance), dtype=bool)
    near[market.reached[number]] = True
    if not (suited & near).any():
        return _far(market, number, distance, (suited, free))
    if not (suited & near & free).any():
        return _about(leader, Why.NOT_FREE, suited & near, distance)
    return _barred(market, leader, suited & near & free, distance)


def _fits(market: Market, *, about_time: bool) -> list[tuple[NamedRule, Bools]]:
    """Return the matching rules that are, or are not, about time, each with the kinds of post that leaders fit."""
    matches = [(named, named.traits.matches, fits) for named, fits in market.fits]
    return [(named, fits) for named, rule, fits in matches if rule is not None and rule.about_time == about_time]


def _code(rule: RuleModel) -> str:
    """Return the code of leaders whom a rule bars from every post."""
    return Why.RULE if rule.no_post is None else rule.no_post.code


def _distances(market: Market, leader: int) -> Floats:
    posts, leaders = market.places_of
    distance: Floats = np.hypot(*(posts - leaders[leader]).T) / 1000
    return distance


def _far(market: Market, number: int, distance: Floats, posts: tuple[Bools, Bools]) -> Unplaced:
    """Return how far the nearest suitable posts are, and how many; open ones if there are any."""
    (suited, free), leader = posts, int(market.leaders[number])
    usable = free & ~market.closed
    among = usable if usable.any() else suited
    first = _nearest(among, distance)
    limit = float(market.limit_km[number])
    if first is None:
        return Unplaced(leader, Why.OUT_OF_REACH, limit_km=limit)
    within = float(math.ceil(distance[first]))
    count = int((among & (distance <= within)).sum())
    reason = _about(leader, Why.OUT_OF_REACH, among, distance)
    return replace(reason, posts=count, within_km=within, limit_km=limit)


def _nearest(among: Bools, distance: Floats) -> int | None:
    """Return the nearest of some posts whose distance is known; of equals the first."""
    known = np.flatnonzero(among & np.isfinite(distance))
    return int(known[np.argmin(distance[known])]) if len(known) else None


def _about(leader: int, why: str, posts: Bools, distance: Floats, bar: str | None = None, rule: str = "") -> Unplaced:
    """Return a reason that speaks of several posts, with the nearest of them."""
    first = _nearest(posts, distance)
    km = None if first is None else float(distance[first])
    return Unplaced(leader, why, first, km, bar, int(posts.sum()), rule=rule)


def _barred(market: Market, leader: int, posts: Bools, distance: Floats) -> Unplaced:
    """Return what bars the posts in reach that suit: closed, the own post, a ban, lots, a team or a span."""
    closed = posts & market.closed
    if (posts & ~closed).sum() == 0:
        codes, counts = np.unique(market.bars[closed].astype(str), return_counts=True)
        code = str(codes[np.argmax(counts)])
        return _about(leader, Why.CLOSED, closed & (market.bars == code), distance, code)
    own, barred_by = _own_and_banned(market.context, leader, posts & ~closed)
    if own.all():
        return _about(leader, Why.OWN_POST, posts & ~closed, distance)
    names = {name for name in barred_by if name}
    left = np.flatnonzero(posts & ~closed)
    open_to = np.zeros(len(posts), dtype=bool)
    open_to[left[[not (mine or name) for mine, name in zip(own, barred_by, strict=True)]]] = True
    if not open_to.any():
        banned_posts = np.zeros(len(posts), dtype=bool)
        banned_posts[left[[bool(name) for name in barred_by]]] = True
        return _about(leader, Why.BAN, banned_posts, distance, rule=min(names))
    return _pruned(market, leader, open_to, distance)


def _own_and_banned(context: Context, leader: int, posts: Bools) -> tuple[Bools, list[str]]:
    """Return, of some posts, which are the leader's own, and the first ban that matches each; empty text for none."""
    post = np.flatnonzero(posts).astype(np.int32)
    pairs = np.full(len(post), leader, dtype=np.int32), post
    names = np.full(len(post), "", dtype=object)
    for name, ban in reversed(context.scenario.bans.items()):
        names[banned(ban, context.table, context.leaders, *pairs)] = f"bans.{name}"
    return holds_level_there(context.leaders, context.table, *pairs), names.tolist()


def _pruned(market: Market, leader: int, posts: Bools, distance: Floats) -> Unplaced:
    """Return which rule on all pairs together keeps a leader from posts that no ban bars."""
    context, codes = market.context, {str(code) for code in market.bars[posts]}
    rules = pruning_rules(context.scenario)
    for key, rule, _ in rules:
        if codes <= {bar.code for bar in rule.bars} and traits_of(rule).about is None:
            return _about(leader, _code(rule), posts, distance, rule=key)
    for key, rule, _ in rules:
        about = traits_of(rule).about
        if about is None or about(context.leaders, context.scenario)[leader]:
            return _about(leader, _code(rule), posts, distance, rule=key)
    return _about(leader, Why.RULE, posts, distance)
