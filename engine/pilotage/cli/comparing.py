"""The commands about runs that are there: ``compare``, ``runs``, ``open`` and ``verify``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import AsJson, Quiet
from pilotage.cli.planning import RUNS
from pilotage.cli.progress import progress
from pilotage.cli.streams import add_row, say, show_table
from pilotage.errors import DataError, Problem

Below = Annotated[Path, typer.Argument(help="A run folder, or a folder with runs in it.")]
BelowOrWorkbook = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="A run folder, a folder with runs in it, or a setup workbook.")
]


@dataclass(frozen=True)
class Compared:
    """What a comparison writes and prints."""

    out: Annotated[Path | None, typer.Option("--out", help="Folder to write, with compare.html and changes.csv.")] = (
        None
    )
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")] = False
    attribute: Annotated[
        bool, typer.Option("--attribute/--no-attribute", help="Say what each changed setting makes alone.")
    ] = True
    as_json: AsJson = False
    quiet: Quiet = False


def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run folder.")],
    after: Annotated[Path, typer.Argument(metavar="RUN_B", help="The run folder that it is compared with.")],
    output: Compared,
) -> None:
    """Say what differs between two runs, and which changed setting makes it."""
    from pilotage.case.writing.target import expect_target
    from pilotage.report.compare.as_json import comparison_json
    from pilotage.report.compare.folder import write_comparison
    from pilotage.report.compare.terminal import comparison_text
    from pilotage.report.internal import INTERNAL
    from pilotage.study.compare.attribution import with_attribution
    from pilotage.study.compare.runs import compared, read_both

    if output.out is not None:
        expect_target(output.out, force=output.force)
    first, second = read_both(before, after)
    found = compared(first, second)
    if output.attribute:
        with progress(output.quiet or output.as_json) as tell:
            found = with_attribution(found, first, second, tell)
    if output.out is not None:
        write_comparison(found, output.out, force=output.force)
    say(json.dumps(comparison_json(found)) if output.as_json else "\n".join([*comparison_text(found), INTERNAL]))


def runs(folder: Below = RUNS) -> None:
    """List the runs below a folder, newest first."""
    from rich.table import Table

    from pilotage.case.run_list import runs_below

    listed = runs_below(folder) if _is_there(folder) else ()
    if not listed:
        say(f"No run below {folder}. `pilotage run SCENARIO --out {RUNS}/NAME` makes one.")
        return
    table = Table("folder", "scenario", "as of", "benefit, pupil-months", "audit", "written (UTC)")
    audits = {True: "passed", False: "FAILED", None: ""}
    for run in listed:
        benefit = "" if run.benefit is None else f"{run.benefit:,.1f}"
        facts = (
            f"can't be read: {run.fault}" if run.fault else str(run.scenario),
            str(run.as_of or ""),
            benefit,
            audits[run.audit_clean],
        )
        add_row(table, str(run.folder), *facts, run.written.strftime("%Y-%m-%d %H:%M"))
    show_table(table, 160)


def open_page(folder: BelowOrWorkbook = RUNS) -> None:
    """Open the page of the newest run below a folder, or of a setup workbook."""
    from pilotage.cli.setup_workbook import runs_of

    listed = runs_of(folder) if folder.is_file() or _is_there(folder) else ()
    pages = [(run, run.page) for run in listed if run.page is not None]
    if not pages:
        raise DataError(Problem(str(folder), "no run with a page in it", "a folder with runs", "run a scenario first"))
    newest, page = pages[0]
    if newest.audit_clean is False:
        say("The audit of this run FAILED: do not use its plan.", error=True)
    say(f"Opening {page}")
    typer.launch(page.resolve().as_uri())


def verify(run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")], quiet: Quiet = False) -> None:
    """Check a run again: every checksum, the plan against its inputs, and the bound."""
    from pilotage.report.compare.verified import verified_text
    from pilotage.study.verify import refuse_failed
    from pilotage.study.verify import verify as check_again

    with progress(quiet) as tell:
        verified = check_again(run, tell)
    say("\n".join(verified_text(run, verified)))
    refuse_failed(run, verified)


def _is_there(folder: Path) -> bool:
    """Return whether a folder is there; the default one is made by the first run, any other is to be there."""
    if folder.is_dir():
        return True
    if folder == RUNS:
        return False
    do = "name the folder with your runs"
    raise DataError(Problem(str(folder), "no such folder", "a folder with runs in it", do))
