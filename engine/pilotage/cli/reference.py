"""The commands that show or make what a planner starts from: ``evidence``, ``sample`` and ``schema``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import Settings, scenario_of
from pilotage.cli.streams import add_row, say, show_table


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
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")],
    schools: Annotated[int, typer.Option(min=100, max=30000, help="Number of schools.")] = 2500,
    leaders: Annotated[int, typer.Option(min=4, max=5000, help="Number of leaders.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Seed.")] = 2016,
    templates: Annotated[
        bool, typer.Option("--templates", help="Write empty tables of leaders, posts and pairs instead.")
    ] = False,
) -> None:
    """Write a synthetic England, 2010 to 2016, whose truth is known; or templates of the tables that you fill in."""
    from pilotage.case.writing.target import expect_writable

    expect_writable(out)
    if templates:
        from pilotage.sources.pool.templates import write_templates

        say("\n".join(f"Written: {path}" for path in write_templates(out)))
        return
    from pilotage.sources.sample.build import write

    write(out, schools, leaders, seed)
    say(f"A synthetic England of {schools:,} schools and {leaders:,} leaders (seed {seed}) written to {out}{os.sep}")


def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that check YAML as you type."""
    from pilotage.config.scenario import Scenario

    say(json.dumps(Scenario.model_json_schema(), indent=2))
