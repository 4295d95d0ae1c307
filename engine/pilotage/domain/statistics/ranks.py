"""What the draws say of ranks: how high and how low a school could rank by need, and who is in the top k how often."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.statistics.intervals import end_quantiles
from pilotage.domain.units import INTERVAL

Floats = NDArray[np.float64]
TIED = (0.1, 0.9)  # a school in the top k in more of the draws is surely in, in fewer surely out


def draw_ranks(draws: Floats) -> Floats:
    """Return the rank of each school in each draw, 1 the highest; null for a school without draws.

    Of schools that tie, the earlier ranks higher.
    """
    ranks = np.full(draws.shape, np.nan)
    known = np.flatnonzero(np.isfinite(draws).all(axis=1))
    order = np.argsort(-draws[known], axis=0, kind="stable")
    numbers = np.broadcast_to(np.arange(1.0, len(known) + 1)[:, None], order.shape)
    inside = np.empty(order.shape)
    np.put_along_axis(inside, order, numbers, axis=0)
    ranks[known] = inside
    return ranks


def rank_interval(draws: Floats, interval: float = INTERVAL) -> tuple[Floats, Floats]:
    """Return the lowest and the highest rank number of each school within the interval of its draws."""
    ranks = draw_ranks(draws)
    if ranks.shape[1] == 0:
        return np.full(len(ranks), np.nan), np.full(len(ranks), np.nan)
    first, last = end_quantiles(interval)
    low = np.quantile(ranks, first, axis=1, method="lower")
    high = np.quantile(ranks, last, axis=1, method="higher")
    return np.asarray(low), np.asarray(high)


def share_in_top(draws: Floats, count: int) -> Floats:
    """Return the share of draws in which each school is among the ``count`` of highest need; null without draws."""
    ranks = draw_ranks(draws)
    known = np.isfinite(ranks).all(axis=1) & (ranks.shape[1] > 0)
    share: Floats = np.where(known, (ranks <= count).sum(axis=1) / max(ranks.shape[1], 1), np.nan)
    return share


def tie_band(draws: Floats, count: int) -> NDArray[np.bool_]:
    """Return which schools the draws neither surely put among the top ``count`` nor surely outside."""
    share = share_in_top(draws, count)
    return np.isfinite(share) & (share > TIED[0]) & (share < TIED[1])
