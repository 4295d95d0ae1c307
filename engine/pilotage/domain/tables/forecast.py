"""The table of a forecast."""

from __future__ import annotations

import pandera.pandas as pa

from pilotage.domain.outcomes import FIGURES, GAP_SD
from pilotage.domain.tables.columns import column, count, months, share, text

#: One row per school: a forecast of its risks, of Pilotage's or a charity's own making. Key: urn.
FORECAST = pa.DataFrameSchema(
    {
        "urn": column("int64", nullable=False, unique=True),
        **{figure.name: share() if figure.form == "chance" else months() for figure in FIGURES},
        "need": share(),
        GAP_SD: count(),
        "reasons": text(),
        "data_age_years": count(),
        "missing": text(),
    },
    strict="filter",
)
