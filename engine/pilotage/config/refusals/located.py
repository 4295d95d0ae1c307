"""Problems of a scenario's keys with the file and line that set them, whichever stage finds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pilotage.config.leaf import NAMED, Key, Leaf, Leaves, nearest_place, places_of
from pilotage.errors import PilotageError, Problem


@contextmanager
def located(leaves: Leaves) -> Iterator[None]:
    """Add to the problems raised within, where they name a key of the scenario, the file and line that set it."""
    try:
        yield
    except PilotageError as error:
        places = places_of(leaves)
        problems = [_located(problem, places) for problem in error.problems]
        raise type(error)(problems) from None


def _located(problem: Problem, places: dict[Key, Leaf]) -> Problem:
    leaf = None if _made_from_a_table(problem.key, places) else nearest_place(places, problem.key)
    if leaf is None:
        return problem
    return replace(problem, where=f"{leaf.origin}: {problem.where}", key=(), at=problem.at or leaf.at)


def _made_from_a_table(key: Key, places: dict[Key, Leaf]) -> bool:
    """Return whether a key is that of a pin or ban which no scenario sets: its name says what it was made from."""
    return any(key[: len(above)] == above and key[: len(above) + 1] not in places for above in NAMED)
