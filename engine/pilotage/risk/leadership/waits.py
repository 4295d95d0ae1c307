"""The time of the next inspection within a window, by the hazard: over it a forecast of what it finds is averaged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.risk.estimators.waits import Waits
from pilotage.risk.leadership.hazard import Hazard
from pilotage.risk.spec.leadership import LeadershipSpec

POINTS = 8  # parts of the window, each counted from its middle


def expected_waits(
    hazard: Hazard | None, standing: pd.DataFrame, window: tuple[float, float], spec: LeadershipSpec
) -> Waits:
    """Return when the next inspection of each row may come, given that it comes in a window.

    All parts of the window count alike where the hazard is not known, or a row's grade or time is not.

    Parameters
    ----------
    standing
        As ``Hazard.within`` takes it.
    window
        First and last month after the row's day.
    """
    features = frozenset(name for name, one in spec.features.items() if one.transformation == "months_between")
    edges = np.linspace(*window, POINTS + 1)
    months = (edges[:-1] + edges[1:]) / 2
    shares = np.full((len(standing), POINTS), np.nan)
    if hazard is not None:
        shares = np.diff(np.column_stack([hazard.within(standing, float(edge)) for edge in edges]), axis=1)
    total = shares.sum(axis=1, keepdims=True)
    weights = np.divide(shares, total, out=np.full(shares.shape, 1 / POINTS), where=total > 0)
    return Waits(features, months, weights)
