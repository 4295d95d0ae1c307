"""What a reason says of a school's gap, beside similar schools."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.risk.reasons import whose_words
from pilotage.risk.similar import Peers, usual


def gap_parts(gap_months: pd.Series, peers: Peers) -> list[str]:
    """Return a part of a reason by row of ``gap_months`` (by urn, null = not known), in whole months.

    Empty where the school's disadvantaged pupils are not behind, or not further behind than in similar schools.
    """
    among = usual(gap_months, peers)
    months = gap_months.to_numpy(dtype=np.float64, na_value=np.nan)
    rows = zip(months, months - among.middle, among.similar.tolist(), strict=True)
    return [_part(behind, more, whose_words(similar)) for behind, more, similar in rows]


def _part(behind: float, more: float, whose: str) -> str:
    if not (behind >= 0.5 and more >= 0.5):
        return ""
    count = f"{behind:.0f} {'month' if f'{behind:.0f}' == '1' else 'months'}"
    return f"disadvantaged pupils {count} behind, {more:.0f} more than in {whose}"
