"""Planning years: each begins on 1 September; the first is the next to come."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def first_september(as_of: date) -> int:
    """Return the calendar year in which the first planning year's September lies: the next 1 September to come."""
    return as_of.year + (as_of > date(as_of.year, 9, 1))


def planning_year(days: NDArray[np.datetime64], as_of: date) -> NDArray[np.int64]:
    """Return the planning year of each day, 0 = the first (and all that lies before it); a year begins in September."""
    when = pd.DatetimeIndex(days)
    school_year = when.year.to_numpy() - (when.month.to_numpy() < 9)
    years: NDArray[np.int64] = np.maximum(school_year - first_september(as_of), 0).astype(np.int64)
    return years
