"""How deprived a school's pupils are, in fifths of the schools in scope."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel


def fifths(panel: SchoolPanel, urns: NDArray[np.int64]) -> pd.Series:
    """Return, by URN of ``urns``, 1 to 5 = the most deprived; null where no share is published.

    A fifth is of the schools whose share is known, by the share of pupils eligible for free school meals in the last
    six years, else now, as last known by the panel's date; schools of the same share are in the same fifth, the higher.
    """
    share = shares(panel).reindex(urns)
    rank = share.rank(method="max")
    fifth = (5 * rank / max(1, int(share.notna().sum()))).map(np.ceil)
    return fifth.astype("Int64")


def pupils(panel: SchoolPanel) -> pd.Series:
    """Return the number of disadvantaged pupils on roll by URN, not rounded; null where a part of it is unknown."""
    on_roll = panel.schools.set_index("urn")["pupils"].astype(float)
    return on_roll * shares(panel).reindex(on_roll.index)


def shares(panel: SchoolPanel) -> pd.Series:
    """Return the share of disadvantaged pupils by URN, in [0, 1], as last known; null where no share is published."""
    if panel.school_years.empty:
        return pd.Series(dtype=float)
    share: pd.Series = panel.latest_years["fsm6_share"].fillna(panel.latest_years["fsm_share"])
    return share
