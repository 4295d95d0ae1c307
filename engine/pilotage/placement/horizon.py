"""When a placement starts; planning years are those of ``domain.planning_years``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.planning_years import first_september, planning_year

__all__ = ["Days", "Positions", "first_september", "planning_year", "starts_on"]

Days = NDArray[np.datetime64]
Positions = NDArray[np.integer[Any]]


def starts_on(leaders: pd.DataFrame, posts: pd.DataFrame, leader: Positions, post: Positions) -> Days:
    """Return the day on which each pair's placement starts: the post is open and the leader is free."""
    opens = posts["opens_on"].to_numpy(dtype="datetime64[D]")[post]
    free = leaders["available_from"].to_numpy(dtype="datetime64[D]")[leader]
    later: Days = np.maximum(opens, free)
    return later
