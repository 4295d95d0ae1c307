"""Primary schools with so few disadvantaged pupils that nothing can be said of their gap."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel, phases_of

FEWEST_PUPILS = 11  # disadvantaged pupils with a published result, all years together: fewer are too few


def too_small_to_say(panel: SchoolPanel) -> NDArray[np.int64]:
    """Return the primary schools (URNs, ascending) whose disadvantaged cohort is too small for a gap to be known.

    Counted are the results that were known by the panel's date, over all years read. A school is too small where its
    published results are of fewer than ``FEWEST_PUPILS`` disadvantaged pupils together, or where they were suppressed
    in every year that has any. Nothing is said of a school without results: they may not have been read.
    """
    rows = panel.results
    if rows.empty:
        return np.zeros(0, dtype=np.int64)
    own = rows[(rows["pupil_group"] == "disadvantaged") & (rows["known_on"] <= pd.Timestamp(panel.as_of))]
    published = (own["state"] == "published") & own["progress_sd"].notna()
    told = own[published | (own["state"] == "suppressed")]
    pupils = told["pupils"].where(published, 0).fillna(0).groupby(told["urn"]).sum()
    few = pupils.index[pupils < FEWEST_PUPILS]
    primary = phases_of(panel, few.to_series()).to_numpy() == "primary"
    return np.sort(few[primary].to_numpy(dtype=np.int64))
