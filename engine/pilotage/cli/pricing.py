"""The command ``prices``: what one more leader, place or pound would add to a plan, and what each rule costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.options import AsJson, Quiet
from pilotage.cli.progress import progress
from pilotage.cli.streams import say


@dataclass(frozen=True)
class Priced:
    """What prices are written and printed as."""

    out: Annotated[Path | None, typer.Option("--out", help="Folder to write, with prices.csv.")] = None
    force: Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")] = False
    as_json: AsJson = False
    quiet: Quiet = False


def prices(run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")], output: Priced) -> None:
    """Say what one more leader, place or pound would add to the plan of a run, and what each rule costs."""
    from pilotage.case.writing.target import expect_target
    from pilotage.report.prices.folder import write_prices
    from pilotage.report.prices.price_rows import prices_json
    from pilotage.report.prices.terminal import prices_text
    from pilotage.study.explain.opened import open_run
    from pilotage.study.prices.base import base_of
    from pilotage.study.prices.together import prices as prices_of

    if output.out is not None:
        expect_target(output.out, force=output.force)
    with progress(output.quiet or output.as_json) as tell:
        opened = open_run(run, tell)
        made = prices_of(base_of(opened), tell)
    if output.out is not None:
        write_prices(made, output.out, force=output.force)
    if not output.as_json and opened.case.panel.synthetic:
        say("Synthetic England: every school, result and leader here is invented.")
    say(json.dumps(prices_json(made)) if output.as_json else "\n".join(prices_text(made)))
