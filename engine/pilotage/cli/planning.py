"""The commands that plan: ``run``, ``place`` and ``check``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pilotage.cli.options import Asked, Asking, PlanOutput, Quiet
from pilotage.cli.progress import progress
from pilotage.cli.repairing import with_repairs
from pilotage.cli.setup_workbook import beside, tell_scenario
from pilotage.cli.streams import say

if TYPE_CHECKING:
    from pilotage.case.record import RunRecord
    from pilotage.config.overlay import Resolved
    from pilotage.domain.findings.comparison import Comparison
    from pilotage.domain.inputs import Inputs
    from pilotage.pipeline import Known, Say
    from pilotage.study.last_run import LastRun
    from pilotage.study.what_if import WhatIf

    Story = Callable[[Resolved, Say, Known], RunRecord]

RUNS = Path("runs")  # where folders go that no command names


def run(asked: Asked, asking: Asking, output: PlanOutput) -> None:
    """Forecast, place, audit and write the run folder: the main job; and say what differs from the last run."""
    from pilotage import pipeline
    from pilotage.study.last_run import last_run, named_run
    from pilotage.study.what_if import laid_over

    resolved, what_if, output = asked.resolved, asking.what_if, beside(asked.scenario, output)
    runs = RUNS if output.out is None else output.out.absolute().parent
    last = named_run(asking.last) if asking.last else last_run(resolved.scenario.name, runs)
    _expect_kept(last, what_if, output)
    whole = what_if.asks_anything or bool(asked.settings) or asking.last is not None
    _plan(laid_over(resolved, what_if, last.run), pipeline.run, output, Since(last, whole))
    tell_scenario(asked.scenario, output)


def place(
    asked: Asked,
    forecast: Annotated[Path, typer.Option("--forecast", help="Risks by URN: CSV, Excel or Parquet.")],
    output: PlanOutput,
) -> None:
    """Plan from a forecast of your own, in the place of Pilotage's."""
    from pilotage import pipeline

    def story(resolved: Resolved, say: Say, known: Known) -> RunRecord:
        return pipeline.place(resolved, forecast, say, known)

    output = beside(asked.scenario, output)
    _plan(asked.resolved, story, output, None)
    tell_scenario(asked.scenario, output)


def check(asked: Asked, quiet: Quiet = False) -> None:
    """Do everything short of forecasting and solving, and say what is wrong; nothing is trained."""
    from pilotage.domain.prospects import prospects_in
    from pilotage.study.check import check as check_scenario

    resolved = asked.resolved
    with progress(quiet) as tell, with_repairs(resolved, tell):
        checked = check_scenario(resolved, tell)
    known = checked.case
    leaders, posts = len(known.pool.leaders), int((~prospects_in(known.posts.posts)).sum())
    prospects = f"{len(known.posts.posts) - posts:,} prospects, " if resolved.scenario.pool.prospects else ""
    say(f"{resolved.scenario.name}: {len(known.urns):,} schools, {leaders:,} leaders, ", end="")
    say(f"{posts:,} posts, {prospects}{checked.pairs:,} eligible pairs; no problem found")
    if not checked.settled:
        say("Whether some plan keeps all rules was not settled within solver.time_limit_seconds.")
    if not checked.forecast_kept:
        rules = "".join(f", rules.{key}" for key in checked.unchecked)
        say(f"Not checked: what rests on the forecast{rules}. None is kept for it; `pilotage run` makes one.")


@dataclass(frozen=True)
class Since:
    """The last run of the scenario, and whether the whole difference from it is told, or its main figures."""

    last: LastRun
    whole: bool


def _expect_kept(last: LastRun, what_if: WhatIf, output: PlanOutput) -> None:
    """Refuse to write over the run that the plan is to rest on."""
    from pilotage.errors import Problem, UsageError

    if not what_if.needs_last_run or last.run is None or output.out is None:
        return
    if output.out.resolve() == last.run.folder.resolve():
        what = "is the run that the new plan rests on: its ledger and its placements are read again later"
        raise UsageError(Problem(f"--out {output.out}", what, "another folder", "name a new folder"))


def _plan(resolved: Resolved, story: Story, output: PlanOutput, since: Since | None) -> None:
    """Tell the story, write its run folder, and say what came of it."""
    from pilotage.case.run_log import logged
    from pilotage.report.folder import refuse_failed, write_run
    from pilotage.report.saved_problem import with_cuts, write_problem
    from pilotage.report.terminal import summary_json, summary_text
    from pilotage.study.beyond import with_beyond
    from pilotage.study.hangs_on import with_hangs_on

    target = _Target(resolved, output)
    target.expect_given()
    with progress(output.quiet or output.as_json) as show, logged() as log:
        tell = log.heard(show)
        with with_repairs(resolved, tell, as_json=output.as_json):
            planned = story(resolved, tell, target.expect_named)
        record = with_hangs_on(resolved, planned, tell)
        record = with_beyond(resolved, record, tell)
        tell("Writing the run folder")
        folder = target.folder(record.inputs)
        write_run(record, folder, force=output.force, log=log.text)
        if output.save_problem is not None:
            write_problem(with_cuts(record.problem, record.plan), output.save_problem, force=output.force)
    difference = None if since is None or not record.clean else _difference(since, folder)
    if output.as_json:
        say(json.dumps(summary_json(record) | _difference_json(difference) | {"folder": str(folder)}))
    else:
        say("\n".join([*summary_text(record), *_difference_text(since, difference), "", _written(record, folder)]))
    refuse_failed(record, folder)


def _difference(since: Since, folder: Path) -> Comparison | None:
    """Return what differs from the last run; None where there is none."""
    from pilotage.case.read_back import read_run
    from pilotage.study.compare.runs import compared

    return None if since.last.run is None else compared(since.last.run, read_run(folder))


def _difference_json(difference: Comparison | None) -> dict[str, Any]:
    from pilotage.report.compare.as_json import comparison_json

    return {} if difference is None else {"since_last_run": comparison_json(difference)}


def _difference_text(since: Since | None, difference: Comparison | None) -> list[str]:
    """Return what is said of the difference, with what of older runs cannot be read."""
    from pilotage.report.compare.since import short_difference, unread, whole_difference

    lines = [] if since is None else unread(since.last.faults)
    if since is not None and difference is not None:
        lines += (whole_difference if since.whole else short_difference)(difference)
    return ["", *lines] if lines else []


@dataclass(frozen=True)
class _Target:
    """The folders that a plan goes into, each looked at before the work begins."""

    resolved: Resolved
    output: PlanOutput

    def expect_given(self) -> None:
        """Refuse what cannot be written; the run folder, where the command names none, as far as it is known."""
        from pilotage.case.writing.target import expect_apart, expect_target, expect_writable

        for given in (self.output.out, self.output.save_problem):
            if given is not None:
                expect_target(given, force=self.output.force)
        expect_apart(self.output.out, self.output.save_problem)
        if self.output.out is None:
            expect_writable(RUNS / self.resolved.scenario.name)

    def expect_named(self, inputs: Inputs) -> None:
        """Refuse a run folder that is there already, once the inputs that name it are read."""
        from pilotage.case.writing.target import refuse_existing

        refuse_existing(self.folder(inputs), force=self.output.force)

    def folder(self, inputs: Inputs) -> Path:
        """Return the run folder: the one given, else one named by the scenario and the inputs."""
        from pilotage.case.versions import fingerprint

        return self.output.out or RUNS / f"{self.resolved.scenario.name}-{fingerprint(self.resolved.yaml, inputs)}"


def _written(record: RunRecord, folder: Path) -> str:
    from pilotage.report.internal import INTERNAL

    opening = "open report.html or report.xlsx" if record.clean else "every file is marked as not to be used"
    return f"Written to {folder}{os.sep}: {opening}\n{INTERNAL}"
