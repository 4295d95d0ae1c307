"""A school must agree to receive a leader."""

from __future__ import annotations

from typing import Literal

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class Consent(Priced):
    """A school must agree to receive a leader; a breach is one placement."""

    rule: Literal["consent"]
    accept_unknown: bool = False
    """Whether a post whose consent is not yet known may be planned."""


RULES: tuple[type[RuleModel], ...] = (Consent,)
