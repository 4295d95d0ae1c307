"""A place in which commands run as processes of their own, forked from this one, which has loaded the libraries."""

import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fault.moments import Changes, Moment
from pilotage import cli

VARYING = ("timings.json", "run.log")
MOST_SAID = 1 << 20
Files = dict[str, bytes]
Command = tuple[str, ...]


@dataclass
class Undisturbed:
    """What a command gives without a fault: the bytes of its folder, and the length of a run of it."""

    command: Command
    out: Path
    files: Files
    stored: frozenset[str] = frozenset()  # the stored files that it makes
    seconds: float = 0.0  # of the processor
    changes: int = 0  # of files


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (minus the signal that killed it), what it said, and how long it took."""

    code: int
    said: str
    seconds: float
    changes: int | None

    @property
    def how(self) -> str:
        """Return it in words."""
        return "killed" if self.code == -signal.SIGKILL else f"exit code {self.code}"


@dataclass
class Bench:
    """The folder of all runs, what undisturbed commands give, and what went wrong."""

    place: Path
    draw: random.Random
    commands: dict[str, Undisturbed] = field(default_factory=dict)
    stored: Files = field(default_factory=dict)
    own: Files = field(default_factory=dict)
    of_changed_input: dict[tuple[str, str, int], Files] = field(default_factory=dict)
    ended: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    forgetting: tuple[int, float, Files] | None = None  # changes, seconds and tables of an undisturbed `data forget`
    flips: int = 0

    @property
    def cache(self) -> Path:
        """Return the folder of stored work."""
        return self.place / "cache"

    def moment(self, seconds: float, changes: int) -> Moment:
        """Return a random moment of a command of that length: before a change of a file, or after seconds."""
        if self.draw.random() < 0.5:
            return Moment(self.draw.randint(1, changes), seconds)
        return Moment(None, self.draw.uniform(0, 1.05 * seconds))

    def lose_a_stored_file(self, command: Undisturbed) -> None:
        """Remove a stored file that the command needs, in half of the cases: it is then made while the fault comes."""
        if command.stored and self.draw.random() < 0.5:
            (self.cache / self.draw.choice(sorted(command.stored))).unlink()

    def blame(self, what: str) -> None:
        """Note what is wrong."""
        self.wrong.append(what)


def content(folder: Path) -> Files:
    """Return the bytes of every file of a folder, as far as runs of the same inputs have them in common."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in VARYING)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def start(bench: Bench, arguments: Iterable[str], prepare: Callable[[], None] | None = None) -> tuple[int, int]:
    """Start a command, and return its process and the pipe with what it says.

    ``prepare`` runs in the new process before the command. The last line of what is said is how many files it changed.
    """
    reads, writes = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reads)
        _become(bench, ["pilotage", *arguments], writes, prepare)
    os.close(writes)
    return process, reads


def _become(bench: Bench, arguments: list[str], said: int, prepare: Callable[[], None] | None) -> None:
    """Be the command line, as the installed command is, until this process ends."""
    code, changes = 70, Changes(str(bench.place), None, lambda: None)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the command line minds it
    try:
        for stream in (1, 2):
            os.dup2(said, stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", closefd=False) for stream in (1, 2))
        sys.argv = arguments
        (prepare or changes.begin)()
        cli.main()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(said, f"\n{changes.count}".encode())
        os._exit(code)


def end(started: tuple[int, int]) -> Ended:
    """Wait for a process to end."""
    process, reads = started
    _, status, used = os.wait4(process, 0)
    os.set_blocking(reads, False)
    said = b""
    while True:
        try:
            part = os.read(reads, MOST_SAID)
        except BlockingIOError:  # a process that it has started lives a little longer
            break
        if not part:
            break
        said += part
    os.close(reads)
    text, _, last = said.decode(errors="replace").rpartition("\n")
    counted = last.isdecimal()
    changes = int(last) if counted else None
    code = os.waitstatus_to_exitcode(status)
    return Ended(code, text if counted else f"{text}\n{last}", used.ru_utime + used.ru_stime, changes)


def run(bench: Bench, arguments: Iterable[str]) -> Ended:
    """Run a command without a fault."""
    return end(start(bench, arguments))
