"""The folder of the firmness of placements: two lists, and a manifest that says what the folder is."""

from __future__ import annotations

from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.findings.firmness import PlanFirmness
from pilotage.report.firmness.firmness_rows import PLACEMENTS, TIED, firmness_json, placement_rows, tied_rows
from pilotage.report.folder import write_csv, write_json
from pilotage.report.internal import AUDIENCE


def write_firmness(found: PlanFirmness, run: Path, out: Path, *, force: bool) -> Path:
    """Write firmness.csv, tied_schools.csv and manifest.json (all of it as one object) into ``out``.

    ``run``: the run folder that was judged; the manifest has its name.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(found, run, folder))


def _files(found: PlanFirmness, run: Path, folder: Path) -> None:
    write_csv(placement_rows(found), PLACEMENTS, folder / run_folder.FIRMNESS)
    write_csv(tied_rows(found), TIED, folder / run_folder.TIED)
    stated = {"run": run.resolve().name, "firmness": firmness_json(found)}
    write_json(folder / MANIFEST, {"kind": FolderKind.FIRMNESS, **AUDIENCE, **stated})
