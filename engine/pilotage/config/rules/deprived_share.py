"""A share of the benefit for the most deprived schools."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pilotage.config.part import Label, Share
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import Figure, RuleModel


class DeprivedShare(Priced):
    """At least a share of the benefit goes to the most deprived schools; a breach is one pupil-month too few."""

    rule: Literal["deprived_share"]
    share: Share
    """The least share of the plan's benefit."""
    most_deprived: Annotated[float, Field(gt=0, le=1), Label("Part of the schools that counts as most deprived")] = 0.2
    """Which schools count: this part of those in scope, by share of pupils with free school meals in six years."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"at least {self.share:.0%} of the benefit in the most deprived {self.most_deprived:.0%} of schools"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the share, which is loosened down to nothing."""
        return Figure(("share",), 0, whole=False)


RULES: tuple[type[RuleModel], ...] = (DeprivedShare,)
