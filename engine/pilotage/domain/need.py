"""Need: how much a school may lose, from the risks that are known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

RISK_OF_OUTCOME = {
    "leadership_fall": "p_fall_if_inspected",
    "leadership_stuck": "p_stuck",
    "gap_widening": "p_widens",
}


class Weighed(Protocol):
    """An outcome of a scenario, with its weight in need."""

    @property
    def weight(self) -> float:
        """Return the weight, at least 0."""
        ...


def need(table: pd.DataFrame, outcomes: Mapping[Any, Weighed]) -> pd.Series:
    """Return the weighted mean of the risks known of each school, in [0, 1]; null where none is known."""
    total, weights = pd.Series(0.0, index=table.index), pd.Series(0.0, index=table.index)
    for name, column in RISK_OF_OUTCOME.items():
        weight = outcomes[name].weight if name in outcomes else 0.0
        known = table[column].notna()
        total += weight * table[column].fillna(0)
        weights += weight * known
    return (total / weights).where(weights > 0)
