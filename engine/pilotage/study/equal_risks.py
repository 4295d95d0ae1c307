"""The forecast with every school of a phase at the phase's mean: what a plan would be without a forecast."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pilotage.domain.forecast import RiskForecast
from pilotage.domain.outcomes import FIGURES
from pilotage.domain.panel import SchoolPanel, phases_of

LEVELLED = (*(figure.name for figure in FIGURES), "need")


def with_equal_risks(forecast: RiskForecast, panel: SchoolPanel) -> RiskForecast:
    """Return a forecast whose known figures are the means of their phase, without draws; unknown stays unknown."""
    compared = forecast.compared
    levelled = None if compared is None else _levelled(compared, compared["phase"])
    table = _levelled(forecast.table, phases_of(panel, forecast.table["urn"]))
    return replace(forecast, table=table, draws={}, compared=levelled)


def _levelled(table: pd.DataFrame, phase: pd.Series) -> pd.DataFrame:
    names = [name for name in LEVELLED if name in table]
    known = table[names].astype(float)
    means = known.groupby(phase.to_numpy(dtype=object)).transform("mean")
    return table.assign(**{name: means[name].where(known[name].notna()) for name in names})
