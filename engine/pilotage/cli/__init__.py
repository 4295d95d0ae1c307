"""The command line: parse, call, print, exit code. Heavy imports stay inside the commands.

Read ``commands``, which lists them, ``options``, which they share, ``planning`` and the others (``forecasting``,
``area_state``, ``sweeping``, ``sharing``, ``reference``, ``data``, ``forget``), then ``progress``, ``tables``,
``streams`` (what is printed) and ``interrupt`` (Ctrl-C).
"""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING

from pilotage.cli.interrupt import end_interrupted, expect_interrupts, interrupted
from pilotage.errors import PilotageError, Problem, UsageError, told

if TYPE_CHECKING:
    from typing import NoReturn


COLLECT_AFTER = (200_000, 20, 100)  # the cells of a workbook are no garbage: looking for it less often saves 2 s of 34


def main() -> None:
    """Run the command line; a planner's error ends in words and an exit code, never in a traceback."""
    gc.set_threshold(*COLLECT_AFTER)
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        expect_interrupts()
        _run(arguments)
    except BaseException as error:
        if interrupted():
            end_interrupted()
        if debug or not isinstance(error, (PilotageError, OSError)):
            raise
        _end(error if isinstance(error, PilotageError) else _unforeseen(error))


def __getattr__(name: str) -> object:
    """Return ``app``, the commands as typer takes them, which is imported when it is asked for."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pilotage.cli.commands import app

    return app


def _run(arguments: list[str]) -> None:
    from pilotage.cli.streams import flush_streams, prepare_streams

    prepare_streams()
    from pilotage.cli.commands import app

    try:
        app(args=arguments, prog_name="pilotage")
    except SystemExit:
        flush_streams()
        raise


def _end(error: PilotageError) -> NoReturn:
    from pilotage.cli.streams import say

    with contextlib.suppress(OSError):  # standard error goes to a full disk: the exit code alone tells
        for words in told(error.problems):
            say(f"error: {words}", error=True)
        for note in getattr(error, "__notes__", ()):
            say(note, error=True)
    sys.exit(error.exit_code)


def _unforeseen(error: OSError) -> UsageError:
    """Return the error of a file that the system does not let be read or written, where no command foresaw it."""
    where = str(error.filename) if error.filename else "a file"
    what = f"cannot be read or written ({error.strerror or error})"
    return UsageError(Problem(where, what, "a file that you may use, on a disk with space", "see to it, and run again"))
