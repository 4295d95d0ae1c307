"""Shares of the placements by phase."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Part, Phase, Share
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import Figure, RuleModel


class Between(Part):
    """A share between two limits."""

    minimum: Share = 0.0
    """The least share."""
    maximum: Share = 1.0
    """The largest share."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("has a minimum above its maximum")
        return self


class PhaseBalance(Priced):
    """Each phase named gets a share of the placements between two limits; a breach is one placement."""

    rule: Literal["phase_balance"]
    shares: Annotated[dict[Phase, Between], Field(min_length=1)]
    """Limits of the share of placements, by phase."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    @model_validator(mode="after")
    def _together_possible(self) -> Self:
        if sum(limits.minimum for limits in self.shares.values()) > 1 + 1e-9:
            raise ValueError("has minimums that add up to more than the whole")
        return self

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        limits = (
            f"{name.replace('_', ' ')} schools {between.minimum:.0%} to {between.maximum:.0%}"
            for name, between in self.shares.items()
        )
        return f"of the placements: {', '.join(limits)}"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the minimum of a phase, which is loosened down to nothing, or its maximum, upwards."""
        phase, side = (str(name) for name in part)
        return Figure(("shares", phase, side), 0 if side == "minimum" else 1, whole=False)


RULES: tuple[type[RuleModel], ...] = (PhaseBalance,)
