"""The command line: parse, call, print, exit code. Heavy imports stay inside the commands.

Read ``options``, which all commands share, then ``planning`` and the other commands (``forecasting``, ``area_state``,
``reference``, ``data``), then ``progress`` and ``tables``, which print.
"""

from __future__ import annotations

import sys

import typer

from pilotage.cli import area_state, forecasting, planning, reference
from pilotage.cli.data import data_app
from pilotage.cli.options import spread
from pilotage.errors import PilotageError, told

app = typer.Typer(
    help="Forecasts where school leadership will fall and places scarce leaders where they change most.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    *(planning.run, planning.place, forecasting.forecast, forecasting.evaluate, area_state.areas, planning.check),
    *(reference.evidence, reference.sample, reference.schema),
):
    app.command()(spread(command))
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
        for words in told(error.problems):
            print(f"error: {words}", file=sys.stderr)
        sys.exit(error.exit_code)
