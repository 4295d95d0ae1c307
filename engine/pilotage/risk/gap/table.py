"""Gaps: what a forecast of the disadvantage gap holds, however it was made."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.forecast import OutcomeState

COLUMNS = (
    *("gap_months", "gap_raw_months", "gap_change_months", "gap_change_sd_months", "later_sd_months", "chance"),
    *("gap_months_at_horizon", "p_gap_wide", "last_year"),
)


@dataclass(frozen=True)
class Gaps:
    """The gap by urn: its level and its expected change over the horizon in months, and two chances with their draws.

    ``table`` has ``COLUMNS``: among them ``chance`` (that the gap widens), ``p_gap_wide`` (that it is wide at the
    horizon) and ``later_sd_months`` (the spread of the underlying gap there). ``draws`` are of ``chance``,
    ``wide_draws`` of ``p_gap_wide``, ``later_draws`` of ``gap_months_at_horizon``.
    """

    state: OutcomeState
    table: pd.DataFrame
    draws: NDArray[np.float32]
    wide_draws: NDArray[np.float32]
    later_draws: NDArray[np.float32]


def no_gaps(why: str, count: int = 0) -> Gaps:
    """Return that the gap cannot be forecast, and why."""
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS}, index=pd.Index([], name="urn"))
    return Gaps(OutcomeState(False, why, count), empty, *(np.zeros((0, 0), dtype=np.float32),) * 3)


def without(gaps: Gaps, urns: NDArray[np.int64]) -> Gaps:
    """Return the gaps of the other schools: of these, nothing is said."""
    kept = ~gaps.table.index.isin(urns)
    draws = {name: getattr(gaps, name)[kept] for name in ("draws", "wide_draws", "later_draws")}
    return replace(gaps, table=gaps.table[kept], **draws)
