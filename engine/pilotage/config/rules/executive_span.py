"""How many schools an executive leader leads."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class ExecutiveSpan(Priced):
    """An executive leader leads several schools or none; a breach is one post below the minimum."""

    once: ClassVar[str] = "a leader has one span"

    rule: Literal["executive_span"]
    minimum: Annotated[int, Field(ge=1, le=6)] = 3
    """The fewest posts an executive leader takes, if any; the most is the leader's own span."""
    span_when_blank: Annotated[int, Field(ge=1, le=6)] = 3
    """The span of an executive leader whose table gives none."""
    one_trust: bool = False
    """Whether the schools of one executive leader all belong to one trust."""
    when_short: Literal["refuse", "reduce"] = "refuse"
    """Where a leader's span exceeds the posts in reach: refuse to plan and name the leader, or reduce the span."""


RULES: tuple[type[RuleModel], ...] = (ExecutiveSpan,)
