"""The band of each school by need: whether the model can tell it apart from the top tenth of its phase."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.need import need_draws
from pilotage.domain.panel import phases_of
from pilotage.domain.statistics.bands import bands


def need_bands(record: RunRecord) -> pd.Series:
    """Return the band of each school of the forecast by URN; null where need is not known or has no draws."""
    table = record.forecast.table
    phases = phases_of(record.panel, table["urn"])
    drawn = need_draws(record.forecast, phases, record.scenario.outcomes)
    drawn = np.where(table["need"].notna().to_numpy()[:, None], drawn, np.nan)
    return bands(drawn, phases.reset_index(drop=True)).set_axis(table["urn"].to_numpy())
