"""Cover: how much of England a list of schools covers, and of which day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_NAMED = 8  # authorities that a sentence names


@dataclass(frozen=True)
class Cover:
    """A list of schools held against what all England has (``data/reference/england.yaml``).

    Attributes
    ----------
    listed_on
        The day as at which the list speaks; null where it states none.
    authorities
        How many local authorities England has, without those of one school.
    absent
        Those of which the list has no school, by region; a region that is absent as a whole is named alone.
    absent_authorities
        How many they are.
    short
        Phases of which the list has too few schools for all England: phase, schools, the fewest that there were.
    """

    listed_on: date | None
    authorities: int
    absent: tuple[str, ...] = ()
    absent_authorities: int = 0
    short: tuple[tuple[str, int, int], ...] = ()

    def is_part(self, phases: tuple[str, ...]) -> bool:
        """Return whether the list covers a part of England only, for a scope of some phases (none: all)."""
        return bool(self.absent or self.short_of(phases))

    def short_of(self, phases: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
        """Return the phases of a scope that are short; all-through schools count as secondary ones."""
        wanted = {"secondary" if phase == "all_through" else phase for phase in phases}
        return tuple(each for each in self.short if not phases or each[0] in wanted)


def part_words(cover: Cover, phases: tuple[str, ...]) -> str:
    """Return in words what a list that covers a part of England has, and what it lacks."""
    parts = []
    if cover.absent:
        rest = len(cover.absent) - MOST_NAMED
        named = ", ".join(cover.absent[:MOST_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
        there = cover.authorities - cover.absent_authorities
        parts.append(f"{there:,} of {cover.authorities:,} local authorities (absent: {named})")
    for phase, schools, fewest in cover.short_of(phases):
        parts.append(f"{schools:,} {phase} schools, of at least {fewest:,} in England")
    return "; ".join(parts)
