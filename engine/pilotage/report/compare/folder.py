"""The folder of a comparison: changes.csv, and a manifest that says what the folder is."""

from __future__ import annotations

from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.findings.comparison import Comparison
from pilotage.report.compare.as_json import comparison_json
from pilotage.report.compare.change_rows import CHANGES, changes
from pilotage.report.folder import write_csv, write_json


def write_comparison(found: Comparison, out: Path, *, force: bool) -> Path:
    """Write changes.csv and manifest.json (the comparison as one object) into ``out``.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(found, folder))


def _files(found: Comparison, folder: Path) -> None:
    write_csv(changes(found), CHANGES, folder / run_folder.CHANGES)
    stated = comparison_json(found) | {"before": Path(found.before).name, "after": Path(found.after).name}
    write_json(folder / MANIFEST, {"kind": FolderKind.COMPARISON, "comparison": stated})
