"""SharedPart: what a placement counts of its benefit where several leaders of a plan share a school's pupils."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SharedPart:
    """What one pair of a plan loses to the other leaders of its school.

    Attributes
    ----------
    lost
        Pupil-months, not weighted: counted for the leaders beside it.
    counted
        The share of what the pair adds that is its own, from 0 to 1.
    beside
        The leaders (or regions of support) that the plan sends to the school beside this one, in the order of the pool.
    """

    lost: float
    counted: float
    beside: tuple[str, ...]


Sharing = dict[int, SharedPart]  # by pair of the problem, where it loses anything
