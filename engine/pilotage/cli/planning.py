"""The commands that plan: ``run``, ``place`` and ``check``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.options import Asked, PlanOutput, Quiet
from pilotage.cli.progress import progress

if TYPE_CHECKING:
    from pilotage.case.record import RunRecord
    from pilotage.config.overlay import Resolved

    Story = Callable[[Resolved, Callable[[str], None]], RunRecord]


def run(asked: Asked, output: PlanOutput) -> None:
    """Forecast, place, audit and write the run folder: the main job."""
    from pilotage import pipeline

    _plan(asked.resolved, pipeline.run, output)


def place(
    asked: Asked,
    forecast: Annotated[Path, typer.Option("--forecast", help="Risks by URN: CSV, Excel or Parquet.")],
    output: PlanOutput,
) -> None:
    """Plan from a forecast of your own, in the place of Pilotage's."""
    from pilotage import pipeline

    def story(resolved: Resolved, say: Callable[[str], None]) -> RunRecord:
        return pipeline.place(resolved, forecast, say)

    _plan(asked.resolved, story, output)


def check(asked: Asked, quiet: Quiet = False) -> None:
    """Do everything short of forecasting and solving, and say what is wrong; nothing is trained."""
    from pilotage.domain.prospects import prospects_in
    from pilotage.study.check import check as check_scenario

    resolved = asked.resolved
    with progress(quiet) as say:
        checked = check_scenario(resolved, say)
    known = checked.case
    leaders, posts = len(known.pool.leaders), int((~prospects_in(known.posts.posts)).sum())
    prospects = f"{len(known.posts.posts) - posts:,} prospects, " if resolved.scenario.pool.prospects else ""
    print(f"{resolved.scenario.name}: {len(known.urns):,} schools, {leaders:,} leaders, ", end="")
    print(f"{posts:,} posts, {prospects}{checked.pairs:,} eligible pairs; no problem found")
    if not checked.forecast_kept:
        rules = "".join(f", rules.{key}" for key in checked.unchecked)
        print(f"Not checked: what rests on the forecast{rules}. None is kept for it; `pilotage run` makes one.")


def _plan(resolved: Resolved, story: Story, output: PlanOutput) -> None:
    """Tell the story, write its run folder, and say what came of it."""
    from pilotage.case.run_log import logged
    from pilotage.case.versions import fingerprint
    from pilotage.report.folder import refuse_existing, refuse_failed, write_run
    from pilotage.report.saved_problem import with_cuts, write_problem
    from pilotage.report.terminal import summary_json, summary_text
    from pilotage.study.firmness import with_firmness

    for given in (output.out, output.save_problem):
        if given is not None:
            refuse_existing(given, force=output.force)
    with progress(output.quiet or output.as_json) as show, logged() as log:
        say = log.heard(show)
        record = with_firmness(resolved, story(resolved, say), say)
        say("Writing the run folder")
        folder = output.out or Path("runs") / f"{record.scenario.name}-{fingerprint(record)}"
        write_run(record, folder, force=output.force, log=log.text)
        if output.save_problem is not None:
            write_problem(with_cuts(record.problem, record.plan), output.save_problem, force=output.force)
    if output.as_json:
        print(json.dumps(summary_json(record) | {"folder": str(folder)}))
    else:
        print("\n".join([*summary_text(record), "", _written(record, folder)]))
    refuse_failed(record, folder)


def _written(record: RunRecord, folder: Path) -> str:
    opening = "open report.html or report.xlsx" if record.clean else "every file is marked as not to be used"
    return f"Written to {folder}{os.sep}: {opening}"
