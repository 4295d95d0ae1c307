"""Harness: one kind of input, drawn by a seed and answered; and the command line that all modules of inputs have."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.outcome import Outcome

Answer = tuple[Outcome, list[str]]  # how it ended, and what is wrong with that


@dataclass(frozen=True)
class Harness:
    """One kind of input: its name, and what a seed comes to in an empty folder of its own.

    ``share`` is its share of all inputs against the other kinds: 1 for one that takes some hundredths of a second.
    """

    name: str
    answer: Callable[[int, Path], Answer]
    share: float = 1.0


def answered(harness: Harness, seed: int, folder: Path) -> tuple[Outcome | None, list[str]]:
    """Return the answer to a seed; whatever is raised is wrong, and no outcome."""
    try:
        return harness.answer(seed, folder)
    except Exception as error:  # what no planner should see is what is looked for
        return None, [f"{type(error).__name__}: {str(error)[:200]}"]


def run(harnesses: Sequence[Harness], description: str | None) -> int:
    """Draw inputs, print what is wrong with each answer, and return whether any was wrong."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--examples", type=int, default=500, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first")
    asked, wrong = parser.parse_args(), 0
    for harness in harnesses:
        with tempfile.TemporaryDirectory() as folder:
            codes: dict[int | None, int] = {}
            for seed in range(asked.seed, asked.seed + asked.examples):
                outcome, faults = answered(harness, seed, Path(folder))
                code = None if outcome is None else outcome.code
                codes[code] = codes.get(code, 0) + 1
                wrong += bool(faults)
                print("\n".join(f"{harness.name} {seed}: {fault}" for fault in faults), end="\n" if faults else "")
            ended = ", ".join(f"{count:,} with {code}" for code, count in sorted(codes.items(), key=str))
            print(f"{harness.name}: {asked.examples:,} drawn; exit codes: {ended}")
    print(f"{wrong:,} answered wrongly")
    return int(wrong > 0)
