"""How far leaders travel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pilotage.config.part import Label
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class Travel(Priced):
    """A post lies within the leader's own travel limit, unless the leader relocates; a breach is one placement."""

    rule: Literal["travel"]
    max_km: Annotated[
        Annotated[float, Field(ge=0, le=10_000)] | None, Label("Farthest distance for every leader, in km")
    ] = None
    """A ceiling for every leader, whatever the leader's own limit; empty = none."""
    relocation: Annotated[bool, Label("Leaders who relocate may go anywhere in their willing regions")] = True
    """Whether leaders who relocate may go anywhere within their willing regions."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        ceiling = "" if self.max_km is None else f" and {self.max_km:g} km"
        moving = ", or the leader relocates to a willing region" if self.relocation else ""
        return f"the post is within the leader's travel limit{ceiling}{moving}"


RULES: tuple[type[RuleModel], ...] = (Travel,)
