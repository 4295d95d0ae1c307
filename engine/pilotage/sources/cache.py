"""Parsed once: canonical tables as Parquet, keyed by the file's sha256 and the column map's version."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pilotage.sources.column_maps import column_maps
from pilotage.sources.read import Canonical, read_source, sha256

FORMAT = "4"  # of these files; a change of how cells become values raises it


def cached_source(path: Path, source: str, cache: Path, say: Callable[[str], None]) -> tuple[Canonical, str]:
    """Return a file's canonical table and its sha256, from the cache if it holds them."""
    digest = sha256(path)
    stem = cache / "tables" / f"{digest[:32]}-{column_maps()[source].version}-{FORMAT}"
    found = _loaded(stem)
    if found is None:
        say(f"Reading {path.name}")
        found = read_source(path, source)
        _save(stem, found)
    return found, digest


def _loaded(stem: Path) -> Canonical | None:
    """Return what the cache holds; None where it holds nothing, or nothing that can be read."""
    try:
        stated = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))["dated"]
        table = pd.read_parquet(stem.with_suffix(".parquet"))
        absent = pd.read_parquet(stem.with_suffix(".absent.parquet"))
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
    return Canonical(table, absent, date.fromisoformat(stated) if stated else None)


def _save(stem: Path, found: Canonical) -> None:
    """Write each file aside, then rename; the small JSON last, since it says that the others are whole."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    for suffix, frame in ((".parquet", found.table), (".absent.parquet", found.absent)):
        aside = stem.with_suffix(f".{os.getpid()}.part")
        frame.to_parquet(aside, index=False)
        aside.replace(stem.with_suffix(suffix))
    aside = stem.with_suffix(f".{os.getpid()}.part")
    aside.write_text(json.dumps({"dated": found.dated.isoformat() if found.dated else None}), encoding="utf-8")
    aside.replace(stem.with_suffix(".json"))
