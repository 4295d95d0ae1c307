"""How many placements and asks of an earlier plan are given up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pilotage.config.part import MOST_COUNTED, Count, Label
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import Figure, RuleModel


class Moves(Priced):
    """At most so many placements, and asks, of an earlier plan are given up; a breach is one more."""

    rule: Literal["moves"]
    earlier_plan: Path
    """The placements.csv of the earlier plan."""
    earlier_asks: Annotated[Path | None, Label("The asks.csv beside it", "asks do not count")] = None
    """The asks.csv beside it; its asks then count too, unless an answer has ended them. Empty = asks do not count."""
    count: Count
    """How many of its placements, and asks, may be given up."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        beside = "" if self.earlier_asks is None else "and asks "
        return f"at most {self.count} of the placements {beside}of the earlier plan given up"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return how many may be given up, which is loosened upwards."""
        return Figure(("count",), MOST_COUNTED)

    def plan_before(self) -> Path | None:
        """Return the placements.csv of the earlier plan."""
        return self.earlier_plan

    def asks_before(self) -> Path | None:
        """Return the asks.csv of the earlier plan."""
        return self.earlier_asks


RULES: tuple[type[RuleModel], ...] = (Moves,)
