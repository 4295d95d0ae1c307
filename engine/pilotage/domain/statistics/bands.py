"""Bands of need: who is surely in the top tenth of a phase, who cannot be told apart from it, and who is below."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Band = Literal["top", "tie", "below"]

TOP_SHARE = 10  # one school in so many is in the top
SURE = 9  # of ten draws: so many put a school of the band ``top`` in, and a school of the band ``below`` out


def bands(draws: Floats, group: pd.Series) -> pd.Series:
    """Return the band of each school within its group; null where a draw of the school is not known, or without draws.

    The top tenth of n schools is the ``ceil(n / 10)`` of highest need. ``top``: at least nine draws of ten put the
    school there; ``below``: at least nine of ten do not; ``tie``: every other school. Where schools of the same need
    have fewer places left than they are, each of them may be in or out, so that such a draw speaks for neither band.

    Parameters
    ----------
    draws
        Need of each school in each draw of the model, shape (schools, draws).
    group
        The phase of each school, in the same order; schools of unknown phase are a group.
    """
    found = np.full(len(draws), None, dtype=object)
    known = np.isfinite(draws).all(axis=1) & (draws.shape[1] > 0)
    for rows in group.reset_index(drop=True).groupby(group.to_numpy(dtype=object), dropna=False).indices.values():
        inside = rows[known[rows]]
        if len(inside):
            found[inside] = _bands(draws[inside])
    return pd.Series(found, index=group.index, dtype=object)


def _bands(draws: Floats) -> NDArray[np.object_]:
    surely_in, maybe_in = in_top(draws, -(-len(draws) // TOP_SHARE))
    count = draws.shape[1]
    top = surely_in.sum(axis=1) * 10 >= SURE * count
    below = (~maybe_in).sum(axis=1) * 10 >= SURE * count
    return np.select([top, below], ["top", "below"], "tie").astype(object)


def in_top(draws: Floats, places: int) -> tuple[Bools, Bools]:
    """Return in which draws each school is among the ``places`` highest, and in which it is or ties with the last."""
    last = np.partition(draws, len(draws) - places, axis=0)[len(draws) - places]
    maybe = draws >= last
    no_tie = maybe.sum(axis=0) <= places
    return (draws > last) | (maybe & no_tie), maybe
