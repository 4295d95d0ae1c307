"""How many placements of an earlier plan are given up."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pilotage.config.part import Count
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class Moves(Priced):
    """At most so many placements of an earlier plan are given up; a breach is one more."""

    rule: Literal["moves"]
    earlier_plan: Path
    """The placements.csv of the earlier plan."""
    count: Count
    """How many of its placements may be given up."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"at most {self.count} of the placements of the earlier plan given up"

    def plan_before(self) -> Path | None:
        """Return the placements.csv of the earlier plan."""
        return self.earlier_plan


RULES: tuple[type[RuleModel], ...] = (Moves,)
