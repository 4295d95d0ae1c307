"""Rules that are hard, or broken at a price in pupil-months for each unit of breach."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from pilotage.config.part import Label, Price
from pilotage.config.rules.rule_model import RuleModel

Counted = Annotated[Literal["place", "support", "both"], Label("What counts as a placement")]
"""What counts as a placement: leaders placed, leaders in post supported, or both."""


class Priced(RuleModel):
    """A rule that is hard, or that a plan may break at a price."""

    hard: Annotated[bool | None, Label("Never broken", "yes, unless it has a price")] = None
    """`true`: never broken (what an empty value means, unless a price is given); `false`: broken at `price`."""
    price: Annotated[Price | None, Label("Pupil-months for each breach", "never broken")] = None
    """Pupil-months that each unit of breach costs the plan; empty = the rule is hard."""

    @model_validator(mode="after")
    def _hard_or_priced(self) -> Self:
        if self.hard and self.price is not None:
            raise ValueError("is hard and has a price: give one of the two")
        if self.hard is False and self.price is None:
            raise ValueError("is not hard and has no price: give a price in pupil-months")
        return self

    def breach_price(self) -> float | None:
        """Return what a unit of breach costs in pupil-months; None where the rule is hard."""
        return self.price
