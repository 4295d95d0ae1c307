"""What the cache holds of a leader. It holds official tables and models; this looks all the same."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pilotage.assets.store import unsealed
from pilotage.sources.forget.rows import COLUMN


def stored_of(cache: Path, leader: str) -> list[Path]:
    """Return every file of the cache in which a leader's id stands: in a column of leaders, or as a word of a text."""
    every = sorted(path for path in cache.rglob("*") if path.is_file()) if cache.is_dir() else []
    return [path for path in every if _holds(path, leader)]


def _holds(path: Path, leader: str) -> bool:
    raw = path.read_bytes()
    content = unsealed(raw)
    content = raw if content is None else content
    if content.startswith(b"PAR1"):
        return leader in _leaders(content)
    quoted = re.compile(rb'"' + re.escape(leader.encode()) + rb'"')
    return quoted.search(content) is not None


def _leaders(content: bytes) -> set[str]:
    try:
        table = pd.read_parquet(BytesIO(content))
    except (OSError, ValueError, pa.ArrowException):
        return set()
    return set(table[COLUMN].astype(str)) if COLUMN in table else set()
