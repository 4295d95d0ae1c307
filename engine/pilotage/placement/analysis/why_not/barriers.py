"""What keeps leaders from posts, one by one, with the figures: every hard rule and ban, not only the first.

Rules on all the pairs together (teams, spans, lots) are not among them: they bar what these leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.match import Availability
from pilotage.config.rules.need import LOW, NeedThreshold
from pilotage.config.scenario import ConflictBan
from pilotage.domain.bars import Bar
from pilotage.domain.findings.explained import BarKind, Barrier
from pilotage.domain.prospects import OPENS_BY
from pilotage.placement.context import Context
from pilotage.placement.eligibility.closed_posts import closed_posts
from pilotage.placement.eligibility.kinds import kinds_of, lets_in
from pilotage.placement.eligibility.pruning import banned, holds_level_there
from pilotage.placement.eligibility.reach import distance_km, limits_km, out_of_reach
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.catalogue import NamedRule, hard_rules
from pilotage.placement.rules.need import thresholds
from pilotage.placement.rules.traits import Pairs

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

OWN = {"level": "level", "phase": "phases", "subject": "subjects", "requires": "meets"}  # a post's column: a leader's


@dataclass(frozen=True)
class Keeping:
    """What keeps each of some leaders from each of some posts.

    ``leader``, ``post``: positions in the tables of leaders and posts, shape (pairs,). ``bars``: by the scenario's name
    of a rule or ban, or a code, which pairs it bars. ``travel_km``: NaN where a place is not known.
    """

    context: Context
    leader: Ints
    post: Ints
    bars: dict[str, Bools]
    closed: dict[str, NDArray[np.object_]]
    travel_km: NDArray[np.float64]

    @property
    def count(self) -> Ints:
        """Return how many things bar each pair, shape (pairs,)."""
        total = np.zeros(len(self.leader), dtype=np.int64)
        for bars in self.bars.values():
            total += bars
        return total


def what_keeps(context: Context, valued: Ints, leaders: Ints, posts: Ints) -> Keeping:
    """Return what keeps some leaders from some posts (positions, ascending).

    ``valued``: URNs in scope whose benefit can be valued.
    """
    leader, post = (part.ravel() for part in np.meshgrid(leaders, posts, indexing="ij"))
    table, people = context.table, context.leaders
    pairs: Pairs = leader.astype(np.int32), post.astype(np.int32)
    few = replace(context, table=table.iloc[posts].reset_index(drop=True))
    closed = {each.rule: _spread(each.why, posts, len(table)) for each in closed_posts(few, valued)}
    bars = {_name(rule, context): why[post] != "" for rule, why in closed.items()}
    bars |= _of_single_pairs(context, leaders, posts, pairs)
    bars[Bar.OWN_POST] = holds_level_there(people, table, *pairs)
    year = planning_year(starts_on(people, table, *pairs), context.scenario.as_of)
    bars[Bar.FREE_LATER] = np.asarray(year >= context.scenario.time.years, dtype=bool)
    for name, ban in context.scenario.bans.items():
        bars[f"bans.{name}"] = banned(ban, table, people, *pairs)
    return Keeping(context, leader, post, bars, closed, distance_km(table, people, pairs))


def _name(rule: str, context: Context) -> str:
    return f"rules.{rule}" if rule in context.scenario.rules else rule


def _spread(why: NDArray[np.object_], posts: Ints, size: int) -> NDArray[np.object_]:
    """Return the codes of some posts at their places among all."""
    spread = np.full(size, "", dtype=object)
    spread[posts] = why
    return spread


def _of_single_pairs(context: Context, leaders: Ints, posts: Ints, pairs: Pairs) -> dict[str, Bools]:
    """Return which pairs each rule bars that matches leaders with kinds of post, or is on where they can go."""
    table = context.table.iloc[posts].reset_index(drop=True)
    people, kinds = context.leaders.iloc[leaders].reset_index(drop=True), kinds_of(table)
    own = np.searchsorted(leaders, pairs[0]).astype(np.int32), np.searchsorted(posts, pairs[1]).astype(np.int32)
    bars = {}
    for named in hard_rules(context.scenario):
        if named.traits.matches:
            bars[f"rules.{named.key}"] = ~lets_in(named, kinds, people)[kinds.of_post[own[1]], own[0]]
        elif named.traits.reaches:
            bars[f"rules.{named.key}"] = out_of_reach(named, table, people, own)
    return bars


def barriers_of(keeping: Keeping, place: int) -> tuple[Barrier, ...]:
    """Return everything that bars one pair (a position in ``keeping``), with its figures."""
    return tuple(_barriers(keeping, place))


def _barriers(keeping: Keeping, place: int) -> Iterator[Barrier]:
    rules = {f"rules.{named.key}": named for named in hard_rules(keeping.context.scenario)}
    for name, bars in keeping.bars.items():
        if not bars[place]:
            continue
        key = name.removeprefix("rules.")
        if name in rules and key not in keeping.closed:
            yield _by_pair(keeping, place, name, rules[name])
        elif key in keeping.closed:
            yield _by_post(keeping, place, name, str(keeping.closed[key][keeping.post[place]]))
        else:
            yield _beyond_rules(keeping.context, name)


def _beyond_rules(context: Context, name: str) -> Barrier:
    if name == Bar.OWN_POST:
        return Barrier(name, BarKind.OWN_POST, code=name)
    if name == Bar.FREE_LATER:
        return Barrier(name, BarKind.LATE, code=name)
    ban = context.scenario.bans[name.removeprefix("bans.")]
    code = Bar.CONFLICT_OF_INTEREST if isinstance(ban, ConflictBan) else Bar.BAN
    return Barrier(name, BarKind.BAN, code=code)


def _by_post(keeping: Keeping, place: int, name: str, code: str) -> Barrier:
    """Return why a post is closed; a need below the threshold with both figures."""
    rule = keeping.context.scenario.rules.get(name.removeprefix("rules."))
    if not isinstance(rule, NeedThreshold) or code != LOW.code:
        return Barrier(name, BarKind.CLOSED, code=code)
    urn = int(keeping.context.table["urn"].iloc[keeping.post[place]])
    least = thresholds(rule, keeping.context)
    return Barrier(name, BarKind.NEED, float(keeping.context.need[urn]), float(least[urn]), code)


def _by_pair(keeping: Keeping, place: int, name: str, named: NamedRule) -> Barrier:
    leader = keeping.context.leaders.iloc[keeping.leader[place]]
    post = keeping.context.table.iloc[keeping.post[place]]
    if named.traits.matches is None:
        return _by_distance(float(keeping.travel_km[place]), name, named, leader, post)
    code = named.rule.bars[0].code
    if isinstance(named.rule, Availability):
        opens = post["opens_on"] if pd.isna(post.get(OPENS_BY)) else post[OPENS_BY]
        latest = pd.Timestamp(opens) + pd.Timedelta(days=named.rule.grace_days)
        free = pd.Timestamp(leader["available_from"])
        return Barrier(name, BarKind.FREE, free.date().isoformat(), latest.date().isoformat(), code)
    column = next((each for each in reversed(named.traits.matches.columns) if each in OWN), None)
    if column is None:
        return Barrier(name, BarKind.OTHER, code=code)
    return Barrier(name, BarKind.SUITS, _text(leader[OWN[column]]), _text(post[column]), code)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _by_distance(km: float, name: str, named: NamedRule, leader: pd.Series, post: pd.Series) -> Barrier:
    if math.isnan(km):
        return Barrier(name, BarKind.NO_PLACE)
    limit = float(limits_km([named], leader.to_frame().T)[0])
    if km > limit:
        return Barrier(name, BarKind.DISTANCE, km, limit)
    return Barrier(name, BarKind.REGION, _text(post["region"]), _text(leader["willing_regions"]))
