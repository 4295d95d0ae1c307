"""Prospects: posts that may come open, at every school in scope, and how many of them one leader may ask for."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from pilotage.config.part import Label, Level, Part, Phase

Chance = Annotated[float, Field(gt=0, le=1)]
ChanceOpen = Chance | dict[Level, dict[Phase, Chance]]
MOST_ASKS = 50


def _once_each(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """Refuse a level that is named twice."""
    twice = sorted({str(level) for level in levels if levels.count(level) > 1})
    if twice:
        raise ValueError(f"has {', '.join(twice)} twice: name each level once")
    return levels


class Prospects(Part):
    """Posts that may come open; a leader whom the plan sends to one asks there, and is not placed yet."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1), AfterValidator(_once_each), Label("Levels asked for")]
    """At which levels every school in scope may come to have a post, where the table of posts has none."""
    chance_open: Annotated[ChanceOpen | None, Label("Chance that a post comes open", "the evidence's")] = None
    """Chance that the post comes open, or of each level and phase; empty = the evidence's `turnover_yearly_...`."""
    asks_per_leader: Annotated[int, Field(ge=1, le=MOST_ASKS), Label("Most asks for one leader")] = 3
    """How many prospects one leader may ask for; their chances of being open and agreed add up to at most 1."""

    @model_validator(mode="after")
    def _of_asked_levels(self) -> Prospects:
        given = self.chance_open if isinstance(self.chance_open, dict) else {}
        odd = [level for level in given if level not in self.levels]
        if odd:
            raise ValueError(f"chance_open has {', '.join(odd)}, at which no prospects are asked for: see levels")
        return self

    def stated_chance(self, level: str, phase: str) -> float | None:
        """Return the chance that the scenario states; None where the evidence has it."""
        if not isinstance(self.chance_open, dict):
            return self.chance_open
        of_level = next((chances for name, chances in self.chance_open.items() if name == level), {})
        return next((chance for name, chance in of_level.items() if name == phase), None)
