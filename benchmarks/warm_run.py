"""Seconds of a warm run, step by step, beside those of an earlier commit.

Both trees are run in turn, each as a process of its own with a cache of its own, which a first run fills; the earlier
one comes from ``git archive``. Each figure is a median. Processor seconds are of the process and its threads, wall
seconds move with what else the machine does: read the ratios. ``elsewhere`` is wall time outside the steps that
timings.json has: Python's start, the command line, modules loaded before the first step and between them, the summary.
Says also which files of the run folders differ, timings.json and run.log apart.

Usage: python benchmarks/warm_run.py [--revision REV] [--runs N] [--scenario NAME] [--no-write]
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from results import machine, markdown, write_section

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "133cac1"
TIMED = ("timings.json", "run.log")  # what may differ from run to run
WALL, PROCESSOR, ELSEWHERE = "wall seconds", "processor seconds", "elsewhere"
WITHIN = "audit_alone"  # a part of the step audit


def main() -> None:
    """Run both trees in turn, print the table and write its section."""
    parser = argparse.ArgumentParser(description="Seconds of a warm run beside those of an earlier commit.")
    parser.add_argument("--revision", default=BEFORE)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scenario", default="baseline")
    parser.add_argument("--no-write", action="store_true", help="print only, and leave RESULTS.md as it is")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        trees = {asked.revision: archived(asked.revision, place / "earlier"), "now": ROOT}
        for name, tree in trees.items():
            run_once(tree, asked.scenario, place / name)  # cold: it fills the cache
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
        for _ in range(asked.runs):
            for name, tree in trees.items():
                runs[name].append(run_once(tree, asked.scenario, place / name))
        differing = differing_files(*(place / name / "run" for name in trees))
    text = report(asked, runs, differing)
    print(text)
    if not asked.no_write:
        write_section("Results of benchmarks/warm_run.py", text)


def archived(revision: str, folder: Path) -> Path:
    """Return a folder with the tree of a commit."""
    command = ["git", "archive", "--format=tar", revision]
    archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        content.extractall(folder, filter="data")
    return folder


def run_once(tree: Path, scenario: str, place: Path) -> dict[str, float]:
    """Run a scenario in a process of its own and return its seconds by step."""
    out = place / "run"
    settings = {"PYTHONPATH": str(tree / "engine"), "PILOTAGE_CACHE": str(place / "cache")}
    command = [sys.executable, "-m", "pilotage", "run", scenario, "--force", "--quiet", "--out", str(out)]
    start, before = time.perf_counter(), processor_seconds()
    subprocess.run(command, cwd=tree, env=os.environ | settings, check=True, stdout=subprocess.DEVNULL)
    wall, processor = time.perf_counter() - start, processor_seconds() - before
    steps: dict[str, float] = json.loads((out / "timings.json").read_text(encoding="utf-8"))["seconds"]
    steps = {name: seconds for name, seconds in steps.items() if name != WITHIN}
    return steps | {ELSEWHERE: wall - sum(steps.values()), WALL: wall, PROCESSOR: processor}


def processor_seconds() -> float:
    """Return the processor seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def differing_files(before: Path, now: Path) -> list[str]:
    """Return the names of the files that are not the same bytes in both folders."""
    names = {path.name for folder in (before, now) for path in folder.iterdir()} - set(TIMED)
    return sorted(name for name in names if content(before / name) != content(now / name))


def content(path: Path) -> bytes | None:
    """Return the bytes of a file; None where there is none."""
    return path.read_bytes() if path.exists() else None


def report(asked: argparse.Namespace, runs: dict[str, list[dict[str, float]]], differing: list[str]) -> str:
    """Return what was run and the table of medians."""
    medians = {
        name: {step: statistics.median(run[step] for run in each) for step in each[0]} for name, each in runs.items()
    }
    before, now = medians[asked.revision], medians["now"]
    rows = [
        [step, f"{before.get(step, 0):.2f}", f"{now[step]:.2f}", f"{ratio(now[step], before.get(step, 0))}"]
        for step in now
    ]
    same = (
        f"these files of the run folders differ: {', '.join(differing)}" if differing else "the run folders are equal"
    )
    opening = (
        f"Machine: {machine()}. Scenario `{asked.scenario}`, warm, medians of {asked.runs} runs of each tree in turn; "
        f"{same} (timings.json and run.log apart)."
    )
    return f"{opening}\n\n{markdown(('step', asked.revision, 'now', 'ratio'), rows)}"


def ratio(now: float, before: float) -> str:
    """Return how many times the earlier seconds; a dash below a hundredth of a second."""
    return f"{now / before:.2f}" if before >= 0.01 else "-"


if __name__ == "__main__":
    main()
