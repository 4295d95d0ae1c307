"""The commands that show or make what a planner starts from: ``evidence``, ``sample`` and ``schema``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import Settings
from pilotage.cli.setup_workbook import scenario_of
from pilotage.cli.streams import add_row, say, show_table
from pilotage.errors import Problem, UsageError


def evidence(
    scenario: Annotated[str, typer.Argument(help="A scenario whose replacements are shown.")] = "baseline",
    settings: Settings = None,
) -> None:
    """Show the parameters of a benefit: value, unit, grade of the evidence and source."""
    from rich.table import Table

    from pilotage.sources.evidence import load_evidence

    known = load_evidence(dict(scenario_of(scenario, settings).scenario.impact.parameters))
    table = Table("parameter", "value", "unit", "grade", "source")
    for parameter in known.parameters.values():
        grade = "set by the scenario" if parameter.changed else parameter.grade
        add_row(table, parameter.name, f"{parameter.value:g}", parameter.unit, grade, parameter.source)
    show_table(table, 200)


def sample(
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write.")] = None,
    schools: Annotated[int, typer.Option(min=100, max=30000, help="Number of schools.")] = 2500,
    leaders: Annotated[int, typer.Option(min=4, max=5000, help="Number of leaders.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Seed.")] = 2016,
    templates: Annotated[
        bool, typer.Option("--templates", help="Write empty tables of leaders, posts and pairs instead.")
    ] = False,
    setup: Annotated[
        Path | None,
        typer.Option("--setup", help="A workbook to write that asks all a plan needs."),
    ] = None,
) -> None:
    """Write a synthetic England, 2010 to 2016, whose truth is known; templates of your tables; or a setup workbook."""
    from pilotage.case.writing.target import expect_writable

    if setup is not None:
        _write_setup(setup, out)
        return
    if out is None:
        raise UsageError(Problem("pilotage sample", "nothing says where to write", "--out DIR, or --setup FILE.xlsx"))
    expect_writable(out)
    if templates:
        from pilotage.sources.pool.templates import write_templates

        say("\n".join(f"Written: {path}" for path in write_templates(out)))
        return
    from pilotage.sources.sample.build import write

    write(out, schools, leaders, seed)
    say(f"A synthetic England of {schools:,} schools and {leaders:,} leaders (seed {seed}) written to {out}{os.sep}")


def _write_setup(setup: Path, out: Path | None) -> None:
    from pilotage.domain.words import typed
    from pilotage.sources.setup.book import write_setup

    if out is not None:
        what, do = "both were given", "leave one of them out"
        raise UsageError(Problem("--setup, --out", what, "one of the two", do))
    written = write_setup(setup)
    run_it = f"pilotage run {typed(written)}"
    say(f"Written: {written}. Open it in Excel, change what you like, save it, and run it: {run_it}")


def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that check YAML as you type."""
    from pilotage.config.scenario import Scenario

    say(json.dumps(Scenario.model_json_schema(), indent=2))
