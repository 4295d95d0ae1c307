"""The commands of `pilotage data`: the files that a planner brings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.forget import forget
from pilotage.cli.options import Settings
from pilotage.cli.setup_workbook import scenario_of
from pilotage.cli.streams import add_row, say, show_table
from pilotage.cli.tables import coverage_table

data_app = typer.Typer(help="The files that a planner brings.", no_args_is_help=True)


@data_app.command("import")
def import_data(
    folder: Annotated[Path, typer.Argument(help="Folder of files as downloaded.")],
    out: Annotated[Path, typer.Option("--out", help="Where to copy what is recognised.")] = Path("data/raw"),
) -> None:
    """Copy the files that are recognised into data/raw, and say why the rest is not."""
    from pilotage.case.writing.target import expect_writable
    from pilotage.sources.files.status import import_folder

    expect_writable(out)
    import_folder(folder, out, say)


@data_app.command("fetch")
def fetch_data(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A source of data/reference/sources.yaml.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option("--year", help="Year of tables: 2014 = 2013/14. Repeatable.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Where to put the files.")] = Path("data/raw"),
    offline: Annotated[bool, typer.Option("--offline", help="Download nothing: only check what is there.")] = False,
) -> None:
    """Download the official files that have an address, check that they are what was asked for, and record them."""
    from datetime import date

    from pilotage.case.writing.target import expect_writable
    from pilotage.sources.fetch import fetch, planned

    downloads = planned(source or [], year or [], date.today())
    expect_writable(out)
    out.mkdir(parents=True, exist_ok=True)
    count = fetch(downloads, out, offline=offline, say=say)
    say(f"{count:,} of {len(downloads):,} files downloaded; all are in {out}{os.sep}")


@data_app.command("status")
def data_status(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario on official files: match with its schools, and say what it lacks.")
    ] = None,
    settings: Settings = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="Folder of files; default as for a scenario.")] = None,
) -> None:
    """Show each file that is there: source, year, age, rows, schools matched, checksum, or why it is not recognised."""
    from datetime import date

    from rich.table import Table

    from pilotage import assets, reviews
    from pilotage.sources.files import status

    covered = reviews.covered(scenario_of(scenario, settings)) if scenario else None
    place = assets.data_folder(folder or (covered.folder if covered else None))
    table = Table("file", "source", "year", "age (years)", "rows", "matched", "unmatched", "sha256", "recognised")
    for fact in status.data_status(place, assets.cache(), covered.present if covered else None):
        cells = status.cells(fact, covered.as_of if covered else date.today())
        add_row(table, *cells)
    show_table(table, 220)
    if covered:
        show_table(coverage_table(covered), 220)
        say("\n".join(covered.said))


data_app.command("forget")(forget)
