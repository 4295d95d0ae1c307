"""HoldBack."""

from __future__ import annotations

from pilotage.config.rules.hold_back import HoldBack
from pilotage.placement.rules.traits import RuleTraits

RULES = (RuleTraits((HoldBack,), "bars", "pair"),)
