"""Parsed once: what a file is, by its sha256, and its canonical table as Parquet, by the column map's version too."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pilotage.assets import write_whole
from pilotage.domain.checksums import sha256_of
from pilotage.sources.files.column_maps import column_maps, every_version
from pilotage.sources.files.read import Canonical, Recognised, read_source, recognise
from pilotage.sources.opening.contents import why_no_file

FORMAT = "6"  # of these files; a change of how cells become values raises it


def cached_source(path: Path, source: str, cache: Path, say: Callable[[str], None]) -> tuple[Canonical, str]:
    """Return a file's canonical table and its sha256, from the cache if it holds them."""
    digest = sha256_of(path)
    stem = cache / "tables" / f"{digest[:32]}-{column_maps()[source].version}-{FORMAT}"
    content = _loaded(stem)
    if content is None:
        say(f"Reading {path.name}")
        content = read_source(path, source)
        _save(stem, content)
    return content, digest


def cached_recognition(path: Path, cache: Path) -> Recognised:
    """Return what a file is, from the cache if it holds that; the folder and the name count, since they give years."""
    why = why_no_file(path)
    if why is not None:
        return Recognised(path, None, why_not=why)
    place = zlib.crc32(f"{path.parent.name}/{path.name}".encode(errors="surrogatepass"))
    try:
        digest = sha256_of(path)
    except OSError:
        return recognise(path)  # it says why the file cannot be read
    stem = cache / "recognised" / f"{digest[:32]}-{place:08x}-{every_version()}-{FORMAT}.json"
    try:
        said = json.loads(stem.read_text(encoding="utf-8"))
        return Recognised(path, said["source"], said["year"], said["why_not"])
    except (OSError, ValueError, KeyError):
        recognised = recognise(path)
    _write(stem, {"source": recognised.source, "year": recognised.year, "why_not": recognised.why_not})
    return recognised


def _loaded(stem: Path) -> Canonical | None:
    """Return what the cache holds; None where it holds nothing, or nothing that can be read."""
    try:
        said = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        table = pd.read_parquet(stem.with_suffix(".parquet"))
        absent = pd.read_parquet(stem.with_suffix(".absent.parquet"))
        stated = date.fromisoformat(said["dated"]) if said["dated"] else None
        return Canonical(table, absent, stated, said["left_out"], tuple(said["unread"]))
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None


def _save(stem: Path, content: Canonical) -> None:
    """Write each file; the small JSON last, since it says that the rest are there."""
    for suffix, frame in ((".parquet", content.table), (".absent.parquet", content.absent)):
        write_whole(stem.with_suffix(suffix), frame.to_parquet(index=False))
    stated = content.dated.isoformat() if content.dated else None
    said = {"dated": stated, "left_out": content.left_out, "unread": content.unread}
    _write(stem.with_suffix(".json"), said)


def _write(path: Path, content: dict[str, Any]) -> None:
    write_whole(path, json.dumps(content).encode())
