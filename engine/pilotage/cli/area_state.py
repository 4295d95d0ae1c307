"""The command ``areas``: the state of the areas of a list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from pilotage.cli.options import Asked, Output
from pilotage.cli.progress import progress
from pilotage.cli.streams import say, show_table
from pilotage.cli.tables import area_tables


def areas(
    asked: Asked,
    output: Output,
    key_stage: Annotated[Literal["ks2", "ks4"], typer.Option(help="End of primary (ks2) or secondary (ks4).")] = "ks4",
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Another area list, shown as a whole beside; repeatable.")
    ] = None,
) -> None:
    """Show how far behind which pupils in which areas are, and where leadership fell; write areas.csv and a page."""
    from pilotage import reviews
    from pilotage.case.writing.target import expect_target
    from pilotage.report.areas.page import headline
    from pilotage.report.folder import write_areas

    resolved = asked.resolved
    folder = output.out or Path("runs") / f"{resolved.scenario.name}-areas"
    expect_target(folder, force=output.force)
    with progress(output.quiet) as tell:
        state = reviews.areas(resolved, key_stage, against or [], tell)
        write_areas(state, folder, force=output.force)
    if state.synthetic:
        say("Synthetic England: every school, result and grade here is invented.")
    say(headline(state))
    for table in area_tables(state):
        show_table(table, 140)
    say("\n".join(state.notes))
    say(f"Written to {folder}{os.sep}: open areas.html or areas.csv")
