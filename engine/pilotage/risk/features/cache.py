"""Features kept in the cache folder as Parquet, keyed by the panel's tables, the rows asked for and the spec."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.features.compute import features
from pilotage.risk.features.declared import DeclaresOutcome

FORM = 1  # raise it when a transformation changes its meaning
TABLES = ("schools", "inspections", "school_years", "results")


def kept_features(panel: SchoolPanel, rows: pd.DataFrame, spec: DeclaresOutcome, cache: Path) -> pd.DataFrame:
    """Return ``features``, from the cache if it holds them; a file that does not load is made anew."""
    path = cache / "features" / f"{spec.outcome}-{_key(panel, rows, spec)}.parquet"
    found = _loaded(path)
    if found is None:
        found = features(panel, rows, spec).reset_index(drop=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.part")
        found.to_parquet(aside, index=False)
        aside.replace(path)
    return found.set_axis(rows.index)


def _key(panel: SchoolPanel, rows: pd.DataFrame, spec: DeclaresOutcome) -> str:
    declared = [f"{name} {one.model_dump_json(exclude={'words', 'unit'})}" for name, one in spec.features.items()]
    digest = hashlib.sha256(f"{FORM} {declared}".encode())
    for table in (*(getattr(panel, name) for name in TABLES), rows[["urn", "on"]]):
        digest.update(repr(list(table.columns)).encode())
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:32]


def _loaded(path: Path) -> pd.DataFrame | None:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, ArrowException):
        return None
