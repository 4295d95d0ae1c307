"""Whether the files of a run folder are as the run wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pilotage.case.json_models import ManifestFacts
from pilotage.case.read_back import AGAIN, path_of
from pilotage.case.run_folder import CLUTTER, FAILED, MANIFEST, PAGE, VARYING, WORKBOOK
from pilotage.domain.checksums import sha256_of
from pilotage.errors import DataError, Problem, raise_all

LOCK = "~$"  # first letters of the file that Excel keeps beside a workbook while it is open


def expect_as_written(folder: Path, manifest: ManifestFacts) -> None:
    """Raise where a file of a run folder was edited, is gone or came since the run.

    Of a folder whose manifest, of an earlier version, has no checksums of them, nothing can be said.

    Raises
    ------
    DataError
        With one problem per file.
    """
    if manifest.files is not None:
        raise_all(DataError, (*_edited(folder, manifest.files), *_added(folder, manifest.files)))


def expect_facts_as_written(folder: Path, manifest: ManifestFacts) -> None:
    """Raise where a file of a run folder that is read back was edited or is gone since the run.

    The workbook and the page are for people, and are not read: they may have been saved anew.

    Raises
    ------
    DataError
        With one problem per file.
    """
    files = manifest.files or {}
    raise_all(DataError, _edited(folder, {name: files[name] for name in files if name not in (WORKBOOK, PAGE)}))


def _edited(folder: Path, files: dict[str, str]) -> Iterator[Problem]:
    for name, checksum in files.items():
        path = path_of(folder, name)
        if not path.is_file():
            yield Problem(str(path), "is gone", "every file of the run", f"bring it back, or {AGAIN}")
        elif sha256_of(path) != checksum:
            do = f"bring the original back, and edit a copy elsewhere; or {AGAIN}"
            yield Problem(str(path), "was changed since the run", "the file as Pilotage wrote it", do)


def _added(folder: Path, files: dict[str, str]) -> Iterator[Problem]:
    own = {*files, MANIFEST, *VARYING, *CLUTTER}
    for path in sorted(folder.iterdir()):
        if path.name.removeprefix(FAILED) not in own and not path.name.startswith(LOCK):
            yield Problem(str(path), "was not written by the run", "the files of the run alone", "move it elsewhere")
