"""The command ``sweep``: many scenarios of one grid file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.options import AsJson, Asked, Output
from pilotage.cli.planning import RUNS
from pilotage.cli.progress import progress
from pilotage.cli.setup_workbook import expect_file
from pilotage.cli.streams import add_row, say, show_table
from pilotage.errors import Problem, UsageError

if TYPE_CHECKING:
    from pilotage.config.grid.members import Member
    from pilotage.config.overlay import Resolved
    from pilotage.domain.findings.sweep import Sweep
    from pilotage.domain.inputs import Inputs


@dataclass(frozen=True)
class Swept(Output):
    """What a sweep writes and prints, and how its scenarios are planned."""

    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Take over scenarios that an earlier sweep finished.")
    ] = True
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes at once; default one per core.")] = None
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="A Dask scheduler that plans them, as tcp://10.0.0.5:8786.")
    ] = None
    as_json: AsJson = False


def sweep(
    asked: Asked,
    grid: Annotated[Path, typer.Option("--grid", help="The settings to try: YAML with grid, list and draws.")],
    output: Swept,
) -> None:
    """Plan many scenarios and say what moves the plan, and which schools are chosen always, sometimes, never."""
    from pilotage.config.grid.members import members_of
    from pilotage.report.sweep.as_json import sweep_json
    from pilotage.report.sweep.folder import refuse_failed, write_sweep
    from pilotage.study.sweep.sweep import How
    from pilotage.study.sweep.sweep import sweep as plan_all

    _expect_one(output)
    expect_file(asked.scenario)
    resolved, members = members_of(asked.scenario, grid, asked.settings)
    target = _Target(resolved, members, output)
    target.expect_given()
    with progress(output.quiet or output.as_json) as tell:
        how = How(output.jobs, output.cluster, output.resume)
        made = plan_all(resolved, members, how, tell, target.expect_named)
        tell("Writing the folder of the sweep")
        folder = write_sweep(made, target.folder(made.inputs), force=output.force)
    if output.as_json:
        say(json.dumps({"schema_version": _version()} | sweep_json(made) | {"folder": str(folder)}))
    else:
        _show(made, folder)
    refuse_failed(made, folder)


@dataclass(frozen=True)
class _Target:
    """The folder that a sweep goes into, looked at before the work begins."""

    resolved: Resolved
    members: tuple[Member, ...]
    output: Swept

    def expect_given(self) -> None:
        """Refuse a folder that is given and cannot be written."""
        from pilotage.case.writing.target import expect_target, expect_writable

        if self.output.out is None:
            expect_writable(RUNS / self.resolved.scenario.name)
        else:
            expect_target(self.output.out, force=self.output.force)

    def expect_named(self, inputs: Inputs) -> None:
        """Refuse a folder that is there already, once the inputs that name it are read."""
        from pilotage.case.writing.target import refuse_existing

        refuse_existing(self.folder(inputs), force=self.output.force)

    def folder(self, inputs: Inputs) -> Path:
        """Return the folder: the one given, else one named by the scenario, its settings and the inputs."""
        from pilotage.case.versions import fingerprint

        every = "\n".join(member.resolved.yaml for member in self.members)
        return self.output.out or RUNS / f"{self.resolved.scenario.name}-sweep-{fingerprint(every, inputs)}"


def _expect_one(output: Swept) -> None:
    if output.jobs is not None and output.cluster is not None:
        do = "leave one out: a cluster's workers say how much they do at once"
        raise UsageError(Problem("--jobs, --cluster", "both were given", "one of the two", do))


def _version() -> int:
    from pilotage.case.run_folder import SCHEMA_VERSION

    return SCHEMA_VERSION


def _show(made: Sweep, folder: Path) -> None:
    from rich.table import Table

    from pilotage.report.internal import INTERNAL
    from pilotage.report.sweep.terminal import scenario_rows, sweep_text

    say("\n".join(sweep_text(made)))
    headings = (
        "no.",
        "settings",
        "benefit, pupil-months",
        "leaders placed",
        "acceptances",
        "expected spend",
        "came to",
    )
    table, rows = Table(*headings), scenario_rows(made)
    for row in rows:
        add_row(table, *row)
    show_table(table, 160)
    more = f"{len(rows):,} of {len(made.scenarios):,} scenarios are shown. " if len(rows) < len(made.scenarios) else ""
    say(f"{more}Written to {folder}{os.sep}: open sweep.html\n{INTERNAL}")
