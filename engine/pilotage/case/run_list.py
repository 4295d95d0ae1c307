"""The runs below a folder, newest first, by what their manifests and plans say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pilotage.case.read_back import path_of, read_manifest, read_plan
from pilotage.case.run_folder import FAILED, MANIFEST, PAGE, PLAN, FolderKind
from pilotage.case.writing.target import kind_of
from pilotage.errors import DataError


@dataclass(frozen=True)
class ListedRun:
    """A run below a folder; figures are None where ``fault`` says why they can't be read.

    ``written``: when its manifest was written (UTC). ``benefit``: pupil-months. ``audit_clean``: whether every audit of
    it held.
    """

    folder: Path
    written: datetime
    scenario: str | None = None
    as_of: date | None = None
    benefit: float | None = None
    audit_clean: bool | None = None
    fault: str | None = None

    @property
    def page(self) -> Path | None:
        """Return the run's page, where it is there."""
        page = path_of(self.folder, PAGE)
        return page if page.is_file() else None


def runs_below(folder: Path) -> tuple[ListedRun, ...]:
    """Return every run folder that is ``folder`` or lies below it, newest first, one that can't be read included.

    Half-written folders (their name starts with a full stop) are left out.
    """
    listed = (_listed(path) for path in _manifests(folder))
    return tuple(sorted(listed, key=lambda run: (-run.written.timestamp(), str(run.folder))))


def runs_in(folder: Path) -> tuple[ListedRun, ...]:
    """Return every run folder that lies right in ``folder``, newest first, one that can't be read included."""
    if not folder.is_dir():
        return ()
    listed = [run for each in folder.iterdir() for run in _listed_in(each)]
    return tuple(sorted(listed, key=lambda run: (-run.written.timestamp(), str(run.folder))))


def _listed_in(folder: Path) -> list[ListedRun]:
    """Return the run that a folder is, if any; a folder that may not be looked into is passed over."""
    try:
        return [_listed(path) for path in _manifest_of(folder)]
    except OSError:
        return []


def _manifest_of(folder: Path) -> Iterator[Path]:
    """Yield the manifest of a folder that is a run's, or a damaged one."""
    if folder.name.startswith("."):
        return
    for path in (folder / MANIFEST, folder / f"{FAILED}{MANIFEST}"):
        if path.is_file():
            kind = kind_of(folder)
            if kind is FolderKind.RUN or (kind is None and path_of(folder, PLAN).is_file()):
                yield path


def _manifests(folder: Path) -> Iterator[Path]:
    for name in (MANIFEST, f"{FAILED}{MANIFEST}"):
        for path in sorted(folder.rglob(name)):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            kind = kind_of(path.parent)
            damaged = kind is None and path_of(path.parent, PLAN).is_file()
            if not hidden and (kind is FolderKind.RUN or damaged):
                yield path


def _listed(manifest: Path) -> ListedRun:
    folder, written = manifest.parent, datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
    try:
        facts, plan = read_manifest(folder), read_plan(folder)
    except DataError as error:
        first = error.problems[0]
        return ListedRun(folder, written, fault=f"{Path(first.where).name}: {first.what}")
    return ListedRun(folder, written, facts.scenario, facts.as_of, plan.benefit, facts.audit_clean)
