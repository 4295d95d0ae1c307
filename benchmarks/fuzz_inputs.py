"""Inputs of every kind, drawn at random and answered: none may end in anything but words and an exit code of ours.

Each harness of ``fuzz/every.py`` runs in processes of its own, with at most 4 GB of memory and 10 seconds (of processor
time; a minute by the clock) for an input. A traceback, a library's words, an unknown exit code, a process that ends, or
an input that takes too long is a find, printed with the seed that draws it again. Part of the inputs is drawn under
``coverage``, which says which branches of ``pilotage.sources`` and ``pilotage.config`` they take. Not for Windows.

Usage: python benchmarks/fuzz_inputs.py [--inputs N] [--seed N] [--jobs N] [--measured SHARE] [--only NAME]
       [--missed] [--no-write]
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from results import machine, markdown, write_section

MEMORY_BYTES = 4 * 2**30
SECONDS, CLOCK_SECONDS = 10.0, 60.0
SLOWER = 3.0  # times that an input takes under coverage, at most
PACKAGES = ["pilotage.sources", "pilotage.config"]
LARGEST_PART = 4_000  # inputs of one process
Part = dict[str, Any]


def main() -> int:
    """Draw, print the tables and the finds, and return whether there was any."""
    asked = _arguments()
    if asked.part:
        return _draw(asked.part, *asked.range, Path(asked.folder))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        done = _every_part(_parts(asked), asked.jobs, Path(folder))
        covered = _covered(Path(folder), asked.missed) if asked.measured > 0 else {}
    finds = [f"{part['name']} {find}" for part in done for find in part["finds"]]
    print("\n".join(finds))
    text = _text(done, covered, asked, time.perf_counter() - started)
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/fuzz_inputs.py", text)
    return int(bool(finds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many in all")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first of each kind")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--measured", type=float, default=0.1, help="share of inputs drawn under coverage")
    parser.add_argument("--only", default="", help="harnesses whose name holds this")
    parser.add_argument("--missed", action="store_true", help="print which lines and branches none takes")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md as it is")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    parser.add_argument("--range", type=int, nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _parts(asked: argparse.Namespace) -> list[tuple[str, int, int, int]]:
    """Return name, first seed, seeds, and how many of these are measured, of what each process draws."""
    from fuzz.every import counts

    parts = []
    for name, count in counts(asked.inputs).items():
        measured = min(count, round(count * asked.measured)) if asked.only in name else 0
        for first in range(0, count if asked.only in name else 0, LARGEST_PART):
            size = min(LARGEST_PART, count - first)
            parts.append((name, asked.seed + first, size, max(0, min(size, measured - first))))
    return sorted(parts, key=lambda part: -part[3])


def _every_part(parts: list[tuple[str, int, int, int]], jobs: int, folder: Path) -> list[Part]:
    """Run each part in a process of its own, some at once, and return what they found, in the order of harnesses."""
    waiting, running = list(enumerate(parts)), list[tuple[int, subprocess.Popen[bytes]]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            number, (name, *numbers) = waiting.pop(0)
            place = folder / str(number)
            place.mkdir()
            command = [sys.executable, __file__, "--part", name, "--folder", str(place), "--range", *map(str, numbers)]
            running.append((number, subprocess.Popen(command)))
        time.sleep(0.05)
        running = [each for each in running if each[1].poll() is None]
    return [_found(folder / str(number), name, first) for number, (name, first, *_) in enumerate(parts)]


def _found(place: Path, name: str, first: int) -> Part:
    """Return what a process found; where it ended before its time, at which seed it did."""
    told = place / "found.json"
    if told.exists():
        part: Part = json.loads(told.read_text(encoding="utf-8"))
        return part
    seed = (place / "seed").read_text(encoding="utf-8") if (place / "seed").exists() else str(first)
    return {
        "name": name,
        "codes": {},
        "finds": [f"{seed}: the process ended"],
        "slowest": 0.0,
        "peak": 0,
        "measured": 0,
    }


def _draw(name: str, first: int, count: int, measured: int, place: Path) -> int:
    """Draw the inputs of one process, the first of them under coverage, and write what was found."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    watch = _coverage(place) if measured else None
    if watch:
        watch.start()
    from fuzz.every import named
    from fuzz.harness import TooLongError, answered

    def too_long(_signal: int, _frame: object) -> None:
        raise TooLongError(f"takes more than {SECONDS:g} seconds")

    signal.signal(signal.SIGPROF, too_long)
    signal.signal(signal.SIGALRM, too_long)
    harness, slowest, finds, codes = named(name), 0.0, list[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            if watch and number == measured:
                watch.stop()
            (place / "seed").write_text(str(first + number), encoding="utf-8")
            begun = time.process_time()
            times = SLOWER if number < measured else 1.0
            _limit(times * SECONDS, times * CLOCK_SECONDS)
            code, faults = answered(harness, first + number, Path(folder))
            _limit(0, 0)
            slowest = max(slowest, (time.process_time() - begun) / times)
            codes[str(code)] += 1
            finds += [f"{first + number}: {fault}" for fault in faults]
    if watch:
        watch.stop()
        watch.save()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    part = {"name": name, "codes": codes, "finds": finds, "slowest": slowest, "peak": peak, "measured": measured}
    (place / "found.json").write_text(json.dumps(part), encoding="utf-8")
    return 0


def _limit(seconds: float, clock: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, clock)


def _coverage(place: Path) -> Any:
    import coverage

    return coverage.Coverage(data_file=str(place / "coverage"), branch=True, source_pkgs=PACKAGES, config_file=False)


def _covered(folder: Path, missed: bool) -> dict[str, tuple[int, int]]:
    """Return the branches taken and all branches by package, of the data of every process."""
    import coverage

    whole = coverage.Coverage(data_file=str(folder / "all"), branch=True, source_pkgs=PACKAGES, config_file=False)
    whole.combine([str(path) for path in folder.glob("*/coverage")])
    if missed:
        whole.report(show_missing=True, skip_covered=True)
    whole.json_report(outfile=str(folder / "coverage.json"))
    files = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["files"]
    packages: dict[str, tuple[int, int]] = {}
    for path, said in files.items():
        inside = Path(path).parts
        inside = inside[len(inside) - inside[::-1].index("pilotage") : -1][:2]
        for package in {"/".join(inside[:length]) for length in (1, 2)} | {"sources and config"}:
            taken, every = packages.get(package, (0, 0))
            summary = said["summary"]
            packages[package] = taken + summary["covered_branches"], every + summary["num_branches"]
    return {name: counted for name, counted in sorted(packages.items()) if counted[1]}


def _text(done: list[Part], covered: dict[str, tuple[int, int]], asked: argparse.Namespace, seconds: float) -> str:
    """Return the tables of what was drawn and what it covered."""
    from fuzz.every import HARNESSES

    rows = [row for harness in HARNESSES if (row := _row(harness.name, [p for p in done if p["name"] == harness.name]))]
    total = _row("all", done)
    names = ("harness", "inputs", "accepted", "exit 2", "exit 3", "exit 4", "finds", "slowest (s)", "peak memory (GB)")
    lines = [
        f"Machine: {machine()}. Seeds from {asked.seed}; {asked.jobs} processes at once; {seconds / 60:.0f} minutes. "
        f"At most {SECONDS:g} seconds of processor time an input and {MEMORY_BYTES / 2**30:g} GB a process.",
        markdown(names, [*rows, total]),
    ]
    if covered:
        measured = sum(part["measured"] for part in done)
        lines.append(f"Branches taken by the {measured:,} inputs that were drawn under coverage:")
        table = [[name, f"{taken:,}", f"{every:,}", f"{taken / every:.1%}"] for name, (taken, every) in covered.items()]
        lines.append(markdown(("package", "branches taken", "branches", "share"), table))
    return "\n\n".join(lines)


def _row(name: str, parts: list[Part]) -> list[str]:
    """Return the row of some parts together; empty where there is none."""
    codes = sum((Counter(part["codes"]) for part in parts), Counter[str]())
    if not parts:
        return []
    counted = [f"{codes[code]:,}" for code in ("0", "2", "3", "4")]
    finds = len({(part["name"], find.partition(":")[0]) for part in parts for find in part["finds"]})
    slowest, peak = max(part["slowest"] for part in parts), max(part["peak"] for part in parts)
    return [name, f"{codes.total():,}", *counted, f"{finds:,}", f"{slowest:.1f}", f"{peak / 1e9:.2f}"]


if __name__ == "__main__":
    sys.exit(main())
