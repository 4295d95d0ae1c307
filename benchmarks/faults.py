"""Faults put on small runs again and again; after each, the next run must heal.

Kinds of fault, in turn: a command is killed, or interrupted (Ctrl-C), at a random moment; the disk takes no more from a
random moment on; a stored file is damaged (each in turn); an input is written anew while it is read; two commands write
at once; ``data forget`` is killed, interrupted or out of disk. Moments are those of the processor's time, or just
before the n-th change to a file. The commands are ``run``, ``forecast`` and ``evaluate``. Afterwards, and after one
more command without a fault:

- a folder that is there is whole: the bytes of an undisturbed command, of the old or the new input;
- the next command ends with exit code 0 and the bytes of an undisturbed one, and nothing of the killed one is left;
- the user's own files are as they were; no traceback was printed; exit codes are those that the documentation says, and
  what is said of the folder is true.

Each command is a process of its own, forked from this one, which has loaded the libraries and run nothing. The models
have few features and resamples, so that a damaged one is soon trained again. No fault needs rights of a superuser. It
needs Linux.

Usage: python benchmarks/faults.py [--faults N] [--seed N] [--no-write]
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from fault.bench import Bench
from fault.forgetting import forgotten
from fault.heal import heal, judge, whole_or_absent
from fault.kinds import HEALED, KINDS, Kind
from fault.world import prepared
from results import machine, markdown, write_section

WEIGHTS = {"run": 5, "forecast": 4, "evaluate": 1}


def put(bench: Bench, number: int) -> None:
    """Put one fault, and see whether the next command heals."""
    before, (kind, name) = len(bench.wrong), drawn(bench, number)
    if kind is None:
        how = forgotten(bench)
    else:
        command = bench.commands[name]
        how = kind(bench, command)
        if kind not in HEALED:
            whole_or_absent(bench, but=command if how == "the new" else None)
            heal(bench, command)
        judge(bench, command)
    of_kind = "data forget" if kind is None else kind.__name__.replace("_", " ")
    bench.ended[of_kind, name, how] += 1
    for place in range(before, len(bench.wrong)):
        bench.wrong[place] = f"fault {number}, {of_kind} of {name} ({how}): {bench.wrong[place]}"
        print(bench.wrong[place], file=sys.stderr, flush=True)


def drawn(bench: Bench, number: int) -> tuple[Kind | None, str]:
    """Return the kind of a fault, None for ``data forget``, and the command that it is put on."""
    place = number % (len(KINDS) + 1)
    if place == len(KINDS):
        return None, "data forget"
    return KINDS[place], bench.draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def main() -> None:
    """Put the faults, print the counts and write their section."""
    parser = argparse.ArgumentParser(description="Faults put on small runs; after each, the next run must heal.")
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-write", action="store_true", help="print only, and leave RESULTS.md as it is")
    asked = parser.parse_args()
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        bench = prepared(Path(folder).resolve(), asked.seed)
        start = time.perf_counter()
        for number in range(asked.faults):
            put(bench, number)
            if number % 25 == 24:
                said = f"{number + 1} faults, {len(bench.wrong)} things wrong, {time.perf_counter() - start:.0f} s"
                print(said, file=sys.stderr, flush=True)
        seconds = time.perf_counter() - start
        os.chdir(home)
    text = report(bench, asked, seconds)
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/faults.py", text)
    sys.exit(1 if bench.wrong else 0)


def report(bench: Bench, asked: argparse.Namespace, seconds: float) -> str:
    """Return the counts by kind as Markdown."""
    counts: Counter[tuple[str, str]] = Counter()
    commands: dict[tuple[str, str], Counter[str]] = {}
    for (kind, name, how), count in bench.ended.items():
        counts[kind, how] += count
        commands.setdefault((kind, how), Counter())[name] += count
    rows = [
        [kind, how, ", ".join(f"{name} {count}" for name, count in sorted(commands[kind, how].items())), f"{times:,}"]
        for (kind, how), times in sorted(counts.items())
    ]
    each = seconds / max(asked.faults, 1)
    heading = f"{asked.faults:,} faults (seed {asked.seed}), {len(bench.wrong):,} things wrong, {each:.1f} s a fault"
    lengths = ", ".join(f"{name} {command.seconds:.1f} s" for name, command in bench.commands.items())
    table = markdown(("fault", "how the command ended", "commands", "times"), rows)
    return f"{machine()}\n\n{heading}. Processor time of undisturbed commands: {lengths}.\n\n{table}"


if __name__ == "__main__":
    main()
