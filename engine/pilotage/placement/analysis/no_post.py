"""Why a leader has no post that the leader may take: the rules in turn, until no post is left."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.match import Availability, LevelRule, PhaseRule, Requirement, Subject
from pilotage.config.rules.teams import Teams
from pilotage.config.rules.travel import Travel
from pilotage.domain.bars import Bar
from pilotage.domain.findings.unplaced import Unplaced, Why
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.context import Context
from pilotage.placement.eligibility.pruning import banned, holds_level_there
from pilotage.placement.horizon import planning_year
from pilotage.placement.rules.executive_span import span_rule, spanning
from pilotage.placement.rules.match import suit_rules, suits
from pilotage.placement.rules.travel import limits_km, willing

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSERS = (
    *(Bar.PLACING_OFF, Bar.OUT_OF_SCOPE, Bar.LATE, Bar.CONSENT_REFUSED, Bar.CONSENT_UNKNOWN),
    *(Bar.NEED_LOW, Bar.NEED_UNKNOWN),
)
LOTS = (Bar.HELD_BACK, Bar.BESIDE_HELD_BACK)
NOTHING_SUITS: dict[type[Any], Why] = {
    LevelRule: Why.NO_LEVEL,
    PhaseRule: Why.NO_PHASE,
    Subject: Why.NO_SUBJECT,
    Requirement: Why.NO_REQUIREMENT,
}


@dataclass(frozen=True)
class Market:
    """What the posts offer the leaders who may take none of them.

    Attributes
    ----------
    bars
        Why each post is closed or held back whoever comes, empty text where it is not, shape (posts,).
    fits
        By rule: which kinds of post each of ``leaders`` (positions) fits, shape (kinds, leaders).
    """

    context: Context
    leaders: Ints
    bars: NDArray[np.object_]
    fits: tuple[tuple[str, type[Any], Bools], ...]

    @cached_property
    def closed(self) -> Bools:
        """Return which posts are closed whoever comes, shape (posts,)."""
        return np.isin(self.bars.astype(str), [bar.value for bar in CLOSERS])

    @cached_property
    def places_of(self) -> tuple[Floats, Floats]:
        """Return easting and northing of the posts' schools and of the leaders' bases, each of shape (n, 2)."""
        tables, columns = (self.context.table, self.context.leaders), ["easting", "northing"]
        posts, leaders = (table[columns].to_numpy(dtype=float) for table in tables)
        return posts, leaders

    @cached_property
    def region(self) -> NDArray[np.object_]:
        """Return the region of each post's school, shape (posts,)."""
        return self.context.table["region"].to_numpy(dtype=object)

    @cached_property
    def travel(self) -> list[Travel]:
        """Return the hard rules on travel."""
        return [rule for _, rule in self.context.hard(Travel)]

    @cached_property
    def limit_km(self) -> Floats:
        """Return how far each leader of the pool may travel, shape (leaders,)."""
        return limits_km(self.context.leaders, self.travel)

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
    people = context.leaders.iloc[leaders]
    hard = ((name, rule) for name, rule in suit_rules(context.scenario) if rule.price is None)
    fits = tuple((name, type(rule), suits(rule, context.kinds, people)) for name, rule in hard)
    market = Market(context, leaders, bars, fits)
    for number in range(len(leaders)):
        yield _why(market, number)


def _why(market: Market, number: int) -> Unplaced:
    """Return the first reason that leaves leader ``number`` without a post."""
    leader, context = int(market.leaders[number]), market.context
    if not context.scenario.interventions.place:
        return Unplaced(leader, Why.PLACING_OFF)
    if market.free_too_late[leader]:
        return Unplaced(leader, Why.NOT_FREE)
    distance = _distances(market, leader)
    suited = np.ones(len(market.bars), dtype=bool)
    for name, kind, fits in market.fits:
        if kind is Availability:
            continue
        fewer = suited & fits[:, number][context.kinds.of_post]
        if not fewer.any():
            return Unplaced(leader, NOTHING_SUITS[kind], rule=name, posts=int(suited.sum()))
        suited = fewer
    free = suited.copy()
    for _, kind, fits in market.fits:
        if kind is Availability:
            free &= fits[:, number][context.kinds.of_post]
    near = suited & _reached(market, leader, distance)
    if not near.any():
        return _far(market, leader, distance, (suited, free))
    if not (near & free).any():
        return _about(leader, Why.NOT_FREE, near, distance)
    return _barred(market, leader, near & free, distance)


def _distances(market: Market, leader: int) -> Floats:
    posts, leaders = market.places_of
    found: Floats = np.hypot(*(posts - leaders[leader]).T) / 1000
    return found


def _reached(market: Market, leader: int, distance: Floats) -> Bools:
    """Return which posts a leader may reach, by distance or by relocating, in regions that the leader names."""
    if not market.travel:
        return np.ones(len(distance), dtype=bool)
    leaders = market.context.leaders
    moves = bool(leaders["relocates"].iat[leader]) and all(rule.relocation for rule in market.travel)
    near = (distance <= market.limit_km[leader]) | (moves & np.isfinite(distance))
    wanted: Any = leaders["willing_regions"].iat[leader]
    found: Bools = near & willing(market.region, wanted)
    return found


def _far(market: Market, leader: int, distance: Floats, posts: tuple[Bools, Bools]) -> Unplaced:
    """Return how far the nearest suitable posts are, and how many; open ones if there are any."""
    suited, free = posts
    usable = free & ~market.closed
    among = usable if usable.any() else suited
    first = _nearest(among, distance)
    limit = float(market.limit_km[leader])
    if first is None:
        return Unplaced(leader, Why.OUT_OF_REACH, limit_km=limit)
    within = float(math.ceil(distance[first]))
    count = int((among & (distance <= within)).sum())
    found = _about(leader, Why.OUT_OF_REACH, among, distance)
    return replace(found, posts=count, within_km=within, limit_km=limit)


def _nearest(among: Bools, distance: Floats) -> int | None:
    """Return the nearest of some posts whose distance is known; of equals the first."""
    known = np.flatnonzero(among & np.isfinite(distance))
    return int(known[np.argmin(distance[known])]) if len(known) else None


def _about(leader: int, why: Why, posts: Bools, distance: Floats, bar: Bar | None = None, rule: str = "") -> Unplaced:
    """Return a reason that speaks of several posts, with the nearest of them."""
    first = _nearest(posts, distance)
    km = None if first is None else float(distance[first])
    return Unplaced(leader, why, first, km, bar, int(posts.sum()), rule=rule)


def _barred(market: Market, leader: int, posts: Bools, distance: Floats) -> Unplaced:
    """Return what bars the posts in reach that suit: closed, the own post, a ban, lots, a team or a span."""
    closed = posts & market.closed
    if (posts & ~closed).sum() == 0:
        codes, counts = np.unique(market.bars[closed].astype(str), return_counts=True)
        code = Bar(codes[np.argmax(counts)])
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
    """Return what keeps a leader from posts that no ban bars: lots of a trial, a team that cannot go, a span."""
    context = market.context
    if np.isin(market.bars[posts], LOTS).all():
        return _about(leader, Why.HELD_BACK, posts, distance)
    in_team = pd.notna(context.leaders["team_id"].iloc[leader])
    for name, rule in context.scenario.rules.items():
        if isinstance(rule, Teams) and in_team:
            return _about(leader, Why.PART_OF_TEAM, posts, distance, rule=name)
    span = span_rule(context.scenario)
    if span is not None and spanning(context.leaders, context.scenario)[leader]:
        return _about(leader, Why.FEW_POSTS, posts, distance, rule=span[0])
    return _about(leader, Why.HELD_BACK, posts, distance)
