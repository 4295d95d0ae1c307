"""What is printed arrives, whatever the terminal: an encoding that lacks a letter, a pipe that closes, no terminal.

Commands print through ``say`` and ``show_table``, which leave out what a terminal would obey.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

from pilotage.domain.words import one_line, printable

if TYPE_CHECKING:
    from rich.table import Table

INSTEAD = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "×": "x", "·": "|"}
)
PRINTED = "what is printed"
OTHERWISE = "pilotage"  # the name of how letters that an encoding lacks are written


class _Pipe(io.FileIO):
    """A stream to a pipe or a file: when its reader has gone (``pilotage run | head``) the rest is let go.

    A disk that is full is said once, not again when the process ends.
    """

    _failed = False

    def write(self, data: Any) -> int:
        try:
            return len(memoryview(data).cast("B")) if self._failed else super().write(data) or 0
        except OSError as error:
            self._failed = True
            if isinstance(error, BrokenPipeError):
                return len(memoryview(data).cast("B"))
            raise OSError(error.errno, error.strerror, PRINTED) from None


def prepare_streams() -> None:
    """Make standard output and standard error fit to print anything on."""
    codecs.register_error(OTHERWISE, _instead)
    sys.stdout, sys.stderr = _fit(sys.stdout), _fit(sys.stderr)


def flush_streams() -> None:
    """Have all that was printed arrive, while an error can still be said.

    Raises
    ------
    OSError
        When the disk that standard output goes to is full.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def say(text: object = "", *, end: str = "\n", error: bool = False) -> None:
    """Print a text on standard output, or on standard error."""
    print(printable(str(text)), end=end, file=sys.stderr if error else sys.stdout, flush=error)


def add_row(table: Table, *cells: str) -> None:
    """Add a row of texts to a table."""
    table.add_row(*(one_line(cell) for cell in cells))


def show_table(table: Table, width: int) -> None:
    """Print a table, ``width`` characters wide where it goes to no terminal; brackets in it are no orders."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else width, markup=False, emoji=False, highlight=False).print(table)


def _fit(stream: TextIO | None) -> TextIO:
    if stream is None:  # a program without a terminal, or a stream that was closed
        return open(os.devnull, "w", encoding="utf-8")
    if type(stream) is not io.TextIOWrapper:  # something of a test's
        return stream
    stream.reconfigure(errors=OTHERWISE)
    if stream.isatty():
        return stream
    stream.flush()
    raw = io.BufferedWriter(_Pipe(stream.fileno(), "wb", closefd=False))
    return io.TextIOWrapper(raw, encoding=stream.encoding, errors=OTHERWISE, line_buffering=stream.line_buffering)


def _instead(error: UnicodeError) -> tuple[str, int]:
    """Return the nearest that the encoding has for the letters that it lacks: a minus for a minus, else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(INSTEAD)
    return "".join(letter if letter.isascii() else "?" for letter in lacking), error.end
