"""What is being done, said on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pilotage.cli import streams


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done: a spinner, or a bar, on a terminal, plain text elsewhere."""
    if quiet:
        yield lambda _message: None
    elif sys.stderr.isatty():
        with _bar() as say:
            yield say
    else:
        yield lambda message: streams.say(message, error=True)


@contextmanager
def _bar() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a message beside a spinner and, where it says how much is done, a bar."""
    from rich import progress as bars
    from rich.console import Console

    from pilotage.domain.progress import Progress
    from pilotage.domain.words import one_line

    columns = (bars.SpinnerColumn(), bars.BarColumn(), bars.TextColumn("{task.description}", markup=False))
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def show(message: str) -> None:
            done, total = (message.done, message.total) if isinstance(message, Progress) else (0, None)
            shown.update(task, description=one_line(str(message)), completed=done, total=total)

        yield show
