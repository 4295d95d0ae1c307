"""A post lies within the leader's travel limit, or the leader relocates to it, in regions that the leader names.

A leader l may take a post p only if distance(l, p) <= min(limit(l), max_km) or l relocates, and region(p) is among the
regions that l names, if any. Distances are straight lines. A unit of breach is one placement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pilotage.config.rules.travel import Travel
from pilotage.placement.rules.traits import Reaches, RuleTraits

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def reach(rules: list[Travel], table: pd.DataFrame, leaders: pd.DataFrame, asked: Bools) -> Iterator[Ints]:
    """Yield, leader by leader, the posts within the travel limit, or open by relocating; ascending."""
    positions = np.flatnonzero(asked & table["easting"].notna().to_numpy())
    places, region = table[["easting", "northing"]].to_numpy()[positions], table["region"].to_numpy()[positions]
    of_rules = zip(*(_within(places, leaders, rule) for rule in rules), strict=True)
    for inside, wanted in zip(of_rules, leaders["willing_regions"], strict=True):
        yield positions[np.logical_and.reduce(inside) & willing(region, wanted)]


def _within(places: Floats, leaders: pd.DataFrame, rule: Travel) -> Iterator[Bools]:
    """Yield, leader by leader, the places that one rule lets the leader go to, whatever the region."""
    homes, radius = leaders[["easting", "northing"]].to_numpy(), limits_km([rule], leaders) * 1000
    near: Any = [[]] * len(leaders)
    if len(places):
        near = cKDTree(places).query_ball_point(homes, radius, return_sorted=True)
    moves = leaders["relocates"].to_numpy(dtype=bool) & rule.relocation
    for close, moving in zip(near, moves.tolist(), strict=True):
        inside = np.full(len(places), moving)
        inside[np.asarray(close, dtype=np.int64)] = True
        yield inside


def limits_km(rules: list[Travel], leaders: pd.DataFrame) -> Floats:
    """Return how far each leader may travel: the leader's own limit, or the rules' ceiling where that is less."""
    ceiling = min((rule.max_km for rule in rules if rule.max_km is not None), default=np.inf)
    limit: Floats = np.minimum(leaders["max_travel_km"].to_numpy(dtype=float), ceiling)
    return limit


def willing(region: NDArray[np.object_], wanted: str | None) -> Bools:
    """Return which regions are among those that a leader is willing to work in, all where none are named."""
    if pd.isna(wanted):
        return np.ones(len(region), dtype=bool)
    return np.isin(region, [name.strip() for name in str(wanted).split(";")])


RULES = (RuleTraits((Travel,), "bars", "pair", reaches=Reaches(reach, limits_km)),)
