"""What the rules are written on: posts with their schools, leaders, and one row per eligible pair."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.priced import Counted
from pilotage.config.scenario import Scenario
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.place_names import PlaceNames, Urns

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

SCALE = 1000  # integer units in a pupil-month


@dataclass(frozen=True)
class Candidates:
    """What one scenario's rows are made from.

    Attributes
    ----------
    table
        Posts, then schools whose leader in post may be supported, with phase, region, authority, trust and area.
    leaders
        Leaders, then regions that give support.
    people, posts
        How many of them are leaders, and how many are posts.
    pairs
        One row per eligible pair, as ``ImpactMatrix`` says.
    benefit
        What each pair is worth to the plan, in integer units, shape (pairs,).
    capacity
        How many posts each leader may take, shape (leaders,).
    urns
        Schools in scope.
    earlier
        Earlier plans (leader_id, post_id), by the name of the rule that asks for them.
    """

    scenario: Scenario
    panel: SchoolPanel
    table: pd.DataFrame
    leaders: pd.DataFrame
    people: int
    posts: int
    pairs: pd.DataFrame
    benefit: Ints
    capacity: Ints
    urns: Ints
    earlier: dict[str, pd.DataFrame]

    @cached_property
    def leader(self) -> NDArray[np.integer[Any]]:
        """Return the position of each pair's leader, shape (pairs,)."""
        return self.pairs["leader_index"].to_numpy()

    @cached_property
    def post(self) -> NDArray[np.integer[Any]]:
        """Return the position of each pair's post, shape (pairs,)."""
        return self.pairs["post_index"].to_numpy()

    @cached_property
    def place_names(self) -> PlaceNames:
        """Return what names of places stand for."""
        return PlaceNames(self.panel.schools, self.scenario.data.area_list)

    def at_schools(self, urns: Urns) -> Bools:
        """Return which rows of ``table`` are at some schools."""
        return self.table["urn"].isin(urns).to_numpy(dtype=bool)

    def of_school(self, column: str) -> NDArray[np.object_]:
        """Return a column of the posts' table for each pair, shape (pairs,)."""
        values: NDArray[np.object_] = self.table[column].to_numpy()[self.post]
        return values

    def of_leader(self, position: int) -> Ints:
        """Return the pairs of one leader, ascending: pairs are sorted by leader."""
        start, end = np.searchsorted(self.leader, [position, position + 1])
        return np.arange(start, end, dtype=np.int64)

    @cached_property
    def fillable(self) -> Bools:
        """Return which posts have an eligible pair, shape (posts,)."""
        fillable = np.zeros(len(self.table), dtype=bool)
        fillable[self.post] = True
        return fillable

    def counted(self, counts: Counted) -> Bools:
        """Return which fillable posts count as placements, shape (posts,)."""
        chosen = {"place": ~self.supports, "support": self.supports, "both": np.ones(len(self.table), dtype=bool)}[
            counts
        ]
        return chosen & self.fillable

    @cached_property
    def supports(self) -> Bools:
        """Return which rows of ``table`` are schools whose leader in post may be supported."""
        return np.arange(len(self.table)) >= self.posts
