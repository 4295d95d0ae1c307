"""Only schools of high need receive a leader."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Share
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class NeedThreshold(Priced):
    """Only schools of high need, and those of a case quota, receive a leader; a breach is one placement."""

    rule: Literal["need_threshold"]
    minimum: Share | None = None
    """The least need; give this or `top_share`."""
    top_share: Annotated[float, Field(gt=0, le=1)] | None = None
    """The share of the schools of known need, highest first; give this or `minimum`."""
    unknown: Literal["bar", "keep"] = "bar"
    """What becomes of a school whose need is not known: unknown is not zero, so it is said here."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.minimum is None) == (self.top_share is None):
            raise ValueError("needs either minimum or top_share, and not both")
        return self


RULES: tuple[type[RuleModel], ...] = (NeedThreshold,)
