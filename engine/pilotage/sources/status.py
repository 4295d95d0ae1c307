"""What a folder of files holds: each file's source, year, rows and checksum, or why it is not recognised."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pilotage.errors import DataError, PilotageError, Problem
from pilotage.sources.cache import cached_source
from pilotage.sources.column_maps import column_maps
from pilotage.sources.read import Recognised, recognise, sha256


@dataclass(frozen=True)
class Fact:
    """What is known of one file; ``rows`` is None where it was not read."""

    file: str
    source: str | None
    year: str
    rows: int | None
    sha256: str
    said: str


def data_status(folder: Path, cache: Path) -> list[Fact]:
    """Return one fact per file of the folder, sorted by name.

    Raises
    ------
    DataError
        When there is no such folder.
    """
    return [_fact(path, folder, cache) for path in _files(folder)]


def cells(fact: Fact) -> tuple[str, str, str, str, str, str]:
    """Return a fact as the texts of a table's row."""
    rows = "" if fact.rows is None else f"{fact.rows:,}"
    return fact.file, fact.source or "-", fact.year, rows, fact.sha256[:12], fact.said


def import_folder(folder: Path, out: Path, say: Callable[[str], None]) -> int:
    """Copy the files that are recognised into ``out`` under the same names, say why each other is not; return how many.

    Raises
    ------
    DataError
        When the folder is missing, or a different file of the same name is in ``out`` already; nothing is then copied.
    """
    found = [recognise(path) for path in _files(folder)]
    known = [one for one in found if one.source]
    _expect_no_clash(known, folder, out)
    for one in found:
        name = one.path.relative_to(folder).as_posix()
        say(f"{name}: {column_maps()[one.source].label if one.source else 'left out: ' + one.why_not}")
    for one in known:
        target = out / one.path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(one.path, target)
    say(f"{len(known):,} of {len(found):,} files are in {out}")
    return len(known)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(Problem(str(folder), "no such folder", "a folder of official files", "check the path"))
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _expect_no_clash(known: list[Recognised], folder: Path, out: Path) -> None:
    targets = [(one.path, out / one.path.relative_to(folder)) for one in known]
    clashes = [target for path, target in targets if target.exists() and sha256(target) != sha256(path)]
    if clashes:
        do = "remove it, or name another --out"
        raise DataError(
            [Problem(str(target), "is there already and differs", "the same file", do) for target in clashes]
        )


def _fact(path: Path, folder: Path, cache: Path) -> Fact:
    one = recognise(path)
    name, year = path.relative_to(folder).as_posix(), str(one.year or "")
    if one.source is None:
        return Fact(name, None, year, None, sha256(path), f"no: {one.why_not}")
    try:
        content, digest = cached_source(path, one.source, cache, lambda _message: None)
    except PilotageError as error:
        return Fact(name, one.source, year, None, sha256(path), f"no: {error.problems[0].found}")
    stated = content.dated.isoformat() if content.dated else year
    return Fact(name, one.source, stated, len(content.table), digest, "yes")
