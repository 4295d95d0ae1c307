"""Planning years and terms: when a placement starts, and how long its leader stays bound."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]
Positions = NDArray[np.integer[Any]]


def first_september(as_of: date) -> int:
    """Return the calendar year in which the first planning year's September lies: the next 1 September to come."""
    return as_of.year + (as_of > date(as_of.year, 9, 1))


def planning_year(days: Days, as_of: date) -> Ints:
    """Return the planning year of each day, 0 = the first (and all that lies before it); a year begins in September."""
    when = pd.DatetimeIndex(days)
    school_year = when.year.to_numpy() - (when.month.to_numpy() < 9)
    years: Ints = np.maximum(school_year - first_september(as_of), 0).astype(np.int64)
    return years


def starts_on(leaders: pd.DataFrame, posts: pd.DataFrame, leader: Positions, post: Positions) -> Days:
    """Return the day on which each pair's placement starts: the post is open and the leader is free."""
    opens = posts["opens_on"].to_numpy(dtype="datetime64[D]")[post]
    free = leaders["available_from"].to_numpy(dtype="datetime64[D]")[leader]
    later: Days = np.maximum(opens, free)
    return later
