"""When a fault strikes: after so much of the processor's time, or just before the n-th change to a file.

Both are the same on a loaded machine as on a quiet one. The second finds what only a moment between two changes shows.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")
POLL_SECONDS = 0.004


@dataclass(frozen=True)
class Moment:
    """A moment of a command: just before a change of a file (the first is 1), else after seconds of processor time."""

    change: int | None
    seconds: float

    def await_in(self, process: int) -> None:
        """Wait until a process has used the seconds, or has ended."""
        while (used := used_seconds(process)) is not None and used < self.seconds:
            time.sleep(POLL_SECONDS)


def used_seconds(process: int) -> float | None:
    """Return the processor time that a process has used; None where it has ended."""
    try:
        if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return None
        return time.clock_gettime((~process << 3) | 2)  # the number of the clock of a process, as Linux makes it
    except OSError:
        return None


@dataclass
class Changes:
    """Counts the changes that this process makes to files below a folder, and acts just before one of them."""

    below: str
    at: int | None
    act: Callable[[], None]
    count: int = 0

    def begin(self) -> None:
        """Count from now on, until the process ends."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if (event in CHANGES or (event == "open" and _writes(given))) and self._is_below(given):
            self.count += 1
            if self.count == self.at:
                self.act()

    def _is_below(self, given: tuple[Any, ...]) -> bool:
        """Return whether a change is to a file below the folder; one by its name in an open folder counts too."""
        path = given[0]
        return isinstance(path, (str, os.PathLike)) and (
            os.fspath(path).startswith(self.below) or not os.path.isabs(path)
        )


def _writes(given: tuple[Any, ...]) -> bool:
    _path, mode, flags = given
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))


@dataclass
class Reads:
    """Counts how often this process opens a file to read it, and acts just before one of the times."""

    path: Path
    at: int
    act: Callable[[], None]
    count: int = 0

    def begin(self) -> None:
        """Count from now on, until the process ends."""
        sys.addaudithook(self._heard)

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and not isinstance(given[0], int) and not _writes(given) and str(given[0]) == str(self.path):
            self.count += 1
            if self.count == self.at:
                self.act()
