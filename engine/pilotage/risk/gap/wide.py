"""The chance that a gap is wide at the horizon: wider than those of four fifths of the phase's schools on the day.

Given what was published, the underlying gap of school i on the day is ``N(m_i, s_i^2)``, and at the horizon
``N(M_i, S_i^2)``. The threshold t of a key stage, which stands for the phase, is the gap that four fifths of its
schools are expected to lie below: ``mean over i of Phi((t - m_i) / s_i) = 0.8``. It is a quantile of underlying gaps,
not of their means, which lie closer together. Then ``p_i = 1 - Phi((t - M_i) / S_i)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Floats = NDArray[np.float64]

WIDER_THAN = 0.8  # of the phase's schools
FARTHEST = 10.0  # in standard deviations: where the threshold is looked for


@dataclass(frozen=True)
class Underlying:
    """Underlying gaps by school, in months: mean and deviation on the day and at the horizon, shape (schools,).

    ``stage``: the key stage that each school is measured in.
    """

    stage: NDArray[np.object_]
    mean: Floats
    sd: Floats
    later_mean: Floats
    later_sd: Floats

    def later_draws(self, changes: Floats) -> NDArray[np.float32]:
        """Return the mean at the horizon in each draw, shape (schools, draws), moved by ``changes``, in months."""
        return (self.later_mean[:, None] + changes).astype(np.float32)


def thresholds(gaps: Underlying) -> Floats:
    """Return the threshold of each school's key stage, in months, shape (schools,)."""
    limits = np.full(len(gaps.mean), np.nan)
    for stage in sorted(set(gaps.stage.tolist())):
        inside = gaps.stage == stage
        limits[inside] = threshold(gaps.mean[inside], gaps.sd[inside])
    return limits


def threshold(mean: Floats, sd: Floats, share: float = WIDER_THAN) -> float:
    """Return the gap that a share of schools is expected to lie below."""
    spread = np.maximum(sd, 1e-9)
    low, high = float((mean - FARTHEST * spread).min()), float((mean + FARTHEST * spread).max())
    return float(brentq(lambda gap: float(ndtr((gap - mean) / spread).mean()) - share, low, high))


def chances_wide(gaps: Underlying, changes: Floats) -> tuple[Floats, NDArray[np.float32]]:
    """Return the chance that each school's gap is wide at the horizon, and its draws, shape (schools, draws).

    Parameters
    ----------
    changes
        By how much each draw of the model's coefficients moves the mean at the horizon, in months, shape (schools,
        draws).
    """
    limit, spread = thresholds(gaps), np.maximum(gaps.later_sd, 1e-9)
    chance: Floats = ndtr((gaps.later_mean - limit) / spread)
    moved = gaps.later_draws(changes)
    return chance, ndtr((moved - limit[:, None]) / spread[:, None]).astype(np.float32)
