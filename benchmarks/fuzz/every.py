"""Every harness, in one place, with its share of all inputs. A new kind of input is named here."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fuzz import (
    downloads,
    forecasts,
    generated,
    leavers,
    odd_files,
    official,
    official_folders,
    rules,
    samples,
    scenarios,
    specs,
    tables,
)
from fuzz.harness import Answer, Harness


def _answer_to_table(kind: str, seed: int, folder: Path) -> Answer:
    """Return what a planner's table of a seed, as a text or a workbook, comes to, and what is wrong with that."""
    return tables.faults_of_table(tables.drawn_file(seed, kind), folder)


HARNESSES: tuple[Harness, ...] = (
    *scenarios.HARNESSES,
    *generated.HARNESSES,
    *rules.HARNESSES,
    *specs.HARNESSES,
    Harness("planners' tables, CSV", partial(_answer_to_table, "text"), 120),
    Harness("planners' tables, XLSX", partial(_answer_to_table, "workbook"), 60),
    *forecasts.HARNESSES,
    *odd_files.HARNESSES,
    *official.HARNESSES,
    *official_folders.HARNESSES,
    *samples.HARNESSES,
    *leavers.HARNESSES,
    *downloads.HARNESSES,
)


def counts(inputs: int) -> dict[str, int]:
    """Return how many of some inputs are of each harness, by name; at least one of each."""
    whole = sum(harness.share for harness in HARNESSES)
    return {harness.name: max(1, round(inputs * harness.share / whole)) for harness in HARNESSES}


def named(name: str) -> Harness:
    """Return the harness of a name."""
    return next(harness for harness in HARNESSES if harness.name == name)
