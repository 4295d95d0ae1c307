"""The faults put on commands that write folders. Each returns how the command ended, in words."""

import contextlib
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from fault.bench import Bench, Ended, Undisturbed, content, end, run, start
from fault.heal import blame_unless, judge_said
from fault.moments import Changes, Moment, Reads

Kind = Callable[[Bench, Undisturbed], str]
LIMITS = (0, 1_000, 30_000, 200_000)  # bytes beyond which no file grows
INPUTS = ("leaders.csv", "england/results.csv", "england/schools.csv", "england/school_years.csv")


def killed(bench: Bench, command: Undisturbed) -> str:
    """Kill it; half of the time while a stored file lacks."""
    ended = struck(bench, command, signal.SIGKILL)
    return blame_unless(bench, ended, {0, -signal.SIGKILL}).how


def interrupted(bench: Bench, command: Undisturbed) -> str:
    """Press Ctrl-C: what is said of the folder is true, and nothing half-made is left."""
    before = inode(command.out)
    ended = blame_unless(bench, struck(bench, command, signal.SIGINT), {0, 130, -signal.SIGINT})
    if ended.code != 130:
        return "ended before" if ended.code == 0 else "before the command began"
    there = inode(command.out)
    words = "Stopped: written whole before that: " if there != before else "Stopped: no folder was written; "
    if ended.said.count("Stopped: ") != 1 or words not in ended.said:
        bench.blame(f"says {ended.said!r} where the folder was {'' if there != before else 'not '}written")
    left = list(bench.place.rglob(".pilotage-*"))
    if left:
        bench.blame(f"Ctrl-C left {left}")
    return ended.how


def inode(folder: Path) -> int | None:
    """Return which folder is there; None where none is."""
    return folder.stat().st_ino if folder.exists() else None


def struck(bench: Bench, command: Undisturbed, number: signal.Signals) -> Ended:
    """Send a signal to a command at a random moment."""
    bench.lose_a_stored_file(command)
    return struck_at(bench, command.command, bench.moment(command.seconds, command.changes), number)


def struck_at(bench: Bench, command: tuple[str, ...], moment: Moment, number: signal.Signals) -> Ended:
    """Send a signal to a command at a moment."""
    at_change = Changes(str(bench.place), moment.change, lambda: os.kill(os.getpid(), number))
    started = start(bench, command, at_change.begin)
    if moment.change is None:
        moment.await_in(started[0])
        os.kill(started[0], number)
    return end(started)


def full_disk(bench: Bench, command: Undisturbed) -> str:
    """Let no file grow beyond a random size from a random moment on."""
    bench.lose_a_stored_file(command)
    moment = bench.moment(command.seconds, command.changes)
    return blame_unless(bench, full_at(bench, command.command, moment), {0, 2}).how


def full_at(bench: Bench, command: tuple[str, ...], moment: Moment) -> Ended:
    """Let no file grow beyond a random size from a moment on."""
    limits = (bench.draw.choice(LIMITS),) * 2
    full = Changes(str(bench.place), moment.change, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits))
    started = start(bench, command, full.begin)
    if moment.change is None:
        moment.await_in(started[0])
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(started[0], resource.RLIMIT_FSIZE, limits)
    return end(started)


def damaged(bench: Bench, command: Undisturbed) -> str:
    """Flip a bit of a stored file, or cut it short, each file in turn; the command heals it by itself, to the byte."""
    names = sorted(bench.stored)
    name, flip = names[bench.flips % len(names)], bench.draw.random() < 0.7
    bench.flips += 1
    if name not in command.stored:
        command = bench.commands["run"]
    raw = bytearray(bench.stored[name])
    if flip:
        raw[bench.draw.randrange(len(raw))] ^= 1 << bench.draw.randrange(8)
    else:
        del raw[bench.draw.randrange(len(raw)) :]
    (bench.cache / name).write_bytes(raw)
    ended = blame_unless(bench, run(bench, command.command), {0})
    log = command.out / "run.log"
    said = ended.said + (log.read_text(encoding="utf-8") if log.exists() else "")
    if name not in said.replace(os.sep, "/"):
        bench.blame(f"{name} is damaged and not named: {said}")
    if content(command.out) != command.files:
        bench.blame(f"{name} is damaged, and the run has other bytes")
    return "a bit, healed" if flip else "cut short, healed"


def changed(bench: Bench, command: Undisturbed) -> str:
    """Write an input anew, in two parts; the command takes the old or the new one whole, or refuses.

    Where the half stands there from the beginning of a command to its end, the command takes that.
    """
    bench.lose_a_stored_file(command)
    name = bench.draw.choice(INPUTS)
    path = bench.place / name
    old = path.read_bytes()
    new = b"\n".join(old.split(b"\n")[:-2]) + b"\n"  # without the last row
    ended = blame_unless(bench, changed_meanwhile(bench, command, path, new), {0, 3})
    result = content(command.out)
    if ended.code == 3 and result != command.files:
        bench.blame("an input changed: refused, and the folder changed")
    if ended.code == 0 and result not in _of_any_state(bench, command, path, new):
        bench.blame(f"{name} changed: the result is neither of the old nor of the new")
    path.write_bytes(old)
    return "refused" if ended.code == 3 else "the old" if result == command.files else "the new"


def _of_any_state(bench: Bench, command: Undisturbed, path: Path, new: bytes) -> Iterator[dict[str, bytes]]:
    """Yield what the command makes of an input as it was, as it is, and of the half of it."""
    yield command.files
    yield of_changed(bench, command, path, new)
    yield of_changed(bench, command, path, new[: len(new) // 2])


def changed_meanwhile(bench: Bench, command: Undisturbed, path: Path, new: bytes) -> Ended:
    """Write a file half when it is read for the first to fourth time, or at a random moment; soon afterwards whole."""

    def half() -> None:
        with path.open("r+b") as file:
            file.truncate(len(new) // 2)

    def anew() -> None:
        path.write_bytes(new)

    if bench.draw.random() < 0.5:
        whole = bench.draw.random() < 0.5
        reads = Reads(path, bench.draw.randint(1, 4), anew if whole else half)
        ended = end(start(bench, command.command, reads.begin))
    else:
        started = start(bench, command.command)
        Moment(None, bench.draw.uniform(0, command.seconds)).await_in(started[0])
        half()
        Moment(None, bench.draw.uniform(0, command.seconds)).await_in(started[0])
        path.write_bytes(new)
        ended = end(started)
    path.write_bytes(new)
    return ended


def of_changed(bench: Bench, command: Undisturbed, path: Path, new: bytes) -> dict[str, bytes]:
    """Return what an undisturbed command makes of a changed input; worked out once. Empty where it refuses that."""
    key = (command.command[0], path.name, len(new))
    if key not in bench.of_changed_input:
        path.write_bytes(new)
        ended = blame_unless(bench, run(bench, command.command), {0, 3})
        bench.of_changed_input[key] = content(command.out) if ended.code == 0 else {}
    return bench.of_changed_input[key]


def two_at_once(bench: Bench, command: Undisturbed) -> str:
    """Run twice at once into one folder, or two commands with one cache; half of them without what is stored."""
    if bench.draw.random() < 0.5:
        for name in command.stored:
            (bench.cache / name).unlink()
    if bench.draw.random() < 0.3:
        both = [command.command, bench.commands["run" if command.command[0] != "run" else "forecast"].command]
        codes = [0, 0]
    elif bench.draw.random() < 0.5:
        both, codes = [command.command] * 2, [0, 0]
    else:
        shutil.rmtree(command.out)
        both, codes = [command.command[:-1]] * 2, [0, 2]  # without --force
    every = [end(each) for each in [start(bench, each) for each in both]]
    for ended in every:
        judge_said(bench, ended)
    if sorted(ended.code for ended in every) != codes:
        bench.blame(f"two at once: {[(ended.code, ended.said) for ended in every]}")
    if any(content(each.out) != each.files for each in bench.commands.values()):
        bench.blame("two at once: other bytes")
    return f"exit codes {codes[0]} and {codes[1]}"


KINDS: tuple[Kind, ...] = (
    killed,
    interrupted,
    full_disk,
    damaged,
    changed,
    two_at_once,
)
HEALED = (damaged,)  # the command with the fault is the one that heals
