"""NeedThreshold."""

from __future__ import annotations

from pilotage.config.rules.need import NeedThreshold
from pilotage.placement.rules.traits import RuleTraits

RULES = (RuleTraits((NeedThreshold,), "bars", "post"),)
