"""Faults put on a small run again and again; after each, the next run must heal.

Kinds of fault, in turn: the process is killed, or interrupted (Ctrl-C), at a random moment; the disk takes no more
from a random moment on; a bit of a stored file flips (each file in turn); an input is written anew while it is read;
two runs write the same folder at once. Afterwards, and after one more run without a fault:

- a run folder that is there is whole: the bytes of an undisturbed run, of the old or the new input;
- the next run ends with exit code 0 and the bytes of an undisturbed run, and nothing of the killed one is left;
- the user's own files are as they were; no traceback was printed; exit codes are those that the documentation says.

Each run is a process of its own, forked from this one, which has loaded the libraries and run nothing. The models have
few resamples, so that a damaged one is soon trained again. No fault needs rights of a superuser. Not for Windows.

Usage: python benchmarks/faults.py [--faults N] [--seed N] [--no-write]
"""

import argparse
import contextlib
import math
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from results import machine, markdown, write_section

from pilotage import assets, cli, pipeline, reviews
from pilotage.report import folder as _report
from pilotage.risk import forecast as _forecast
from pilotage.sources.sample import build
from pilotage.study import firmness as _firmness

LOADED = (_report, _forecast, _firmness, pipeline, reviews)  # so that a fork has them
VARYING = ("timings.json", "run.log")
SCENARIO = """extends: baseline
name: faults
why: The smallest run, to put faults on.
data: {folder: england}
pool: {leaders: leaders.csv}
report: {hangs_on: false}
"""
RESAMPLES = "resamples: 2"
LEFT = (".pilotage-*", ".*.part", "*.refused-*")
Files = dict[str, bytes]


@dataclass
class Bench:
    """The folder of all runs, what undisturbed runs give, and what went wrong."""

    place: Path
    draw: random.Random
    seconds: float = math.inf  # of the fastest undisturbed run: what else the machine does makes others slower
    reference: Files = field(default_factory=dict)
    stored: Files = field(default_factory=dict)
    own: Files = field(default_factory=dict)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.place / "runs" / "out"

    @property
    def cache(self) -> Path:
        return self.place / "cache"

    def start(self, *more: str) -> int:
        """Start a run, and return its process."""
        process = os.fork()
        if process == 0:
            self._become_run(["run", "faults.yaml", "--out", str(self.out), "--quiet", *more])
        return process

    def _become_run(self, arguments: list[str]) -> None:
        code = 70
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the command line minds it
        try:
            said = os.open(self.place / f"said-{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(said, 1)
            os.dup2(said, 2)
            sys.argv = ["pilotage", *arguments]
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def end(self, process: int) -> tuple[int, str]:
        """Wait for a run, and return its exit code (minus the signal that killed it) and what it said."""
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        said = self.place / f"said-{process}"
        text = said.read_text(encoding="utf-8") if said.exists() else ""
        said.unlink(missing_ok=True)
        return status, text

    def run(self, *more: str) -> tuple[int, str]:
        """Run without a fault, noting the seconds of the fastest of such runs."""
        start = time.perf_counter()
        ended = self.end(self.start(*more))
        self.seconds = min(self.seconds, time.perf_counter() - start)
        return ended

    def moment(self) -> float:
        """Return a random moment of a run, in seconds from its start."""
        return self.draw.uniform(0, 1.1 * self.seconds)

    def blame(self, kind: str, what: str) -> None:
        self.wrong.append(f"{kind}: {what}")


def content(folder: Path) -> Files:
    """Return the bytes of every file of a folder, as far as runs of the same inputs have them in common."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in VARYING)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def prepared(place: Path, seed: int) -> Bench:
    """Return a bench with a small England, and the references of undisturbed runs."""
    bench = Bench(place, random.Random(seed))
    build.write(place / "england", schools=250, leaders=8, seed=7)
    shutil.copy(place / "england" / "leaders.csv", place / "leaders.csv")
    (place / "faults.yaml").write_text(SCENARIO, encoding="utf-8")
    (bench.out.parent / "thesis").mkdir(parents=True)
    (bench.out.parent / "thesis" / "thesis.docx").write_bytes(b"years of work")
    few_resamples(place / "models")
    os.chdir(place)
    os.environ["PILOTAGE_CACHE"] = str(bench.cache)
    expect_done(bench.run())  # cold
    expect_done(bench.run("--force"))
    bench.reference, bench.stored, bench.own = content(bench.out), content(bench.cache), users_files(bench)
    return bench


def few_resamples(models: Path) -> None:
    """Have runs use specs of their own, with few resamples."""
    import re

    shutil.copytree(assets.models(), models, ignore=shutil.ignore_patterns("*.json", "*.md"))
    for spec in models.glob("*/spec.yaml"):
        spec.write_text(re.sub(r"\bresamples: \d+", RESAMPLES, spec.read_text(encoding="utf-8")), encoding="utf-8")
    assets.models = lambda: models


def expect_done(ended: tuple[int, str]) -> None:
    if ended[0]:
        raise SystemExit(f"an undisturbed run ended with {ended[0]}: {ended[1]}")


def users_files(bench: Bench) -> Files:
    """Return every file that is not Pilotage's own."""
    own = ("runs/out/", "cache/", "said-")
    return {name: raw for name, raw in content(bench.place).items() if not name.startswith(own)}


def killed(bench: Bench) -> str:
    """Kill a run at a random moment; half of them while a stored file lacks."""
    return _ended_by(bench, signal.SIGKILL, {-9})


def interrupted(bench: Bench) -> str:
    """Press Ctrl-C at a random moment."""
    return _ended_by(bench, signal.SIGINT, {130})


def _ended_by(bench: Bench, number: signal.Signals, codes: set[int]) -> str:
    if bench.draw.random() < 0.5:
        (bench.cache / bench.draw.choice(sorted(bench.stored))).unlink()
    process = bench.start("--force")
    time.sleep(bench.moment())
    os.kill(process, number)
    code, said = bench.end(process)
    early = number == signal.SIGINT and code == -2  # before the command line began
    if code not in {0, *codes} and not early:
        bench.blame(number.name, f"exit code {code}: {said}")
    return "ended before" if code == 0 else f"exit code {code}" if code > 0 else "no more said"


def full_disk(bench: Bench) -> str:
    """Let no file grow beyond a random size from a random moment on."""
    if bench.draw.random() < 0.5:
        (bench.cache / bench.draw.choice(sorted(bench.stored))).unlink()
    limit, process = bench.draw.choice([0, 1_000, 30_000, 200_000]), bench.start("--force")
    if hasattr(resource, "prlimit"):
        time.sleep(bench.moment())
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (limit, limit))
    code, said = bench.end(process)
    if code not in (0, 2):
        bench.blame("full disk", f"exit code {code}: {said}")
    return f"exit code {code}"


def flipped(bench: Bench) -> str:
    """Flip a bit of a stored file; the run heals it by itself, to the byte."""
    names = sorted(bench.stored)
    name = names[sum(count for (kind, _), count in bench.ended.items() if kind == flipped.__name__) % len(names)]
    raw = bytearray(bench.stored[name])
    raw[bench.draw.randrange(len(raw))] ^= 1 << bench.draw.randrange(8)
    (bench.cache / name).write_bytes(raw)
    code, said = bench.run("--force")
    if code or content(bench.out) != bench.reference:
        bench.blame("flip", f"{name}: exit code {code}, other bytes: {said}")
    if name not in said.replace(os.sep, "/") and name not in (bench.out / "run.log").read_text(encoding="utf-8"):
        bench.blame("flip", f"{name} is not named")
    return "healed"


def changed(bench: Bench) -> str:
    """Write an input anew at a random moment, in two parts; the run takes the old or the new one whole, or refuses."""
    path = bench.place / bench.draw.choice(["leaders.csv", "england/results.csv", "england/schools.csv"])
    old = path.read_bytes()
    new = b"\n".join(old.split(b"\n")[:-2]) + b"\n"  # without the last row
    process = bench.start("--force")
    time.sleep(bench.moment())
    with path.open("r+b") as file:
        file.truncate(len(new) // 2)
        file.flush()
        time.sleep(0.02)
        file.seek(0)
        file.write(new)
        file.truncate()
    code, said = bench.end(process)
    result = content(bench.out)
    if code not in (0, 3) or "Traceback" in said:
        bench.blame("changed input", f"exit code {code}: {said}")
    elif code == 3 and result != bench.reference:
        bench.blame("changed input", "refused, and the folder changed")
    elif code == 0 and result != bench.reference:
        expect_done(bench.run("--force"))
        if result != content(bench.out):
            bench.blame("changed input", f"{path.name}: neither the old nor the new")
    path.write_bytes(old)
    return "refused" if code == 3 else "the old" if result == bench.reference else "the new"


def two_at_once(bench: Bench) -> str:
    """Run twice at once into one folder; half of them without what is stored."""
    if bench.draw.random() < 0.5:
        for name in bench.stored:
            (bench.cache / name).unlink()
    force = bench.draw.random() < 0.5
    if not force:
        shutil.rmtree(bench.out)
    processes = [bench.start(*(["--force"] if force else [])) for _ in range(2)]
    codes = sorted(bench.end(process)[0] for process in processes)
    if codes not in ([[0, 0]] if force else [[0, 2]]):
        bench.blame("two at once", f"exit codes {codes}")
    if content(bench.out) != bench.reference:
        bench.blame("two at once", "other bytes")
    return f"exit codes {codes[0]} and {codes[1]}"


KINDS: tuple[Callable[[Bench], str], ...] = (killed, full_disk, flipped, changed, two_at_once, interrupted)


def put(bench: Bench, kind: Callable[[Bench], str]) -> None:
    """Put one fault, and see whether the next run heals."""
    name = kind.__name__
    before = len(bench.wrong)
    bench.ended[name, kind(bench)] += 1
    there = content(bench.out) if bench.out.exists() else None
    if kind is not changed and there not in (None, bench.reference):
        bench.blame(name, "a half folder")
    code, said = bench.run("--force")
    if code or content(bench.out) != bench.reference:
        bench.blame(name, f"the next run does not heal: exit code {code}: {said}")
    if users_files(bench) != bench.own:
        bench.blame(name, "a file of the user's is lost or changed")
    left = [path.name for pattern in LEFT for path in bench.place.rglob(pattern)]
    if left:
        bench.blame(name, f"left behind: {left}")
    if not bench.stored.items() <= content(bench.cache).items():  # runs of a changed input have stored more
        bench.blame(name, "other stored files")
    if len(bench.wrong) > before:
        print("\n".join(bench.wrong[before:]), file=sys.stderr)


def main() -> None:
    """Put the faults, print the counts and write their section."""
    parser = argparse.ArgumentParser(description="Faults put on a small run; after each, the next run must heal.")
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-write", action="store_true", help="print only, and leave RESULTS.md as it is")
    asked = parser.parse_args()
    home, start = Path.cwd(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        bench = prepared(Path(folder).resolve(), asked.seed)
        for number in range(asked.faults):
            put(bench, KINDS[number % len(KINDS)])
        os.chdir(home)
    text = report(bench, asked, time.perf_counter() - start)
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/faults.py", text)
    sys.exit(1 if bench.wrong else 0)


def report(bench: Bench, asked: argparse.Namespace, seconds: float) -> str:
    """Return the counts by kind as Markdown."""
    rows = [[kind.replace("_", " "), how, f"{count:,}"] for (kind, how), count in sorted(bench.ended.items())]
    heading = (
        f"{asked.faults:,} faults (seed {asked.seed}), {len(bench.wrong):,} things wrong, {seconds / 60:.0f} minutes"
    )
    table = markdown(("fault", "how the run ended", "times"), rows)
    return f"{machine()}\n\n{heading}; {bench.seconds:.1f} s for the fastest undisturbed run.\n\n{table}"


if __name__ == "__main__":
    main()
