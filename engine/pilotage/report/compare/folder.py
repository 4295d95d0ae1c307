"""The folder of a comparison: changes.csv, compare.html, and a manifest that says what the folder is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.findings.comparison import Comparison, Side
from pilotage.report.compare.as_json import comparison_json
from pilotage.report.compare.change_rows import CHANGES, changes
from pilotage.report.compare.page import compare_page
from pilotage.report.folder import write_csv, write_json, write_text
from pilotage.report.internal import AUDIENCE


def write_comparison(found: Comparison, out: Path, *, force: bool) -> Path:
    """Write changes.csv, compare.html and manifest.json (the comparison as one object) into ``out``.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(found, folder))


def _files(found: Comparison, folder: Path) -> None:
    found = replace(found, before=_by_name(found.before), after=_by_name(found.after))
    write_csv(changes(found), CHANGES, folder / run_folder.CHANGES)
    write_text(folder / run_folder.COMPARE_PAGE, compare_page(found))
    write_json(folder / MANIFEST, {"kind": FolderKind.COMPARISON, **AUDIENCE, "comparison": comparison_json(found)})


def _by_name(side: Side) -> Side:
    """Return a run with the name of its folder alone: where it lies says who made it."""
    return replace(side, folder=Path(side.folder).name)
