"""Parsed once: what a file is, by its sha256, and its canonical table as Parquet, by the column map's version too."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pilotage.assets import Store
from pilotage.domain.checksums import sha256_of
from pilotage.domain.inputs import unchanged_meanwhile
from pilotage.sources.files.column_maps import column_maps, every_version
from pilotage.sources.files.read import Canonical, Recognised, read_source, recognise
from pilotage.sources.opening.contents import why_no_file

FORMAT = "9"  # of these files; a change of how cells become values raises it


def cached_source(path: Path, source: str, cache: Path, say: Callable[[str], None]) -> tuple[Canonical, str]:
    """Return a file's canonical table and its sha256, from the cache if it holds them.

    Raises
    ------
    DataError
        When the file cannot be used, or changed while it was read.
    """
    digest = sha256_of(path)
    store, name = Store(cache), f"tables/{digest[:32]}-{column_maps()[source].version}-{FORMAT}"
    content = _loaded(store, name)
    if content is None:
        say(f"Reading {path.name}")
        with unchanged_meanwhile({path: digest}):
            content = read_source(path, source)
        _save(store, name, content)
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
    store, name = Store(cache), f"recognised/{digest[:32]}-{place:08x}-{every_version()}-{FORMAT}.json"
    said = _stated(store, name)
    if said is not None:
        return Recognised(path, said["source"], said["year"], said["why_not"], said["almost"])
    with unchanged_meanwhile({path: digest}):
        recognised = recognise(path)
    _write(store, name, {key: value for key, value in vars(recognised).items() if key != "path"})
    return recognised


def _loaded(store: Store, name: str) -> Canonical | None:
    """Return what the cache holds; None where it holds nothing, or nothing that can be read."""
    said = _stated(store, f"{name}.json")
    tables = [None if said is None else _table(store.read(f"{name}{part}")) for part in (".parquet", ".absent.parquet")]
    table, absent = tables
    if said is None or table is None or absent is None:
        return None
    stated = date.fromisoformat(said["dated"]) if said["dated"] else None
    return Canonical(table, absent, stated, said["left_out"], tuple(said["unread"]))


def _table(content: bytes | None) -> pd.DataFrame | None:
    try:
        return None if content is None else pd.read_parquet(BytesIO(content))
    except (OSError, ValueError, pa.ArrowException):  # written by other versions of the libraries
        return None


def _save(store: Store, name: str, content: Canonical) -> None:
    """Write each file; the small JSON last, since it says that the rest are there."""
    for suffix, frame in ((".parquet", content.table), (".absent.parquet", content.absent)):
        store.write(f"{name}{suffix}", frame.to_parquet(index=False))
    stated = content.dated.isoformat() if content.dated else None
    said = {"dated": stated, "left_out": content.left_out, "unread": content.unread}
    _write(store, f"{name}.json", said)


def _stated(store: Store, name: str) -> Any:
    content = store.read(name)
    return None if content is None else json.loads(content)


def _write(store: Store, name: str, content: dict[str, Any]) -> None:
    store.write(name, json.dumps(content).encode())
