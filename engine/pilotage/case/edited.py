"""Whether the files of a run folder are as the run wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pilotage.case.json_models import ManifestFacts
from pilotage.case.read_back import AGAIN, path_of
from pilotage.case.run_folder import MANIFEST
from pilotage.domain.checksums import sha256_of
from pilotage.errors import DataError, Problem, raise_all


def expect_as_written(folder: Path, manifest: ManifestFacts) -> None:
    """Raise where a file of a run folder was edited or is gone since the run.

    Raises
    ------
    DataError
        With one problem per file; also where the manifest, of an earlier version, has no checksums of them.
    """
    if manifest.files is None:
        fault, allowed = "has no checksums of the folder's files: an earlier version wrote it", "a key `files`"
        raise DataError(Problem(str(path_of(folder, MANIFEST)), fault, allowed, AGAIN))
    raise_all(DataError, _edited(folder, manifest.files))


def _edited(folder: Path, files: dict[str, str]) -> Iterator[Problem]:
    for name, checksum in files.items():
        path = path_of(folder, name)
        if not path.is_file():
            yield Problem(str(path), "is gone", "every file of the run", f"bring it back, or {AGAIN}")
        elif sha256_of(path) != checksum:
            do = f"bring the original back, and edit a copy elsewhere; or {AGAIN}"
            yield Problem(str(path), "was changed since the run", "the file as Pilotage wrote it", do)
