"""Problems of a scenario's keys with the file and line that set them, whichever stage finds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pilotage.config.leaf import Leaves
from pilotage.errors import PilotageError, Problem


@contextmanager
def located(leaves: Leaves) -> Iterator[None]:
    """Add to the problems raised within, where they name a key of the scenario, the file and line that set it."""
    try:
        yield
    except PilotageError as error:
        problems = [_located(problem, leaves) for problem in error.problems]
        raise type(error)(problems) from None


def _located(problem: Problem, leaves: Leaves) -> Problem:
    for length in range(len(problem.key), 0, -1):
        above = problem.key[:length]
        leaf = leaves.get(above) or next((leaf for key, leaf in leaves.items() if key[:length] == above), None)
        if leaf is not None:
            return replace(problem, where=f"{leaf.origin}: {problem.where}", key=())
    return problem
