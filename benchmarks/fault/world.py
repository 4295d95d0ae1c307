"""The small England of the faults, its cheap models, and what undisturbed commands make of it."""

import contextlib
import gc
import importlib
import os
import pkgutil
import random
import shutil
from pathlib import Path
from typing import Any

import threadpoolctl
import vl_convert
from ruamel.yaml import YAML

import pilotage
from fault.bench import Bench, Ended, Files, Undisturbed, content, end, run, start
from pilotage import assets
from pilotage.assets import write_whole

SCHOOLS, LEADERS = 140, 5
SCENARIO = """extends: baseline
name: faults
why: The smallest run, to put faults on.
data: {folder: england}
pool: {leaders: leaders.csv}
outcomes: {gap_widening: null}
report: {hangs_on: false, top: 1}
"""
FEATURES = ("leadership_grade", "phase", "fsm_share", "progress_all")
GAPS = """extends: baseline
name: gaps
why: A back-test of gaps alone, which is quick.
data: {folder: england}
outcomes: {leadership_fall: null, leadership_stuck: null}
"""
COMMANDS = {"run": "faults.yaml", "forecast": "faults.yaml", "evaluate": "gaps.yaml"}


def prepared(place: Path, seed: int) -> Bench:
    """Return a bench with a small England, and with what undisturbed commands give."""
    load_all()
    bench = Bench(place, random.Random(seed))
    os.chdir(place)
    size = ("--schools", str(SCHOOLS), "--leaders", str(LEADERS), "--seed", "7")
    expect_done(run(bench, ("sample", "--out", "england", *size)))
    shutil.copy(place / "england" / "leaders.csv", place / "leaders.csv")
    (place / "faults.yaml").write_text(SCENARIO, encoding="utf-8")
    (place / "gaps.yaml").write_text(GAPS, encoding="utf-8")
    (place / "runs" / "thesis").mkdir(parents=True)
    (place / "runs" / "thesis" / "thesis.docx").write_bytes(b"years of work")
    cheap_models(place / "models")
    no_charts()
    os.environ["PILOTAGE_CACHE"] = str(bench.cache)
    for name in COMMANDS:
        bench.commands[name] = undisturbed(bench, name)
    store_again(bench)
    bench.own = users_files(bench)
    return bench


def load_all() -> None:
    """Import every module of Pilotage, so that no forked process has to."""
    for module in pkgutil.walk_packages(pilotage.__path__, "pilotage."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()  # a forked process then shares the memory of what is loaded


def cheap_models(models: Path) -> None:
    """Have commands use specs of their own, with few features and few resamples, that learn from few schools."""
    shutil.copytree(assets.models(), models, ignore=shutil.ignore_patterns("*.json", "*.md"))
    yaml = YAML(typ="safe")
    for path in models.glob("leadership_*/spec.yaml"):
        with path.open(encoding="utf-8") as file:
            spec: dict[str, Any] = yaml.load(file)
        spec["features"] = {name: spec["features"][name] for name in FEATURES}
        spec["estimator"]["resamples"] = spec["calibration"]["resamples"] = 2
        spec["smallest_training"] = 20
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(spec, file)
    assets.models = lambda: models


def no_charts() -> None:
    """Have commands draw empty charts: what draws them writes no file, and takes a quarter of a run."""
    vl_convert.vegalite_to_svg = lambda _chart, **_options: '<svg viewBox="0 0 1 1"></svg>'


def undisturbed(bench: Bench, name: str) -> Undisturbed:
    """Return what a command gives and how long it takes, from runs without and with what it stores.

    The first is of one core, the second of all: the bytes must be the same. What it stores on all cores is compared
    after the faults.
    """
    out = bench.place / "runs" / name
    command = (name, COMMANDS[name], "--out", str(out), "--quiet", "--force")
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(bench.cache)
    expect_done(end(start(bench, command, on_one_core)))
    first, stored = content(out), content(bench.cache)
    again = expect_done(run(bench, command))
    if first != content(out):
        raise SystemExit(f"two undisturbed runs of {name} differ")
    bench.stored |= stored
    return Undisturbed(command, out, first, frozenset(stored), again.seconds, again.changes or 1)


def store_again(bench: Bench) -> None:
    """Have all stored files there that undisturbed commands have made."""
    for name, raw in bench.stored.items():
        write_whole(bench.cache / name, raw)


def on_one_core() -> None:
    """Let this process use one core and one thread."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    threadpoolctl.threadpool_limits(1)


def expect_done(ended: Ended) -> Ended:
    """Stop where an undisturbed command failed."""
    if ended.code:
        raise SystemExit(f"an undisturbed command ended with {ended.code}: {ended.said}")
    return ended


def users_files(bench: Bench) -> Files:
    """Return every file that is not Pilotage's own."""
    own = ("cache/", *(f"runs/{name}/" for name in COMMANDS))
    return {name: raw for name, raw in content(bench.place).items() if not name.startswith(own)}
