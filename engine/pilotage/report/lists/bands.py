"""The band of each school by need: whether the model can tell it apart from the top tenth of its phase."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord


def need_bands(record: RunRecord) -> pd.Series:
    """Return the band of each school of the forecast by URN; null where need is not known or has no draws."""
    return record.need_bands
