"""How many posts each leader may take within the plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.placement.rules.executive_span import span_rule, spanning, spans

Ints = NDArray[np.int64]


def capacities(leaders: pd.DataFrame, scenario: Scenario) -> Ints:
    """Return each leader's capacity, shape (leaders,).

    One post a term for a leader; the span of an executive leader under the rule of spans, once in the plan.
    """
    terms = -(-scenario.time.years // scenario.time.term_years)
    found = np.full(len(leaders), terms, dtype=np.int64)
    named = span_rule(scenario)
    if named is not None:
        found = np.where(spanning(leaders, scenario), spans(leaders, named[1]), found)
    return found
