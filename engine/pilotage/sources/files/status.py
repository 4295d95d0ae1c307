"""What a folder of files holds: source, year, age, rows, schools and checksum, or why a file is not recognised."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pilotage.case.writing.workspace import workspace
from pilotage.domain.checksums import sha256_of
from pilotage.domain.cover import part_words
from pilotage.domain.units import DAYS_A_YEAR
from pilotage.errors import DataError, PilotageError, Problem, more_problems, printable
from pilotage.sources.files.cache import cached_recognition, cached_source
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.inventory import OFSTED
from pilotage.sources.files.read import Canonical, Recognised, recognise
from pilotage.sources.files.walk import entries
from pilotage.sources.opening.contents import why_no_file
from pilotage.sources.schools.cover import cover_of
from pilotage.sources.schools.lineage import reached, successors
from pilotage.sources.schools.snapshots import PHASES
from pilotage.sources.schools.yearly import known_on, unused

MOST_NAMED = 8  # columns that a line names
LISTS = (*OFSTED, "gias_extract", "dfe_spine")  # of schools


@dataclass(frozen=True)
class Fact:
    """What is known of one file; what was not, or cannot be, counted is None.

    ``known_on`` is the day from which its figures count as known; ``matched`` and ``unmatched`` count its schools by
    whether they, or a school that they became or were before, are in a list of schools.
    """

    file: str
    source: str | None
    year: str
    rows: int | None
    sha256: str
    said: str
    known_on: date | None = None
    matched: int | None = None
    unmatched: int | None = None


def data_status(folder: Path, cache: Path, present: set[int] | None = None) -> list[Fact]:
    """Return one fact per file of the folder, sorted by name.

    Parameters
    ----------
    present
        URNs of the schools to match with; None for those of every list of schools in the folder.

    Raises
    ------
    DataError
        When there is no such folder.
    """
    facts = [_fact(path, folder, cache) for path in entries(folder)]
    lists = [content.table["urn"] for fact, content in facts if content is not None and fact.source in LISTS]
    known = present if present is not None else {int(urn) for urns in lists for urn in urns}
    links = next((c.table for fact, c in facts if c is not None and fact.source == "gias_links"), None)
    chains = {} if links is None else successors(links)
    return [_matched(fact, content, known, chains) for fact, content in facts]


def _matched(fact: Fact, content: Canonical | None, known: set[int], chains: dict[int, int]) -> Fact:
    """Return a fact with its schools counted, where its rows are of schools and there is a list to match with."""
    if content is None or "urn" not in content.table or not known:
        return fact
    urns = content.table["urn"].dropna().astype("int64").unique().tolist()
    homes = reached(urns, known, chains)
    return replace(fact, matched=len(homes), unmatched=len(urns) - len(homes))


def cells(fact: Fact, day: date) -> tuple[str, ...]:
    """Return a fact as the texts of a table's row; age is in years on ``day``."""
    counts = ("" if n is None else f"{n:,}" for n in (fact.rows, fact.matched, fact.unmatched))
    return fact.file, fact.source or "-", fact.year, _age(fact, day), *counts, fact.sha256[:12], fact.said


def _age(fact: Fact, day: date) -> str:
    if fact.known_on is None:
        return ""
    return f"{(day - fact.known_on).days / DAYS_A_YEAR:.1f}" if fact.known_on <= day else "known later"


def import_folder(folder: Path, out: Path, say: Callable[[str], None]) -> int:
    """Copy the files that are recognised into ``out`` under the same names, say why each other is not; return how many.

    Raises
    ------
    DataError
        When the folder is missing, or a different file of the same name is in ``out`` already; nothing is then copied.
    """
    recognised = [recognise(path) for path in entries(folder)]
    known = [file for file in recognised if file.source]
    _expect_none_different(known, folder, out)
    for file in recognised:
        name = file.path.relative_to(folder).as_posix()
        say(f"{name}: {column_maps()[file.source].label if file.source else 'left out: ' + file.why_not}")
    with workspace(out.resolve() / "import", out.resolve()) as place:
        for file in known:
            _copy_whole(file.path, out / file.path.relative_to(folder), place)
    say(f"{len(known):,} of {len(recognised):,} files are in {out}")
    return len(known)


def _copy_whole(path: Path, target: Path, place: Path) -> None:
    """Copy a file into a place, then rename it, unless it is there: half a file would look like another."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place / "copy")
        (place / "copy").replace(target)


def _expect_none_different(known: list[Recognised], folder: Path, out: Path) -> None:
    targets = [(file.path, out / file.path.relative_to(folder)) for file in known]
    different = [target for path, target in targets if target.exists() and sha256_of(target) != sha256_of(path)]
    if different:
        do = "remove it, or name another --out"
        raise DataError(
            [Problem(str(target), "is there already and differs", "the same file", do) for target in different]
        )


def _fact(path: Path, folder: Path, cache: Path) -> tuple[Fact, Canonical | None]:
    file = cached_recognition(path, cache)
    name, year = printable(path.relative_to(folder).as_posix()), str(file.year or "")
    if file.source is None:
        return Fact(name, None, year, None, _checksum(path), printable(f"no: {file.why_not}")), None
    try:
        content, digest = cached_source(path, file.source, cache, lambda _message: None)
    except PilotageError as error:
        return Fact(name, file.source, year, None, _checksum(path), printable(f"no: {_said(error)}")), None
    day = _known_on(file, content)
    stated = year or (day.isoformat() if day else "")
    why = unused(file.source)
    said = printable(f"yes{f', but not used: {why}' if why else ''}{_part(content, day)}{_apart(content)}")
    return Fact(name, file.source, stated, len(content.table), digest, said, day), content


def _part(content: Canonical, day: date | None) -> str:
    """Return which part of England a list of Ofsted's covers; empty where it covers all, or is no such list."""
    if day is None or not {"authority", "phase"} <= {*content.table.columns}:
        return ""
    phase = content.table["phase"].str.strip().str.lower().map(PHASES)
    cover = cover_of(content.table.assign(phase=phase), day, day)
    return f"; a part of England: {part_words(cover, ())}" if cover.is_part(()) else ""


def _said(error: PilotageError) -> str:
    """Return the first problem of a file, with its row where it has one, and how many more there are."""
    first, more = error.problems[0], len(error.problems) - 1
    row = first.where.rpartition(", row ")[2] if ", row " in first.where else ""
    return f"{f'row {row}: ' if row else ''}{first.what}{f', and {more_problems(more)}' if more else ''}"


def _apart(content: Canonical) -> str:
    """Return which rows were left out, and how many columns are not read, with the first of them."""
    rows = [f"{count:,} {'row' if count == 1 else 'rows'} {why}" for why, count in content.left_out.items() if count]
    columns = ", ".join(content.unread[:MOST_NAMED])
    more = f" and {len(content.unread) - MOST_NAMED:,} more" if len(content.unread) > MOST_NAMED else ""
    unread = [f"columns not read: {columns}{more}"] if columns else []
    return f"; {'; '.join([*rows, *unread])}" if rows or unread else ""


def _checksum(path: Path) -> str:
    """Return the sha256 of a file, blank where it cannot be read."""
    try:
        return "" if why_no_file(path) else sha256_of(path)
    except OSError:
        return ""


def _known_on(file: Recognised, content: Canonical) -> date | None:
    """Return the day from which a file's newest figures count as known; None where the file does not tell."""
    if content.dated is not None:
        return content.dated
    if column_maps()[file.source or ""].yearly and file.year is not None:
        return known_on(file.source or "", file.year)
    days = [
        content.table[name].max() for name in ("published_on", "inspected_on", "joined_on") if name in content.table
    ]
    return next((pd.Timestamp(day).date() for day in days if pd.notna(day)), None)
