"""What a run said on the way, with times: the text of ``run.log``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]

LOGGER = logging.getLogger("pilotage")
FORM = "%(asctime)s %(levelname)s %(message)s"
TIME_FORM = "%Y-%m-%dT%H:%M:%SZ"


class RunLog(logging.Handler):
    """Keeps every message of the logger ``pilotage`` while it is attached (``logged``); times are UTC."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        formatter = logging.Formatter(FORM, TIME_FORM)
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self._rows: list[str] = []

    @property
    def text(self) -> str:
        """Return what was logged so far, one message a row."""
        return "".join(f"{row}\n" for row in self._rows)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self._rows.append(self.format(record))

    def heard(self, say: Say) -> Say:
        """Return a function that logs a message and says it."""

        def both(message: str) -> None:
            LOGGER.info("%s", message)
            say(message)

        return both


@contextmanager
def logged() -> Iterator[RunLog]:
    """Yield a log that takes in all that the logger ``pilotage`` is told meanwhile."""
    log, level = RunLog(), LOGGER.level
    LOGGER.addHandler(log)
    LOGGER.setLevel(logging.INFO)
    try:
        yield log
    finally:
        LOGGER.removeHandler(log)
        LOGGER.setLevel(level)
