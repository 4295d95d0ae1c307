"""At most so many placements in any one authority, trust or region."""

from __future__ import annotations

from typing import Literal

from pilotage.config.part import Count
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import RuleModel


class Cap(Priced):
    """At most so many placements in any one authority, trust or region; a breach is one placement too many."""

    rule: Literal["authority_cap", "trust_cap", "region_cap"]
    count: Count
    """Maximum number of placements in each."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""


RULES: tuple[type[RuleModel], ...] = (Cap,)
