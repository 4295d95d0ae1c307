"""Evaluation: what a back-test of a scenario's forecasts found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

PREDICTION_COLUMNS = ("outcome", "fold", "urn", "as_of", "p", "y")


@dataclass(frozen=True)
class Evaluation:
    """The back-test of every outcome of a scenario.

    Attributes
    ----------
    metrics
        All that was measured, as plain values for JSON: what ``docs/method/evaluation.md`` describes.
    predictions
        One row per forecast tested (``PREDICTION_COLUMNS``), sorted by outcome, fold and urn; ``p`` the forecast
        probability, ``y`` 1 where it happened and 0 where not.
    """

    scenario: str
    metrics: dict[str, Any]
    predictions: pd.DataFrame
