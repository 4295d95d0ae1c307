"""How many posts each leader may take within the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.placement.rules.catalogue import spans_of

Ints = NDArray[np.int64]


def capacities(leaders: pd.DataFrame, scenario: Scenario) -> Ints:
    """Return each leader's capacity, shape (leaders,).

    One post a term for a leader, or so many prospects as one may ask for (``rules.asks`` keeps known posts to one); the
    span of a leader who leads several posts under a rule, once in the plan.
    """
    terms = -(-scenario.time.years // scenario.time.term_years)
    asked = scenario.pool.prospects
    terms = terms if asked is None else asked.asks_per_leader
    spans, once = spans_of(leaders, scenario), np.full(len(leaders), terms, dtype=np.int64)
    return once if spans is None else np.where(spans.who, spans.most, once)
