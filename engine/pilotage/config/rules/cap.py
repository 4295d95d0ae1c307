"""At most so many placements in any one authority, trust or region."""

from __future__ import annotations

from typing import ClassVar, Literal

from pilotage.config.part import Count
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.words import plural

PLACES = {"authority_cap": "local authority", "trust_cap": "trust", "region_cap": "region"}


class Cap(Priced):
    """At most so many placements in any one authority, trust or region; a breach is one placement too many."""

    limits_each_place: ClassVar[bool] = True

    rule: Literal["authority_cap", "trust_cap", "region_cap"]
    count: Count
    """Maximum number of placements in each."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"at most {plural(self.count, 'placement')} in any one {PLACES[self.rule]}"


RULES: tuple[type[RuleModel], ...] = (Cap,)
