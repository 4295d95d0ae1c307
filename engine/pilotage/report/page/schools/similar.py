"""Similar schools: of the same phase, with a like share of disadvantaged pupils and of a like size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOW_MANY = 5
NEIGHBOURS = 30  # on either side by the share of disadvantaged pupils
WORDS = "Same phase, a close share of disadvantaged pupils, and of these the nearest in size."


def similar_schools(schools: pd.DataFrame) -> list[list[int]]:
    """Return, for each row, the positions of its most similar rows, at most ``HOW_MANY``, the most similar first.

    Two schools of one phase are as far apart as their shares of disadvantaged pupils, in standard deviations of the
    phase, and the logarithms of their pupils, likewise: a plain distance. Ties go to the lower share, then the earlier
    row.

    Parameters
    ----------
    schools
        ``phase``, ``pupils`` and ``disadvantaged_pupils``; a school that lacks one has no similar schools, and is none.
    """
    pupils = schools["pupils"].astype(float)
    share = schools["disadvantaged_pupils"].astype(float) / pupils
    known = (pupils > 0) & share.notna() & schools["phase"].notna()
    found: list[list[int]] = [[] for _ in range(len(schools))]
    places = pd.Series(np.arange(len(schools)), index=schools.index)[known]
    for _, rows in places.groupby(schools["phase"][known]):
        rows_of_phase = rows.to_numpy()
        traits = np.column_stack([share.to_numpy()[rows_of_phase], np.log(pupils.to_numpy()[rows_of_phase])])
        for row, near in zip(rows_of_phase, _nearest(traits), strict=True):
            found[row] = rows_of_phase[near].tolist()
    return found


def _nearest(traits: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return the nearest other rows of each, looked for among its neighbours by the first trait."""
    spread = traits.std(axis=0)
    order = np.argsort(traits[:, 0], kind="stable")
    scaled = (traits / np.where(spread > 0, spread, 1.0))[order]
    window = np.arange(len(order))[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS + 1)
    other = (window >= 0) & (window < len(order)) & (np.arange(-NEIGHBOURS, NEIGHBOURS + 1) != 0)
    inside = np.clip(window, 0, len(order) - 1)
    distance = np.where(other, ((scaled[inside] - scaled[:, None]) ** 2).sum(axis=2), np.inf)
    best = np.argsort(distance, axis=1, kind="stable")[:, :HOW_MANY]
    nearest: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)] * len(order)
    for place, row in enumerate(order):
        chosen = best[place][np.isfinite(distance[place, best[place]])]
        nearest[row] = order[inside[place, chosen]]
    return nearest
