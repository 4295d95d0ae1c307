"""Every harness, in one place, with its share of all inputs. A new kind of input is named here."""

from __future__ import annotations

from fuzz import downloads, generated, leavers, official, official_folders, samples, scenarios, specs
from fuzz.harness import Harness

HARNESSES: tuple[Harness, ...] = (
    *scenarios.HARNESSES,
    *generated.HARNESSES,
    *specs.HARNESSES,
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
