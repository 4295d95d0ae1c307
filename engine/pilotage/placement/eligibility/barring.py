"""What is barred while pairs are made: why nobody may take a post, and how much each rule alone bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pilotage.domain.bars import BarCount, Barred


@dataclass
class Barring:
    """The posts that nobody may take (by position) and the counts of the rules, filled rule by rule."""

    reasons: dict[int, Barred] = field(default_factory=dict)
    alone: dict[tuple[str, Literal["pair", "post"]], int] = field(default_factory=dict)

    def close(self, posts: Iterable[int], rule: str, why: str) -> None:
        """Note that nobody may take ``posts``; what is noted last holds."""
        self.reasons |= dict.fromkeys((int(post) for post in posts), Barred(rule, why))

    def measure(self, distances_km: dict[int, float]) -> None:
        """Note how far the nearest suitable leader lives from posts that are closed already."""
        for post, km in distances_km.items():
            self.reasons[post] = self.reasons[post]._replace(nearest_km=km)

    def count(self, rule: str, unit: Literal["pair", "post"], number: int) -> None:
        """Add to what a rule alone bars."""
        self.alone[rule, unit] = self.alone.get((rule, unit), 0) + int(number)

    @property
    def counts(self) -> tuple[BarCount, ...]:
        """Return what each rule alone bars, in the order in which they were counted."""
        return tuple(BarCount(rule, unit, number) for (rule, unit), number in self.alone.items())
