"""The command line: parse, call, render, exit code. Heavy imports stay inside the commands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pilotage.errors import PilotageError

if TYPE_CHECKING:
    from rich.table import Table

    from pilotage.config.overlay import Resolved
    from pilotage.domain.areas import AreaState
    from pilotage.domain.evaluation import Evaluation
    from pilotage.pipeline import Covered
    from pilotage.report.record import RunRecord

app = typer.Typer(
    help="Forecasts where school leadership will fall and places scarce leaders where they change most.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
data_app = typer.Typer(help="The files that a planner brings.", no_args_is_help=True)
app.add_typer(data_app, name="data")

ScenarioArgument = Annotated[str, typer.Argument(help="A scenario: a path, or a name in configs/.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="key=value laid over the scenario; repeatable.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write; default runs/<scenario>-<hash of inputs>.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no progress.")]
SaveProblem = Annotated[
    Path | None, typer.Option("--save-problem", help="Folder for the decision in integers, to re-solve elsewhere.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def main() -> None:
    """Run the command line; a planner's error ends in words and an exit code, never in a traceback."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, prog_name="pilotage")
    except PilotageError as error:
        if debug:
            raise
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        sys.exit(error.exit_code)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done: a spinner, or a bar, on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda _message: None
    elif sys.stderr.isatty():
        with _bar() as say:
            yield say
    else:
        yield lambda message: print(message, file=sys.stderr, flush=True)


@contextmanager
def _bar() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a message beside a spinner and, where it says how much is done, a bar."""
    from rich import progress
    from rich.console import Console

    from pilotage.domain.progress import Progress

    columns = (progress.SpinnerColumn(), progress.BarColumn(), progress.TextColumn("{task.description}"))
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def say(message: str) -> None:
            done, total = (message.done, message.total) if isinstance(message, Progress) else (0, None)
            shown.update(task, description=str(message), completed=done, total=total)

        yield say


def _resolve(scenario: str, settings: list[str] | None) -> Resolved:
    from pilotage.config.overlay import resolve

    return resolve(scenario, settings or [])


@app.command()
def run(
    scenario: ScenarioArgument,
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    save_problem: SaveProblem = None,
) -> None:
    """Forecast, place, audit and write the run folder: the main job."""
    from pilotage import pipeline

    _plan(_resolve(scenario, settings), pipeline.run, out, save_problem, force=force, as_json=as_json, quiet=quiet)


@app.command()
def place(
    scenario: ScenarioArgument,
    forecast: Annotated[Path, typer.Option("--forecast", help="Risks by URN: CSV, Excel or Parquet.")],
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    save_problem: SaveProblem = None,
) -> None:
    """Plan from a forecast of your own, in the place of Pilotage's."""
    from pilotage import pipeline

    def tell(resolved: Resolved, say: Callable[[str], None]) -> RunRecord:
        return pipeline.place(resolved, forecast, say)

    _plan(_resolve(scenario, settings), tell, out, save_problem, force=force, as_json=as_json, quiet=quiet)


def _plan(
    resolved: Resolved,
    tell: Callable[[Resolved, Callable[[str], None]], RunRecord],
    out: Path | None,
    save_problem: Path | None,
    *,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Tell the story, write its run folder, and say what came of it."""
    from pilotage import pipeline
    from pilotage.report.folder import refuse_existing, write_run
    from pilotage.report.saved_problem import write_problem
    from pilotage.report.terminal import summary_json, summary_lines

    for given in (out, save_problem):
        if given is not None:
            refuse_existing(given, force=force)
    with _progress(quiet or as_json) as say:
        record = tell(resolved, say)
        say("Writing the run folder")
        folder = out or Path("runs") / f"{record.scenario.name}-{pipeline.fingerprint(record)}"
        write_run(record, folder, force=force)
        if save_problem is not None:
            write_problem(record.problem, save_problem, force=force)
    if as_json:
        print(json.dumps(summary_json(record) | {"folder": str(folder)}))
    else:
        print("\n".join([*summary_lines(record), "", f"Written to {folder}{os.sep}: open report.html or report.xlsx"]))


@app.command()
def forecast(
    scenario: ScenarioArgument,
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Forecast the risks only, and write forecast.csv and forecast.parquet."""
    from pilotage import pipeline
    from pilotage.report.folder import write_forecast

    resolved = _resolve(scenario, settings)
    with _progress(quiet) as say:
        known = pipeline.gather(resolved, say)
        found = pipeline.foresee(resolved, known, say)
        folder = out or Path("runs") / f"{resolved.scenario.name}-forecast"
        write_forecast(found, folder, force=force, synthetic=known.panel.synthetic)
    for name, outcome in found.outcomes.items():
        print(f"{name}: {'available' if outcome.available else 'unavailable'} - {outcome.why}")
    print(f"{len(found.table):,} schools written to {folder}{os.sep}")


@app.command()
def evaluate(
    scenario: ScenarioArgument,
    settings: Settings = None,
    out: Out = None,
    force: Force = False,
    cards: Annotated[
        bool, typer.Option("--cards", help="Also write the card and metrics of each outcome into models/.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Test the forecasts against what came afterwards, and write metrics.json, predictions.csv and the card."""
    from pilotage import assets, pipeline
    from pilotage.report.folder import refuse_existing, write_cards, write_evaluation

    resolved = _resolve(scenario, settings)
    folder = out or Path("runs") / f"{resolved.scenario.name}-evaluation"
    refuse_existing(folder, force=force)
    with _progress(quiet or as_json) as say:
        found = pipeline.evaluate(resolved, say)
        write_evaluation(found, folder, pipeline.versions(), force=force)
        written = write_cards(found, assets.models()) if cards else []
    if as_json:
        print(json.dumps(found.metrics | {"folder": str(folder)}, ensure_ascii=False))
        return
    _show_evaluation(found)
    print("\n".join(f"Written: {path}" for path in written))
    print(f"Written to {folder}{os.sep}: open card.md")


def _show_evaluation(found: Evaluation) -> None:
    """Print the main figures, with intervals and ceilings, and what could not be tested."""
    from rich.console import Console
    from rich.table import Table

    from pilotage.report.card_summary import HEADINGS, summary_rows, untested_lines

    if found.metrics["synthetic"]:
        print("Synthetic England: every school, result and grade here is invented.")
    table = Table(*HEADINGS, title=f"Forecasts of {found.scenario} against what came (95% intervals)")
    for row in summary_rows(found.metrics):
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    print("\n".join(untested_lines(found.metrics)))


@app.command()
def areas(
    scenario: ScenarioArgument,
    settings: Settings = None,
    key_stage: Annotated[Literal["ks2", "ks4"], typer.Option(help="End of primary (ks2) or secondary (ks4).")] = "ks4",
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Another area list, shown as a whole beside; repeatable.")
    ] = None,
    out: Out = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Show how far behind which pupils in which areas are, and where leadership fell; write areas.csv and a page."""
    from rich.console import Console

    from pilotage import pipeline
    from pilotage.report.area_page import headline
    from pilotage.report.folder import write_areas

    resolved = _resolve(scenario, settings)
    folder = out or Path("runs") / f"{resolved.scenario.name}-areas"
    with _progress(quiet) as say:
        state = pipeline.areas(resolved, key_stage, against or [], say)
        write_areas(state, folder, force=force)
    if state.synthetic:
        print("Synthetic England: every school, result and grade here is invented.")
    print(headline(state))
    console = Console(width=None if sys.stdout.isatty() else 140)
    for table in _area_tables(state):
        console.print(table)
    print("\n".join(state.notes))
    print(f"Written to {folder}{os.sep}: open areas.html or areas.csv")


def _area_tables(state: AreaState) -> Iterator[Table]:
    """Yield the tables of the areas' state, as the page has them."""
    from rich.table import Table

    from pilotage.report.area_page import gap_tables, leadership_rows

    for told in gap_tables(state):
        table = Table(
            "area", str(told["first"]), str(told["last"]), "range (90%)", "growth", "pupils", title=told["title"]
        )
        for row in told["rows"]:
            table.add_row(row["area"], row["first"], row["now"], row["range"], row["growth"], row["pupils"])
        yield table
    rows = leadership_rows(state)
    if rows:
        table = Table("area", "good or better", "fell", "share", "range (90%)", title="Leadership that fell")
        for row in rows:
            table.add_row(row["area"], row["good"], row["fell"], row["share"], row["range"])
        yield table


@app.command()
def check(scenario: ScenarioArgument, settings: Settings = None, quiet: Quiet = False) -> None:
    """Do everything short of solving, and say what is wrong."""
    from pilotage import pipeline

    resolved = _resolve(scenario, settings)
    with _progress(quiet) as say:
        known = pipeline.gather(resolved, say)
        stated = pipeline.state(known, pipeline.foresee(resolved, known, say))
    leaders, posts = ((table["level"] != "support").sum() for table in (known.pool.leaders, known.posts.posts))
    print(f"{resolved.scenario.name}: {len(known.urns):,} schools, {leaders:,} leaders, ", end="")
    print(f"{posts:,} posts, {len(stated.problem.benefit):,} eligible pairs; no problem found")


@app.command()
def evidence(
    scenario: Annotated[str, typer.Argument(help="A scenario whose replacements are shown.")] = "baseline",
    settings: Settings = None,
) -> None:
    """Show the parameters of a benefit: value, unit, grade of the evidence and source."""
    from rich.console import Console
    from rich.table import Table

    from pilotage.sources.evidence import load_evidence

    known = load_evidence(dict(_resolve(scenario, settings).scenario.impact.parameters))
    table = Table("parameter", "value", "unit", "grade", "source")
    for one in known.parameters.values():
        grade = "set by the scenario" if one.changed else one.grade
        table.add_row(one.name, f"{one.value:g}", one.unit, grade, one.source)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@app.command()
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
    if templates:
        from pilotage.sources.templates import write_templates

        print("\n".join(f"Written: {path}" for path in write_templates(out)))
        return
    from pilotage.sources.sample import write

    write(out, schools, leaders, seed)
    print(f"A synthetic England of {schools:,} schools and {leaders:,} leaders (seed {seed}) written to {out}{os.sep}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that check YAML as you type."""
    from pilotage.config.scenario import Scenario

    print(json.dumps(Scenario.model_json_schema(), indent=2))


@data_app.command("import")
def import_data(
    folder: Annotated[Path, typer.Argument(help="Folder of files as downloaded.")],
    out: Annotated[Path, typer.Option("--out", help="Where to copy what is recognised.")] = Path("data/raw"),
) -> None:
    """Copy the files that are recognised into data/raw, and say why the others are not."""
    from pilotage.sources.status import import_folder

    import_folder(folder, out, print)


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

    from pilotage.sources.fetch import fetch, planned

    downloads = planned(source or [], year or [], date.today())
    out.mkdir(parents=True, exist_ok=True)
    count = fetch(downloads, out, offline=offline, say=print)
    print(f"{count:,} of {len(downloads):,} files downloaded; all are in {out}{os.sep}")


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

    from rich.console import Console
    from rich.table import Table

    from pilotage import assets, pipeline
    from pilotage.sources import status

    covered = pipeline.covered(_resolve(scenario, settings)) if scenario else None
    place = folder or (covered.folder if covered else None) or assets.real_data() or Path("data/raw")
    table = Table("file", "source", "year", "age (years)", "rows", "matched", "unmatched", "sha256", "recognised")
    for fact in status.data_status(place, assets.cache(), covered.present if covered else None):
        table.add_row(*status.cells(fact, covered.as_of if covered else date.today()))
    console = Console(width=None if sys.stdout.isatty() else 220)
    console.print(table)
    if covered:
        console.print(_coverage_table(covered))


def _coverage_table(covered: Covered) -> Table:
    """Return what is known of the scenario's schools by its date, what is lacking last."""
    from rich.table import Table

    title = f"{covered.name}: what is known of its {covered.schools:,} schools by {covered.as_of}"
    table = Table("figure", "newest year", "schools", "share", "lacking: bring one of", title=title)
    for one in sorted(covered.figures, key=lambda figure: figure.lacking):
        bring = "; ".join(one.sources) if one.lacking else ""
        share = f"{one.schools / one.of:.0%}" if one.of else ""
        table.add_row(one.figure, str(one.newest_year or ""), f"{one.schools:,}", share, bring)
    return table
