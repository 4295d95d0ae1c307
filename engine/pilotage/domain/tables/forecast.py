"""The table of a forecast."""

from __future__ import annotations

import pandera.pandas as pa

from pilotage.domain.tables.columns import column, count, share, text

#: One row per school: a forecast of its risks, of Pilotage's or a charity's own making. Key: urn.
FORECAST = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False, unique=True),
        "p_fall_if_inspected": share(),
        "p_fall_if_inspected_low": share(),
        "p_fall_if_inspected_high": share(),
        "p_fall_within_horizon": share(),
        "p_stuck": share(),
        "gap_months": column(float),
        "gap_change_months": column(float),
        "p_widens": share(),
        "need": share(),
        "reasons": text(),
        "data_age_years": count(),
        "missing": text(),
    },
    strict="filter",
)
