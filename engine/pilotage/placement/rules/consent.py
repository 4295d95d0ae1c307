"""Consent."""

from __future__ import annotations

from pilotage.config.rules.consent import Consent
from pilotage.placement.rules.traits import RuleTraits

RULES = (RuleTraits((Consent,), "bars", "post"),)
