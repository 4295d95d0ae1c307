"""The folder of a sweep: its lists, the sweep as one object, and its page."""

from __future__ import annotations

from pathlib import Path

from pilotage.case import run_folder
from pilotage.case.run_folder import MANIFEST, FolderKind
from pilotage.case.versions import versions
from pilotage.case.writing.whole import whole_folder
from pilotage.domain.findings.sweep import Came, Sweep
from pilotage.domain.inputs import in_order
from pilotage.errors import AuditError, Problem, raise_all
from pilotage.report.folder import write_csv, write_json, write_text
from pilotage.report.internal import AUDIENCE
from pilotage.report.sweep.as_json import sweep_json
from pilotage.report.sweep.lists import (
    PLACEMENTS,
    SCHOOLS,
    placement_list,
    school_list,
    sweep_columns,
    sweep_list,
)
from pilotage.report.sweep.page import sweep_page


def write_sweep(sweep: Sweep, out: Path, *, force: bool) -> Path:
    """Write sweep.csv, placements.csv, schools.csv, sweep.json, sweep.html, the scenario and manifest.json.

    The bytes are the same for the same inputs, however the scenarios were planned.

    Raises
    ------
    UsageError
        When ``out`` exists without ``force``, or cannot be written.
    """
    return whole_folder(out, force, lambda folder: _files(sweep, folder))


def refuse_failed(sweep: Sweep, out: Path) -> None:
    """Refuse to call a sweep done of which the audit of a plan failed, its folder being written without that plan.

    Raises
    ------
    AuditError
        With one problem for each scenario whose plan failed.
    """
    failed = [each for each in sweep.scenarios if each.came is Came.AUDIT_FAILED]
    do = f"do not use that scenario; tell who maintains Pilotage, with {out / run_folder.SWEEP}"
    raise_all(
        AuditError,
        (Problem(f"scenario {each.number}", reason.words, "", do) for each in failed for reason in each.reasons),
    )


def _files(sweep: Sweep, folder: Path) -> None:
    lists = {
        run_folder.SWEEP_LIST: (sweep_list(sweep), sweep_columns(sweep)),
        run_folder.PLACEMENTS: (placement_list(sweep), PLACEMENTS),
        run_folder.SCHOOL_LIST: (school_list(sweep), SCHOOLS),
    }
    for name, (table, columns) in lists.items():
        write_csv(table, columns, folder / name)
    write_json(folder / run_folder.SWEEP, sweep_json(sweep))
    write_text(folder / run_folder.SWEEP_PAGE, sweep_page(sweep))
    write_text(folder / run_folder.SCENARIO, sweep.resolved_yaml)
    forms = {name: {column.name: column.form for column in columns} for name, (_, columns) in lists.items()}
    inputs = [{"role": each.role, "name": each.name, "sha256": each.sha256} for each in in_order(sweep.inputs)]
    facts = {"scenario": sweep.scenario, "as_of": sweep.as_of.isoformat(), "synthetic": sweep.synthetic}
    facts |= {"versions": dict(sorted(versions().items())), "inputs": inputs}
    write_json(folder / MANIFEST, {"kind": FolderKind.SWEEP} | AUDIENCE | facts | {"lists": forms})
