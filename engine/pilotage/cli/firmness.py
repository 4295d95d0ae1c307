"""The command ``firmness``: how often each placement of a run recurs, and what a plan without it loses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import AsJson, Quiet
from pilotage.cli.progress import progress
from pilotage.cli.streams import say
from pilotage.domain.findings.firmness import DRAWS
from pilotage.errors import Problem, UsageError

FEWEST, MOST = 2, 2000


@dataclass(frozen=True)
class Judged:
    """How a run is judged, and what is written and printed."""

    draws: Annotated[int, typer.Option("--draws", help="Simulations of the forecast to plan again in.")] = DRAWS
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write, with firmness.csv.")] = None
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")] = False
    as_json: AsJson = False
    quiet: Quiet = False


def firmness(run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")], judged: Judged) -> None:
    """Say how firm each placement of a run is: over simulations of the forecast, and among plans nearly as good."""
    from pilotage.case.writing.target import expect_target
    from pilotage.report.firmness.firmness_rows import firmness_json
    from pilotage.report.firmness.folder import write_firmness
    from pilotage.report.firmness.words import firmness_words
    from pilotage.report.internal import INTERNAL
    from pilotage.study.explain.opened import open_run
    from pilotage.study.firmness.judged import firmness as judge

    _expect_draws(judged.draws)
    if judged.out is not None:
        expect_target(judged.out, force=judged.force)
    with progress(judged.quiet or judged.as_json) as tell:
        opened = open_run(run, tell)
        found = judge(opened, judged.draws, tell)
    if judged.out is not None:
        write_firmness(found, run, judged.out, force=judged.force)
    if judged.as_json:
        say(json.dumps(firmness_json(found)))
        return
    if opened.case.panel.synthetic:
        say("Synthetic England: every school, result and leader here is invented.")
    say("\n".join([*firmness_words(found), INTERNAL]))


def _expect_draws(draws: int) -> None:
    if not FEWEST <= draws <= MOST:
        allowed = f"a whole number from {FEWEST} to {MOST:,}"
        raise UsageError(Problem("--draws", f"{draws:,}", allowed, f"give another, or leave it out for {DRAWS}"))
