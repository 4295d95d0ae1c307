"""A school must agree to receive a leader."""

from __future__ import annotations

from typing import ClassVar, Literal

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import RuleBar

REFUSED = RuleBar("consent_refused", "the school does not consent", "is at a school that consents", "refused")
UNKNOWN = RuleBar("consent_unknown", "consent is not yet known", "is at a school that has answered yet", "not answered")


class Consent(Priced):
    """A school must agree to receive a leader; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (REFUSED, UNKNOWN)

    rule: Literal["consent"]
    accept_unknown: bool = False
    """Whether a post whose consent is not yet known may be planned."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"the school agrees to receive a leader{', or has not answered yet' if self.accept_unknown else ''}"


RULES: tuple[type[RuleModel], ...] = (Consent,)
