"""Which posts each leader can reach, by the scenario's rules, and how far they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import repeat

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.placement.rules.catalogue import NamedRule, all_traits
from pilotage.placement.rules.traits import Pairs

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def reached(rules: list[NamedRule], table: pd.DataFrame, leaders: pd.DataFrame, asked: Bools) -> Iterator[Ints]:
    """Yield, leader by leader, those of the posts ``asked`` for that every rule lets the leader reach, ascending."""
    by_kind = [
        traits.reaches.posts(mine, table, leaders, asked)
        for traits in all_traits()
        if traits.reaches and (mine := [named.rule for named in rules if named.traits is traits])
    ]
    if not by_kind:
        yield from repeat(np.flatnonzero(asked), len(leaders))
        return
    for posts in zip(*by_kind, strict=True):
        yield reduce(np.intersect1d, posts)


def limits_km(rules: list[NamedRule], leaders: pd.DataFrame) -> Floats:
    """Return how far each leader may travel by the rules, shape (leaders,); by the leader's own limit without any."""
    limits: Floats = leaders["max_travel_km"].to_numpy(dtype=float)
    for traits in all_traits():
        mine = [named.rule for named in rules if named.traits is traits]
        if traits.reaches and mine:
            limits = np.minimum(limits, traits.reaches.limit_km(mine, leaders))
    return limits


def out_of_reach(named: NamedRule, table: pd.DataFrame, leaders: pd.DataFrame, pairs: Pairs) -> Bools:
    """Return which pairs a rule does not let reach each other, shape (pairs,)."""
    within = crossed(list(reached([named], table, leaders, np.ones(len(table), dtype=bool))))
    among, asked = (leader.astype(np.int64) * len(table) + post for leader, post in (within, pairs))
    return ~np.isin(asked, among)


def nearest_km(table: pd.DataFrame, leaders: pd.DataFrame, suited: dict[int, Bools]) -> dict[int, float]:
    """Return how far the nearest suitable leader lives from each of some posts; of posts whose place is known.

    ``suited``: which leaders suit each of the posts, shape (leaders,), by the post's position.
    """
    homes, places = (frame[["easting", "northing"]].to_numpy(dtype=float) for frame in (leaders, table))
    nearest: dict[int, float] = {}
    for post, who in suited.items():
        km = float(np.hypot(*(homes[who] - places[post]).T).min(initial=np.inf)) / 1000
        if np.isfinite(km):
            nearest[post] = km
    return nearest


def crossed(posts: list[Ints]) -> Pairs:
    """Return the pairs of each leader in turn with the leader's posts."""
    counts = [len(some) for some in posts]
    together = np.concatenate(posts) if posts else np.zeros(0)
    return np.repeat(np.arange(len(posts)), counts).astype(np.int32), together.astype(np.int32)


def distance_km(table: pd.DataFrame, leaders: pd.DataFrame, pairs: Pairs) -> Floats:
    """Return the straight line between leader and school of each pair."""
    leader, post = pairs
    step = table[["easting", "northing"]].to_numpy()[post] - leaders[["easting", "northing"]].to_numpy()[leader]
    distance: Floats = np.hypot(step[:, 0], step[:, 1]) / 1000
    return distance
