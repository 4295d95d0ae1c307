"""Prospects, derived again: a post that may come open within a year at each school in scope, for each level asked.

None is made where the table has a post of that level. They follow the known posts, school by school in order of URN.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pilotage.case.case import Case
from pilotage.domain.prospects import OPENS_BY, PROSPECT


def with_own_prospects(case: Case, start: pd.Timestamp) -> Case:
    """Return the case with its prospects made anew, open from ``start``; unchanged where none are asked for."""
    asked = case.scenario.pool.prospects
    if asked is None:
        return case
    table = case.posts.posts
    known = table if PROSPECT not in table else table[~table[PROSPECT]]
    known = known.drop(columns=PROSPECT, errors="ignore").reset_index(drop=True)
    grid = pd.MultiIndex.from_product([sorted(case.urns.tolist()), list(asked.levels)], names=["urn", "level"])
    there = pd.MultiIndex.from_frame(known[["urn", "level"]])
    free = grid[~grid.isin(there)].to_frame(index=False)
    names = "ask: " + free["urn"].astype(str) + " " + free["level"].astype(str)
    rows = free.assign(post_id=names, opens_on=start, consent="unknown", created=False)
    added = rows.reindex(columns=list(known.columns)).astype(known.dtypes.to_dict())
    every = pd.concat([known, added], ignore_index=True)
    asked_for = pd.Series([False] * len(known) + [True] * len(added))
    end = start + pd.DateOffset(years=1) - pd.Timedelta(days=1)
    opens_by = every.reindex(columns=[OPENS_BY])[OPENS_BY].astype("datetime64[ns]").mask(asked_for, end)
    every[PROSPECT], every[OPENS_BY] = asked_for, opens_by
    return replace(case, posts=replace(case.posts, posts=every))
