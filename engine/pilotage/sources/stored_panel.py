"""A panel of official files or of a sample, made once: kept in the cache by all that goes into it, and read from there.

That is: each file that the day may use with its sha256, what the scenario says of the data, the reference data, the
code that reads, and the libraries. Where any of it differs, the panel is made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import ArrowException

from pilotage import assets
from pilotage.assets import Store
from pilotage.domain.checksums import Checksum, sha256_of
from pilotage.domain.cover import Cover
from pilotage.domain.inputs import InputFile, digests
from pilotage.domain.panel import SchoolPanel
from pilotage.sources.sample.panel import FILES

FORM = 1  # of the stored files; raise it when they are written otherwise
CODE = ("assets", "config", "domain", "sources")  # packages whose code makes a panel
LIBRARIES = ("numpy", "pandas", "pyarrow", "python-calamine", "scipy")
TABLES = ("schools", "inspections", "school_years", "results", "absences", "visits")
URNS = ("other_urns", "merged_urns")


@dataclass(frozen=True)
class Origin:
    """What a panel is made from: the folder of files, the day, and what else the scenario says of the data.

    ``sample``: the folder holds the tables of a synthetic England, else official files.
    """

    folder: Path
    as_of: date
    settings: tuple[str | None, ...]
    sample: bool = False


def stored_panel(origin: Origin, cache_folder: Path, make: Callable[[], SchoolPanel]) -> SchoolPanel:
    """Return the panel that ``make`` gives, from the cache if it holds it.

    Raises
    ------
    DataError
        As ``make`` does, and where the folder is missing or a file is not what its name says.
    """
    store, key = Store(cache_folder), _key(origin, cache_folder)
    panel = _loaded(store, f"panels/{key}")
    if panel is None:
        panel = make()
        if key == _key(origin, cache_folder):  # else a file changed while it was read
            _save(store, f"panels/{key}", panel)
    return panel


def _key(origin: Origin, cache_folder: Path) -> str:
    folder = (str(origin.folder), str(origin.folder.absolute()))  # the panel says where its files were read
    checksum = Checksum().text(f"{FORM} {folder} {origin.as_of} {origin.settings} {origin.sample} {_makers()}")
    for said in _tables_of_sample(origin) if origin.sample else _official_files(origin, cache_folder):
        checksum.text(repr(said))
    return checksum.hex[:32]


def _tables_of_sample(origin: Origin) -> Iterator[tuple[str, str | None]]:
    """Yield each table of a synthetic England with its checksum; None of one that lacks or cannot be read."""
    for path, digest in digests(origin.folder / f"{name}.csv" for name in FILES).items():
        yield path.name, digest


def _official_files(origin: Origin, cache_folder: Path) -> Iterator[tuple[str, str | None, int | None, str]]:
    """Yield each file that the day may use, and what it is; of one that is not recognised, why not."""
    from pilotage.sources.files.inventory import needed

    for file in needed(origin.folder, origin.as_of, cache_folder):
        known = file.why_not if file.source is None else sha256_of(file.path)
        yield file.path.relative_to(origin.folder).as_posix(), file.source, file.year, known


@cache
def _makers() -> str:
    """Return the checksum of the code, the reference data and the libraries that make a panel."""
    code = [path for package in CODE for path in (assets.PACKAGE / package).rglob("*.py")]
    reference = [path for path in assets.reference().rglob("*") if path.is_file()]
    checksum = Checksum().text(repr([(name, version(name)) for name in LIBRARIES]))
    for path in sorted([*code, *reference]):
        checksum.text(f"{path.name} {sha256_of(path)}")
    return checksum.hex


def _loaded(store: Store, name: str) -> SchoolPanel | None:
    """Return what the cache holds; None where it holds nothing, or nothing that can be read."""
    content = store.read(f"{name}.json")
    if content is None:
        return None
    stored = {table: store.read(f"{name}.{table}.parquet") for table in TABLES}
    try:
        tables = {table: pd.read_parquet(BytesIO(held)) for table, held in stored.items() if held is not None}
        return _panel(json.loads(content), tables) if len(tables) == len(TABLES) else None
    except (OSError, ValueError, KeyError, TypeError, ArrowException):  # written by other versions of the libraries
        return None


def _save(store: Store, name: str, panel: SchoolPanel) -> None:
    """Write the tables, and the rest last, since it says that they are there; nothing where it would not come back."""
    content = {table: getattr(panel, table).to_parquet(index=False) for table in TABLES}
    said = json.dumps(_facts(panel)).encode()
    again = _panel(json.loads(said), {table: pd.read_parquet(BytesIO(held)) for table, held in content.items()})
    if not _same(panel, again):
        return
    for table, held in content.items():
        store.write(f"{name}.{table}.parquet", held)
    store.write(f"{name}.json", said)


def _facts(panel: SchoolPanel) -> dict[str, Any]:
    """Return what a panel holds beside its tables, as plain content."""
    plain = {each.name: getattr(panel, each.name) for each in fields(panel) if each.name not in TABLES}
    plain["as_of"], plain["snapshots"] = panel.as_of.isoformat(), [day.isoformat() for day in panel.snapshots]
    plain |= {name: [[int(old), int(new)] for old, new in plain[name].items()] for name in URNS}
    plain["inputs"] = [vars(each) | {"path": str(each.path)} for each in panel.inputs]
    if panel.cover is not None:
        listed = panel.cover.listed_on
        plain["cover"] = vars(panel.cover) | {"listed_on": None if listed is None else listed.isoformat()}
    return plain


def _panel(facts: dict[str, Any], tables: dict[str, pd.DataFrame]) -> SchoolPanel:
    """Return the panel of its tables and of ``_facts``."""
    given: dict[str, Any] = facts | tables | {name: tuple(facts[name]) for name in ("notes", "not_recognised")}
    given["as_of"] = date.fromisoformat(facts["as_of"])
    given["snapshots"] = tuple(date.fromisoformat(day) for day in facts["snapshots"])
    given |= {name: dict(facts[name]) for name in URNS}
    given["inputs"] = tuple(InputFile(**each | {"path": Path(each["path"])}) for each in facts["inputs"])
    given["cover"] = None if facts["cover"] is None else _cover(facts["cover"])
    return SchoolPanel(**given)


def _cover(facts: dict[str, Any]) -> Cover:
    listed, short = facts["listed_on"], tuple(tuple(each) for each in facts["short"])
    day = None if listed is None else date.fromisoformat(listed)
    return replace(Cover(**facts), listed_on=day, absent=tuple(facts["absent"]), short=short)


def _same(panel: SchoolPanel, other: SchoolPanel) -> bool:
    """Return whether two panels are the same, the types of their columns too."""
    for each in fields(panel):
        mine, others = getattr(panel, each.name), getattr(other, each.name)
        if each.name not in TABLES and mine != others:
            return False
        if each.name in TABLES and not (mine.equals(others) and mine.dtypes.equals(others.dtypes)):
            return False
    return True
