"""Prospects among the posts: posts that may come open, below those that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PROSPECT = "prospect"  # column of the posts, true of a prospect; without prospects it is not there
OPENS_BY = "opens_by"  # column: the last day on which a post may come open that is not known to be; empty of others
PER_MILLE = 1000  # the chances of what one leader asks for add up to at most so many thousandths


def prospect_id(urn: int, level: str) -> str:
    """Return the name of the prospect of a level at a school; it keeps the name as a known post."""
    return f"ask: {urn} {level}"


def prospects_in(posts: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which posts are prospects, shape (posts,)."""
    if PROSPECT not in posts:
        return np.zeros(len(posts), dtype=bool)
    asked: NDArray[np.bool_] = posts[PROSPECT].to_numpy(dtype=bool)
    return asked


def with_last_days(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts with the column ``OPENS_BY``, empty where they did not have it."""
    if OPENS_BY in posts:
        return posts
    return posts.assign(**{OPENS_BY: pd.Series(pd.NaT, index=posts.index, dtype="datetime64[ns]")})
