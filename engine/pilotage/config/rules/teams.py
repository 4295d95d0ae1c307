"""Leaders who go together."""

from __future__ import annotations

from typing import ClassVar, Literal

from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import RuleModel


class Teams(Priced):
    """Leaders of one team are all placed together, or none of them; a breach is one team that is not."""

    binds_teams: ClassVar[bool] = True

    rule: Literal["teams"]
    together: Literal["school", "authority"] = "school"
    """What together means: in one school, or in one local authority."""
    when_impossible: Literal["refuse", "leave"] = "refuse"
    """Where no school can take a whole team: refuse to plan and name the team, or leave the team out of the plan."""


RULES: tuple[type[RuleModel], ...] = (Teams,)
