"""Leaders who go together."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pilotage.config.part import Label
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost

PART_OF_TEAM = RuleBar("part_of_team", "only part of a team could go there")
CANNOT_GO = NoPost(
    "team_cannot_go",
    "No place in reach can take the whole team",
    "no place in reach can take the leader's whole team (rule {rule})",
)
ELSEWHERE = NoPost(
    "team_elsewhere",
    "The whole team would have to go, and that is worth less than what the plan does",
    "the leader's team goes whole or not at all, and is worth less than what is done instead",
)


class Teams(Priced):
    """Leaders of one team are all placed together, or none of them; a breach is one team that is not."""

    binds_teams: ClassVar[bool] = True
    kept_or_removed: ClassVar[bool] = True
    one_post: ClassVar[bool] = False
    bars: ClassVar[tuple[RuleBar, ...]] = (PART_OF_TEAM,)
    no_post: ClassVar[NoPost | None] = CANNOT_GO
    at_limit: ClassVar[NoPost | None] = ELSEWHERE

    rule: Literal["teams"]
    together: Annotated[Literal["school", "authority"], Label("What together means")] = "school"
    """What together means: in one school, or in one local authority."""
    when_impossible: Annotated[Literal["refuse", "leave"], Label("Where no school can take a whole team")] = "refuse"
    """Where no school can take a whole team: refuse to plan and name the team, or leave the team out of the plan."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        place = "school" if self.together == "school" else "local authority"
        return f"a team goes whole to one {place} in one year, or not at all"

    def eased(self) -> dict[str, Figure | str]:
        """Return what leaves a team out that no place can take."""
        return {"when_impossible": "leave"}


RULES: tuple[type[RuleModel], ...] = (Teams,)
