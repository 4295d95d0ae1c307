"""Schools drawn by lot receive nobody: the comparison group of a trial."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pilotage.config.part import Label, Seed
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost
from pilotage.domain.words import plural

HELD_BACK = RuleBar("held_back", "held back by lot: in the trial's comparison group", by_lot=True)
BESIDE = RuleBar("beside_held_back", "its school is in the trial's comparison group")
ALL_HELD_BACK = NoPost(
    "held_back",
    "The only posts in reach are in a trial's comparison group",
    "every {noun} in reach is in a trial's comparison group",
)


class HoldBack(RuleModel):
    """Schools drawn by lot receive nobody: the comparison group of a trial."""

    bars: ClassVar[tuple[RuleBar, ...]] = (HELD_BACK, BESIDE)
    no_post: ClassVar[NoPost | None] = ALL_HELD_BACK

    rule: Literal["hold_back"]
    posts: Annotated[int, Field(ge=1, le=100_000), Label("Posts that are drawn")]
    """How many of the posts that could be filled are drawn; their schools receive nobody at all."""
    seed: Annotated[Seed, Label("Seed of the draw")] = 1
    """Seed of the draw: the same seed and the same eligible posts give the same draw."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"the schools of {plural(self.posts, 'post')} drawn by lot receive nobody: a trial's comparison group"

    def eased(self) -> dict[str, Figure | str]:
        """Return how many are drawn, which may exceed the posts that could be filled."""
        return {"posts": Figure(("posts",), 1, whole=False)}


RULES: tuple[type[RuleModel], ...] = (HoldBack,)
