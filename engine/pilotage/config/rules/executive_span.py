"""How many schools an executive leader leads."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pilotage.config.part import Label
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost

FEW_POSTS = RuleBar("few_posts", "no executive leader may lead enough posts here")
TOO_FEW = NoPost(
    "too_few_posts", "Too few posts in reach for an executive leader", "{posts} in reach, too few to lead together"
)
NOT_FILLED = NoPost(
    "span_not_filled",
    "Too few posts are left for an executive leader to lead several",
    "an executive leader leads several schools or none, and what is left is worth less or too few",
)

LEAST = "least"  # what a row of it is called that states the minimum


class ExecutiveSpan(Priced):
    """An executive leader leads several schools or none; a breach is one post below the minimum."""

    once: ClassVar[str] = "a leader has one span"
    one_post: ClassVar[bool] = False
    bars: ClassVar[tuple[RuleBar, ...]] = (FEW_POSTS,)
    no_post: ClassVar[NoPost | None] = TOO_FEW
    at_limit: ClassVar[NoPost | None] = NOT_FILLED

    rule: Literal["executive_span"]
    minimum: Annotated[int, Field(ge=1, le=6), Label("Fewest posts of an executive leader")] = 3
    """The fewest posts an executive leader takes, if any; the most is the leader's own span."""
    span_when_blank: Annotated[int, Field(ge=1, le=6)] = 3
    """The span of an executive leader whose table gives none."""
    one_trust: Annotated[bool, Label("All schools of one trust")] = False
    """Whether the schools of one executive leader all belong to one trust."""
    when_short: Annotated[Literal["refuse", "reduce"], Label("Where a span exceeds the posts in reach")] = "refuse"
    """Where a leader's span exceeds the posts in reach: refuse to plan and name the leader, or reduce the span."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        trust = ", all of one trust" if self.one_trust else ""
        return f"an executive leader leads from {self.minimum} schools to the leader's span{trust}, or none"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the minimum, which is loosened down to one post, of the rows that state it."""
        return Figure(("minimum",), 1, whole=False) if part[-1] == LEAST else None

    def eased(self) -> dict[str, Figure | str]:
        """Return what reduces a span that exceeds the posts in reach, and the minimum, which may exceed a span."""
        return {"when_short": "reduce", "minimum": Figure(("minimum",), 1, whole=False)}

    def no_post_words(self, code: str) -> str | None:
        """Return why an executive leader has no post, with the least number of schools."""
        if code != TOO_FEW.code:
            return None
        trust = " of one trust" if self.one_trust else ""
        least = f"an executive leader leads at least {self.minimum} schools{trust}"
        return f"{least}, which the {{posts}} in reach do not allow"


RULES: tuple[type[RuleModel], ...] = (ExecutiveSpan,)
