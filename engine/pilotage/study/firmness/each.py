"""Many problems solved, each alone, in several processes where they are large: the same results in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from joblib import Parallel, cpu_count, delayed

from pilotage.domain.progress import Progress

Result = TypeVar("Result")
Say = Callable[[str], None]

LARGE = 20_000  # pairs of a problem; below, starting processes takes longer than solving
STEPS = 10  # times at most that a step says how far it is


@dataclass(frozen=True)
class Workers:
    """How many processes solve, and who is told how far they are."""

    jobs: int
    say: Say


def workers(pairs: int, say: Say) -> Workers:
    """Return as many workers as are worth their start for problems of so many pairs."""
    return Workers(cpu_count() if pairs >= LARGE else 1, say)


def each(tasks: Iterable[Callable[[], Result]], total: int, doing: str, work: Workers) -> list[Result]:
    """Return what each of ``total`` tasks gives, in their order; ``doing`` says what is done."""
    results: list[Result] = []
    if not total:
        return results
    pool = Parallel(n_jobs=work.jobs, return_as="generator", mmap_mode="c")
    for result in pool(delayed(_done)(task) for task in tasks):
        results.append(result)
        done = len(results)
        if done * STEPS // total > (done - 1) * STEPS // total:
            work.say(Progress(f"{doing}: {done:,} of {total:,}", done, total))
    return results


def _done(task: Callable[[], Result]) -> Result:
    return task()
