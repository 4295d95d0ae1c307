"""Only schools of high need receive a leader."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Label, Share
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel
from pilotage.domain.bars import RuleBar

LOW = RuleBar(
    "need_low", "its need is below the threshold", "is at a school whose need reaches the threshold", "below it"
)
UNKNOWN = RuleBar("need_unknown", "its need is not known", "is at a school whose need is known", "not known")


class NeedThreshold(Priced):
    """Only schools of high need, and those of a case quota, receive a leader; a breach is one placement."""

    bars: ClassVar[tuple[RuleBar, ...]] = (LOW, UNKNOWN)

    rule: Literal["need_threshold"]
    minimum: Annotated[Share | None, Label("Least need")] = None
    """The least need, the same in every phase; give this or `top_share`."""
    top_share: Annotated[Annotated[float, Field(gt=0, le=1)] | None, Label("Share of schools of highest need")] = None
    """The share of the schools of known need, highest first; give this or `minimum`. 0.3333 is a third."""
    within: Annotated[Literal["phase", "all"], Label("What the share is of")] = "phase"
    """What `top_share` is a share of: the schools in scope of the school's own phase, or all schools in scope."""
    unknown: Annotated[Literal["bar", "keep"], Label("Schools whose need is not known")] = "bar"
    """What becomes of a school whose need is not known: unknown is not zero, so it is said here."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.minimum is None) == (self.top_share is None):
            raise ValueError("needs either minimum or top_share, and not both")
        return self

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        unknown = "" if self.unknown == "bar" else "; schools of unknown need are let through"
        if self.top_share is not None:
            among = "its phase" if self.within == "phase" else "all schools"
            return f"the school's need is among the highest {self.top_share:.0%} of {among}{unknown}"
        return f"the school's need is at least {self.minimum or 0:.0%}{unknown}"


RULES: tuple[type[RuleModel], ...] = (NeedThreshold,)
