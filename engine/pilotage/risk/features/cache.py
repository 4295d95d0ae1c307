"""Features in the store as Parquet, keyed by the panel's tables, the rows asked for and the spec."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
from pyarrow import ArrowException

from pilotage.assets import Store
from pilotage.domain.checksums import Checksum
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.compute import features
from pilotage.risk.features.declared import DeclaresOutcome

FORM = 3  # raise it when a transformation changes its meaning
OF_REASONS = {"risk_rises_with", "words", "unit"}  # what a declaration says of reasons changes no value
ASKED = ("urn", "on", "inspected_on")  # what features see of the rows asked for
TABLES = ("schools", "inspections", "school_years", "results")


def stored_features(panel: SchoolPanel, rows: pd.DataFrame, spec: DeclaresOutcome, store: Store) -> pd.DataFrame:
    """Return ``features``, from the store if it holds them; a file that does not load is made anew."""
    name = f"features/{spec.outcome}-{_key(panel, rows, spec)}.parquet"
    table = _stored(store.read(name))
    if table is None:
        table = features(panel, rows, spec).reset_index(drop=True)
        store.write(name, table.to_parquet(index=False))
    return table.set_axis(rows.index)


def _key(panel: SchoolPanel, rows: pd.DataFrame, spec: DeclaresOutcome) -> str:
    declared = [f"{name} {feature.model_dump_json(exclude=OF_REASONS)}" for name, feature in spec.features.items()]
    checksum = Checksum().text(f"{FORM} {declared}")
    for table in (*(getattr(panel, name) for name in TABLES), rows[[name for name in ASKED if name in rows]]):
        checksum.text(repr(list(table.columns))).rows(table)
    return checksum.hex[:32]


def _stored(content: bytes | None) -> pd.DataFrame | None:
    try:
        return None if content is None else pd.read_parquet(BytesIO(content))
    except (OSError, ValueError, ArrowException):
        return None
