"""Intervals: the quantiles at their ends, of a weighted mean, and of a share (Wilson)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def end_quantiles(level: float) -> tuple[float, float]:
    """Return the quantiles at the ends of a central interval: 0.05 and 0.95 of one that holds 0.9."""
    outside = (1 - level) / 2
    return outside, 1 - outside


def weighted_mean(values: Floats, weights: Floats) -> tuple[float, float]:
    """Return the weighted mean and its standard error, the values being the units that vary.

    The variance is ``sum w^2 (x - m)^2 / (sum w)^2 * n / (n - 1)``; with one value it is infinite, and with none the
    mean is not a number.
    """
    if len(values) == 0:
        return float("nan"), float("inf")
    mean = float(np.average(values, weights=weights))
    if len(values) == 1:
        return mean, float("inf")
    spread = (weights**2 * (values - mean) ** 2).sum() / weights.sum() ** 2
    return mean, float(np.sqrt(spread * len(values) / (len(values) - 1)))


def wilson(hits: int, size: int, z: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share, ``z`` half its width in standard deviations of a normal."""
    share, square = hits / size, z**2
    centre = (share + square / (2 * size)) / (1 + square / size)
    half = z * np.sqrt(share * (1 - share) / size + square / (4 * size**2)) / (1 + square / size)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
