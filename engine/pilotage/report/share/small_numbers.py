"""Small numbers hidden: a count of few schools can point at a school, and a total can give a hidden count away.

A count that is hidden and one that is hidden to protect it look the same, so that nobody can tell which is which.
"""

from __future__ import annotations

from collections.abc import Sequence

FEWEST_SCHOOLS = 5
FEWEST_PUPILS = 10


def too_few(schools: int) -> bool:
    """Return whether a count of schools is too small to show; none at all is no secret."""
    return 0 < schools < FEWEST_SCHOOLS


def hidden(small: Sequence[bool], counts: Sequence[int], sizes: Sequence[int]) -> tuple[list[bool], bool]:
    """Return which areas' counts are not shown, and whether their total, which is shown otherwise, is not.

    Where those of one area alone would be hidden, the total gives them away: those of the area with the smallest count
    are hidden too, of equals the first, one of none last. Where no other area could hide them, the total is hidden.

    Parameters
    ----------
    small
        By area, whether a count must not be shown.
    counts
        By area; they add up to the total.
    sizes
        Schools in scope of each area: what an area without a school has is no secret, and hides nothing.
    """
    cells = list(small)
    if sum(cells) != 1:
        return cells, False
    others = [place for place, size in enumerate(sizes) if size and not cells[place]]
    if not others:
        return cells, True
    cells[min(others, key=lambda place: (counts[place] == 0, counts[place], place))] = True
    return cells, False
