"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pilotage.config.overlay import Resolved

ScenarioArgument = Annotated[str, typer.Argument(help="A scenario: a path, or a name in configs/.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="key=value laid over the scenario; repeatable.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write; default runs/<scenario>-<hash of inputs>.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the folder if it exists.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no progress.")]
SaveProblem = Annotated[
    Path | None, typer.Option("--save-problem", help="Folder for the decision in integers, to re-solve elsewhere.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def scenario_of(scenario: str, settings: list[str] | None) -> Resolved:
    """Return the scenario of a path or name with settings laid over it."""
    from pilotage.config.overlay import resolve

    return resolve(scenario, settings or [])
