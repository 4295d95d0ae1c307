"""Small numbers hidden: a count of few schools can point at a school, and a total can give a hidden count away.

A count that is hidden and one that is hidden to protect it look the same, so that nobody can tell which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_SCHOOLS = 5
FEWEST_PUPILS = 10


def too_few(schools: int) -> bool:
    """Return whether a count of schools is too small to show; none at all is no secret."""
    return 0 < schools < FEWEST_SCHOOLS


@dataclass(frozen=True)
class Hidden:
    """What of a table is not shown: the counts of some areas, and the totals of some columns."""

    areas: tuple[bool, ...]
    totals: tuple[bool, ...]


def hidden(columns: Sequence[Sequence[int]], small: Sequence[bool], sizes: Sequence[int]) -> Hidden:
    """Return what is not shown of counts that are hidden together in an area.

    What is hidden must not follow from a total. So an area that need not be hidden is hidden beside those that must
    be, and of each column whose total is shown nothing or at least ``FEWEST_SCHOOLS`` is hidden. Until that holds, the
    areas with the smallest counts are hidden too: all of equals, so that their order tells nothing, and those that
    have none last. Where no area is left, totals are hidden.

    Parameters
    ----------
    columns
        Counts of schools by area, each column with a total.
    small
        By area, whether it has a count that must not be shown.
    sizes
        Schools in scope of each area: what an area without a school has is no secret, and hides nothing.
    """
    areas = list(small)
    weights = [sum(column[place] for column in columns) for place in range(len(sizes))]
    while any(areas) and not all(_safe(column, areas, small) for column in columns):
        left = [place for place, size in enumerate(sizes) if size and not areas[place]]
        if not left:
            break
        least = min((weights[place] == 0, weights[place]) for place in left)[1]
        areas = [hide or (place in left and weights[place] == least) for place, hide in enumerate(areas)]
    no_total = [too_few(sum(column)) or (any(areas) and not _safe(column, areas, small)) for column in columns]
    return Hidden(tuple(areas), tuple(no_total))


def _safe(column: Sequence[int], areas: Sequence[bool], small: Sequence[bool]) -> bool:
    """Return whether the total of a column, if it is shown, gives away nothing of the areas that are hidden."""
    of_hidden = sum(count for count, hide in zip(column, areas, strict=True) if hide)
    return sum(column) < FEWEST_SCHOOLS or (sum(areas) > sum(small) and not too_few(of_hidden))
