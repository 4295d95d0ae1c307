"""Rows that stand and fall together: those of one rule, of one of its figures, or of one pin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pilotage.domain.plan import PlacementProblem, Row


@dataclass(frozen=True)
class Group:
    """Rows of a problem (positions, ascending) that one key of the scenario asks for."""

    key: tuple[str, ...]
    rows: tuple[int, ...]


def grouped(problem: PlacementProblem, key_of: Callable[[Row], tuple[str, ...]]) -> tuple[Group, ...]:
    """Return the rows of a problem by the key of each, in order of first use."""
    rows = dict[tuple[str, ...], list[int]]()
    for number, row in enumerate(problem.rows):
        rows.setdefault(key_of(row), []).append(number)
    return tuple(Group(key, tuple(numbers)) for key, numbers in rows.items())


def by_rule(problem: PlacementProblem) -> tuple[Group, ...]:
    """Return a group for each rule, pin and setting of the scenario that asks for rows."""
    return grouped(problem, lambda row: (row.key or row.name,))
