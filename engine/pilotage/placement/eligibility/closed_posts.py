"""Why posts are closed whoever the leader is: by rules on posts, by scope and by date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain.bars import Bar
from pilotage.placement.context import Context
from pilotage.placement.horizon import planning_year
from pilotage.placement.rules.catalogue import hard_rules

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ClosedPosts:
    """What closes posts whoever the leader is: the rule's name, and where it closes a post, the code of why.

    ``why`` is empty text where the post stays open, shape (posts,).
    """

    rule: str
    why: NDArray[np.object_]

    @property
    def closed(self) -> Bools:
        """Return the posts closed, shape (posts,)."""
        return np.asarray(self.why != "", dtype=bool)


def closed_posts(context: Context, valued: NDArray[np.int64]) -> list[ClosedPosts]:
    """Return what closes posts; where several close one, the last is its reason.

    ``valued``: URNs in scope whose benefit can be valued.
    """
    table, scenario = context.table, context.scenario
    unvalued = ~table["urn"].isin(valued).to_numpy()
    return [
        _closed(Bar.PLACING_OFF, np.full(len(table), not scenario.interventions.place)),
        *_by_rules(context, comes_first=False),
        _closed(Bar.NO_PLACE, table["easting"].isna().to_numpy()),
        _closed(Bar.OUT_OF_SCOPE, unvalued),
        _closed(Bar.LATE, too_late(table, scenario)),
        _closed(Bar.BODY_REFUSED, table["urn"].isin(context.closed_schools).to_numpy()),
        *_by_rules(context, comes_first=True),
    ]


def _closed(why: Bar, closed: Bools) -> ClosedPosts:
    return ClosedPosts(why.value, np.where(closed, why.value, "").astype(object))


def _by_rules(context: Context, *, comes_first: bool) -> list[ClosedPosts]:
    named = [(key, rule, traits.closes) for key, rule, traits in hard_rules(context.scenario)]
    return [
        ClosedPosts(key, closes.why(rule, context, context.table))
        for key, rule, closes in named
        if closes is not None and closes.comes_first == comes_first
    ]


def too_late(table: pd.DataFrame, scenario: Scenario) -> Bools:
    """Return the posts that open after the plan's last year."""
    year = planning_year(table["opens_on"].to_numpy(dtype="datetime64[D]"), scenario.as_of)
    return np.asarray(year >= scenario.time.years, dtype=bool)
