"""Which posts are within each leader's travel limit, or open to the leader by relocating."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pilotage.config.rules.travel import Travel

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]


def within_reach(table: pd.DataFrame, leaders: pd.DataFrame, rules: list[Travel]) -> Pairs:
    """Return pairs within every leader's travel limit, or open to the leader by relocating; sorted."""
    return crossed(list(reach(table, leaders, rules, np.ones(len(table), dtype=bool))))


def reach(table: pd.DataFrame, leaders: pd.DataFrame, rules: list[Travel], alive: Bools) -> Iterator[Ints]:
    """Yield, leader by leader, the posts within the travel limit, or open by relocating; ascending."""
    positions = np.flatnonzero(alive & (table["easting"].notna().to_numpy() if rules else True))
    if not rules:
        yield from [positions] * len(leaders)
        return
    places, region = table[["easting", "northing"]].to_numpy()[positions], table["region"].to_numpy()[positions]
    of_rules = zip(*(_within(places, leaders, rule) for rule in rules), strict=True)
    for inside, wanted in zip(of_rules, leaders["willing_regions"], strict=True):
        yield positions[np.logical_and.reduce(inside) & willing(region, wanted)]


def _within(places: Floats, leaders: pd.DataFrame, rule: Travel) -> Iterator[Bools]:
    """Yield, leader by leader, the places that one rule lets the leader go to, whatever the region."""
    homes, radius = leaders[["easting", "northing"]].to_numpy(), limits_km(leaders, [rule]) * 1000
    near: Any = [[]] * len(leaders)
    if len(places):
        near = cKDTree(places).query_ball_point(homes, radius, return_sorted=True)
    moves = leaders["relocates"].to_numpy(dtype=bool) & rule.relocation
    for close, moving in zip(near, moves.tolist(), strict=True):
        inside = np.full(len(places), moving)
        inside[np.asarray(close, dtype=np.int64)] = True
        yield inside


def limits_km(leaders: pd.DataFrame, rules: list[Travel]) -> Floats:
    """Return how far each leader may travel: the leader's own limit, or the rules' ceiling where that is less."""
    ceiling = min((rule.max_km for rule in rules if rule.max_km is not None), default=np.inf)
    found: Floats = np.minimum(leaders["max_travel_km"].to_numpy(dtype=float), ceiling)
    return found


def willing(region: NDArray[np.object_], wanted: str | None) -> Bools:
    """Return which regions are among those that a leader is willing to work in, all where none are named."""
    if pd.isna(wanted):
        return np.ones(len(region), dtype=bool)
    return np.isin(region, [name.strip() for name in str(wanted).split(";")])


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
