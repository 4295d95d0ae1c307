"""A measured figure as it stands in JSON: rounded, with the ends of its interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.risk.estimators.bootstrap import interval

Floats = NDArray[np.float64]


def ranged(value: float, drawn: Floats, level: float) -> dict[str, float | None]:
    """Return a value with the ends of its interval, rounded; null where it has none."""
    ends = interval(drawn, level)
    low, high = ends if ends is not None else (None, None)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}


def rounded(value: float | None, places: int = 4) -> float | None:
    """Return a value for JSON: null instead of not-a-number, no negative zero."""
    return None if value is None or not np.isfinite(value) else round(float(value), places) + 0.0
