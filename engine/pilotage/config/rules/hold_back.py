"""Schools drawn by lot receive nobody: the comparison group of a trial."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pilotage.config.part import Seed
from pilotage.config.rules.rule_model import RuleModel


class HoldBack(RuleModel):
    """Schools drawn by lot receive nobody: the comparison group of a trial."""

    rule: Literal["hold_back"]
    posts: Annotated[int, Field(ge=1, le=100_000)]
    """How many of the posts that could be filled are drawn; their schools receive nobody at all."""
    seed: Seed = 1
    """Seed of the draw: the same seed and the same eligible posts give the same draw."""


RULES: tuple[type[RuleModel], ...] = (HoldBack,)
