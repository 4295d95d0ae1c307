"""Harness: one kind of input, drawn by a seed and answered; and the command line that all modules of inputs have."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz.outcome import Outcome

Answer = tuple[Outcome, list[str]]  # how it ended, and what is wrong with that


@dataclass(frozen=True)
class Harness:
    """One kind of input: its name, and what a seed comes to; the folder is that of the seed before.

    ``share`` is how many of 1,000 inputs are of this kind where all kinds are drawn.
    """

    name: str
    answer: Callable[[int, Path], Answer]
    share: int = 100


class TooLongError(BaseException):
    """An input that takes longer than it may; nothing that is tried catches it."""


def answered(harness: Harness, seed: int, folder: Path) -> tuple[int | None, list[str]]:
    """Return the exit code of a seed and what is wrong; whatever else is raised is wrong, and has no exit code."""
    try:
        outcome, wrong = harness.answer(seed, folder)
    except (KeyboardInterrupt, SystemExit):
        raise
    except TooLongError as error:
        return None, [str(error)]
    except BaseException as error:  # what no planner should see is what is looked for
        return None, [f"{type(error).__name__}: {str(error)[:200]}"]
    return outcome.code, wrong


def run(harnesses: Sequence[Harness], description: str | None) -> int:
    """Draw inputs, print what is wrong with each answer, and return whether any was wrong."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--examples", type=int, default=500, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first")
    asked, wrong = parser.parse_args(), 0
    for harness in harnesses:
        codes: Counter[int | None] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(asked.seed, asked.seed + asked.examples):
                code, faults = answered(harness, seed, Path(folder))
                codes[code] += 1
                wrong += bool(faults)
                print("\n".join(f"{harness.name} {seed}: {fault}" for fault in faults), end="\n" if faults else "")
        ended = ", ".join(f"{count:,} with {code}" for code, count in sorted(codes.items(), key=str))
        print(f"{harness.name}: {asked.examples:,} drawn; exit codes: {ended}")
    print(f"{wrong:,} answered wrongly")
    return int(wrong > 0)
