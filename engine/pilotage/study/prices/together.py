"""All prices of a run: one after the other, and in several processes where that would take long.

Each price rests on its own change alone, so that neither the order nor the number of processes changes any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from joblib import Parallel, cpu_count, delayed

from pilotage.domain.findings.prices import Price, PriceQuestion, Prices
from pilotage.domain.plan import Status
from pilotage.domain.progress import Progress
from pilotage.study.prices.answered import Ready, price, ready, without_solving
from pilotage.study.prices.asked import answered, questions
from pilotage.study.prices.base import Base

SECONDS_ALONE = 3.0  # after which the rest goes to other processes, which take about as long to start
PARTS = 3  # of the rest for each process: changes differ in how long they take

Say = Callable[[str], None]
Numbered = Sequence[tuple[int, PriceQuestion]]


def prices(base: Base, say: Say, processes: int | None = None, seconds_alone: float = SECONDS_ALONE) -> Prices:
    """Return the price of every change of a run, in the order of ``asked.questions``.

    Parameters
    ----------
    processes
        How many at most; None = as many as the computer has cores. The prices are the same for any number.
    seconds_alone
        Seconds of processor time that this process works alone before it is helped.
    """
    asked = questions(base)
    say(f"Pricing {len(asked):,} changes")
    given = ready(base, asked)
    made = without_solving(given, asked)
    left = [(number, asked[number]) for number, known in enumerate(made) if known is None]
    several = processes or cpu_count()
    for done, (number, solved) in enumerate(_solved(given, left, several, seconds_alone), start=1):
        made[number] = solved
        say(Progress(f"Solved again for {done} of {len(left)} changes", done, len(left)))
    worth = (base.plan.objective or 0) / base.solved.scale
    best = base.plan.status is Status.OPTIMAL
    return Prices(worth, best, tuple(each for each in made if each is not None), answered(base))


def _solved(given: Ready, asked: Numbered, processes: int, seconds_alone: float) -> Iterator[tuple[int, Price]]:
    """Yield each price with the number of its question, as they are made."""
    start, done = time.process_time(), 0
    while done < len(asked) and (processes == 1 or time.process_time() - start <= seconds_alone):
        yield from _part(given, asked[done : done + 1])
        done += 1
    rest = asked[done:]
    parts = [rest[first :: processes * PARTS] for first in range(min(len(rest), processes * PARTS))]
    if parts:
        run = Parallel(n_jobs=min(processes, len(parts)), return_as="generator_unordered")
        for made in run(delayed(_part)(given, part) for part in parts):
            yield from made


def _part(given: Ready, asked: Numbered) -> list[tuple[int, Price]]:
    return [(number, price(given, question)) for number, question in asked]
