"""Schools that somebody supports already are left out."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pilotage.config.part import Label
from pilotage.config.rules.priced import Counted
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import RuleBar

SUPPORTED = RuleBar(
    "supported_already", "somebody supports the school already", "is at a school that nobody supports yet", "supported"
)
AWAY = {
    "place": "no leader is placed",
    "support": "no leader in post is supported",
    "both": "nobody is placed or supported",
}


class LeaveOutSupported(RuleModel):
    """Schools that somebody supports already, by the table `pool.schools`, are left out; never broken."""

    bars: ClassVar[tuple[RuleBar, ...]] = (SUPPORTED,)

    rule: Literal["leave_out_supported"]
    what: Annotated[Counted, Label("What these schools do not get")] = "both"
    """What these schools do not get: leaders (`place`), support of their leader in post (`support`), or `both`."""
    by: Annotated[tuple[str, ...], Label("Who supports them", "anybody")] = ()
    """Only schools that one of these supports, as the table names them in `supported_by`; empty = any."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"{AWAY[self.what]} at a school that {', '.join(self.by) or 'somebody'} supports already"

    def supporters(self) -> tuple[str, ...] | None:
        """Return the names that the rule asks for."""
        return self.by


RULES: tuple[type[RuleModel], ...] = (LeaveOutSupported,)
