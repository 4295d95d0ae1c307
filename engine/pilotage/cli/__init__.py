"""The command line: parse, call, render, exit code. Heavy imports stay inside the commands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pilotage.cli.arguments import AsJson, Force, Out, Quiet, SaveProblem, ScenarioArgument, Settings, scenario_of
from pilotage.cli.data import data_app
from pilotage.cli.progress import progress
from pilotage.cli.tables import area_tables, show_evaluation
from pilotage.errors import PilotageError

if TYPE_CHECKING:
    from pilotage.case.record import RunRecord
    from pilotage.config.overlay import Resolved

app = typer.Typer(
    help="Forecasts where school leadership will fall and places scarce leaders where they change most.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(data_app, name="data")


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

    _plan(scenario_of(scenario, settings), pipeline.run, out, save_problem, force=force, as_json=as_json, quiet=quiet)


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

    _plan(scenario_of(scenario, settings), tell, out, save_problem, force=force, as_json=as_json, quiet=quiet)


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
    from pilotage.case.run_log import logged
    from pilotage.report.folder import refuse_existing, refuse_failed, write_run
    from pilotage.report.saved_problem import with_cuts, write_problem
    from pilotage.report.terminal import summary_json, summary_lines

    for given in (out, save_problem):
        if given is not None:
            refuse_existing(given, force=force)
    with progress(quiet or as_json) as show, logged() as log:
        say = log.heard(show)
        record = tell(resolved, say)
        say("Writing the run folder")
        folder = out or Path("runs") / f"{record.scenario.name}-{pipeline.fingerprint(record)}"
        write_run(record, folder, force=force, log=log.text)
        if save_problem is not None:
            write_problem(with_cuts(record.problem, record.plan), save_problem, force=force)
    if as_json:
        print(json.dumps(summary_json(record) | {"folder": str(folder)}))
    else:
        print("\n".join([*summary_lines(record), "", _written(record, folder)]))
    refuse_failed(record, folder)


def _written(record: RunRecord, folder: Path) -> str:
    opening = "open report.html or report.xlsx" if record.clean else "every file is marked as not to be used"
    return f"Written to {folder}{os.sep}: {opening}"


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

    resolved = scenario_of(scenario, settings)
    with progress(quiet) as say:
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

    resolved = scenario_of(scenario, settings)
    folder = out or Path("runs") / f"{resolved.scenario.name}-evaluation"
    refuse_existing(folder, force=force)
    with progress(quiet or as_json) as say:
        found = pipeline.evaluate(resolved, say)
        write_evaluation(found, folder, pipeline.versions(), force=force)
        written = write_cards(found, assets.models()) if cards else []
    if as_json:
        print(json.dumps(found.metrics | {"folder": str(folder)}, ensure_ascii=False))
        return
    show_evaluation(found)
    print("\n".join(f"Written: {path}" for path in written))
    print(f"Written to {folder}{os.sep}: open card.md")


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
    from pilotage.report.areas.page import headline
    from pilotage.report.folder import write_areas

    resolved = scenario_of(scenario, settings)
    folder = out or Path("runs") / f"{resolved.scenario.name}-areas"
    with progress(quiet) as say:
        state = pipeline.areas(resolved, key_stage, against or [], say)
        write_areas(state, folder, force=force)
    if state.synthetic:
        print("Synthetic England: every school, result and grade here is invented.")
    print(headline(state))
    console = Console(width=None if sys.stdout.isatty() else 140)
    for table in area_tables(state):
        console.print(table)
    print("\n".join(state.notes))
    print(f"Written to {folder}{os.sep}: open areas.html or areas.csv")


@app.command()
def check(scenario: ScenarioArgument, settings: Settings = None, quiet: Quiet = False) -> None:
    """Do everything short of solving, and say what is wrong."""
    from pilotage import pipeline

    resolved = scenario_of(scenario, settings)
    with progress(quiet) as say:
        known = pipeline.gather(resolved, say)
        stated = pipeline.state(known, pipeline.foresee(resolved, known, say))
    leaders, posts = (len(table) for table in (known.pool.leaders, known.posts.posts))
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

    known = load_evidence(dict(scenario_of(scenario, settings).scenario.impact.parameters))
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
        from pilotage.sources.pool.templates import write_templates

        print("\n".join(f"Written: {path}" for path in write_templates(out)))
        return
    from pilotage.sources.sample.build import write

    write(out, schools, leaders, seed)
    print(f"A synthetic England of {schools:,} schools and {leaders:,} leaders (seed {seed}) written to {out}{os.sep}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors that check YAML as you type."""
    from pilotage.config.scenario import Scenario

    print(json.dumps(Scenario.model_json_schema(), indent=2))
