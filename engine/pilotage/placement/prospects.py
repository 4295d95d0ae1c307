"""Prospects: which posts may come open, beside the posts that are known; ``valuation.acceptance`` has their chance.

They are numbered after the known posts, by URN and then by level as the scenario names the levels; support of leaders
in post comes after them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from pilotage.case.case import Case
from pilotage.config.prospects import Prospects
from pilotage.domain.prospects import OPENS_BY, PROSPECT, prospect_id, with_last_days
from pilotage.errors import DataError, Problem
from pilotage.placement.horizon import first_september


def with_prospects(case: Case) -> Case:
    """Return the case with a row for each prospect below its known posts; unchanged where none are asked for.

    Raises
    ------
    DataError
        Where a known post has the name of a prospect.
    """
    asked = case.scenario.pool.prospects
    if asked is None:
        return case
    posts = with_last_days(case.posts.posts)
    made = _prospects(case, asked)
    taken = sorted(set(made["post_id"]) & set(posts["post_id"]))
    if taken:
        fault = f"names a post {taken[0]}, which is the name of a prospect"
        raise DataError(Problem("pool.posts", fault, "another post_id", "rename the post"))
    below = made.reindex(columns=list(posts.columns)).astype(posts.dtypes.to_dict())
    both = pd.concat([posts, below], ignore_index=True)
    both[PROSPECT] = np.arange(len(both)) >= len(posts)
    return replace(case, posts=replace(case.posts, posts=both))


def opening_day(as_of: date) -> pd.Timestamp:
    """Return the first day on which prospects may come open: the next 1 September."""
    return pd.Timestamp(first_september(as_of), 9, 1)


def last_opening_day(as_of: date) -> pd.Timestamp:
    """Return the last day on which prospects may come open: the end of the planning year that begins then."""
    return pd.Timestamp(first_september(as_of) + 1, 8, 31)


def _prospects(case: Case, asked: Prospects) -> pd.DataFrame:
    """Return a row for each school in scope and level at which the school has no known post."""
    known = set(zip(case.posts.posts["urn"].tolist(), case.posts.posts["level"].tolist(), strict=True))
    named = [(int(urn), str(level)) for urn in case.urns.tolist() for level in asked.levels]
    wanted = [(urn, level) for urn, level in named if (urn, level) not in known]
    return pd.DataFrame(
        {
            "post_id": [prospect_id(urn, level) for urn, level in wanted],
            "urn": np.array([urn for urn, _ in wanted], dtype=np.int64),
            "level": [level for _, level in wanted],
            "opens_on": opening_day(case.scenario.as_of),
            OPENS_BY: last_opening_day(case.scenario.as_of),
            "consent": "unknown",
            "created": False,
        }
    )
