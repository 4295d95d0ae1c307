"""Prospects: posts that may come open, at every school in scope, and how many of them one leader may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, model_validator

from pilotage.config.part import Level, Part, Phase

Chance = Annotated[float, Field(gt=0, le=1)]
ChanceOpen = Chance | dict[Level, dict[Phase, Chance]]
MOST_ASKS = 50


def _levels(value: Any) -> Any:
    """Refuse what is no list of levels, each once."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f"is no list of levels, such as [head]; the levels are {_named(Level)}")
    _refuse_unknown("level", value, Level)
    twice = sorted({str(level) for level in value if list(value).count(level) > 1})
    if twice:
        raise ValueError(f"has {', '.join(twice)} twice: name each level once")
    return value


def _chance_open(value: Any) -> Any:
    """Refuse what is neither a chance nor a chance for each level and phase."""
    if value is None:
        return None
    if not isinstance(value, dict):
        return _chance("", value)
    _refuse_unknown("level", value, Level)
    for level, by_phase in value.items():
        if not isinstance(by_phase, dict):
            raise ValueError(f"of {level} is no mapping of phases, such as {{primary: 0.1}}")
        _refuse_unknown("phase", by_phase, Phase)
        for phase, chance in by_phase.items():
            _chance(f"of {level}, {phase} ", chance)
    return value


def _chance(where: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise ValueError(f"{where}is {value!r}, and a chance is a number above 0, at most 1, such as 0.1")
    return value


def _asks(value: Any) -> Any:
    """Refuse what is no whole number of asks."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = number and float(value).is_integer()
    if not whole or not 1 <= value <= MOST_ASKS:
        raise ValueError(f"is {value!r}, and it is a whole number, at least 1 and at most {MOST_ASKS}")
    return value


def _refuse_unknown(noun: str, names: Iterable[Any], allowed: Any) -> None:
    unknown = [repr(name) for name in names if name not in get_args(allowed)]
    if unknown:
        raise ValueError(f"names no {noun} with {', '.join(unknown)}: the {noun}s are {_named(allowed)}")


def _named(allowed: Any) -> str:
    return ", ".join(get_args(allowed))


class Prospects(Part):
    """Posts that may come open; a leader whom the plan sends to one asks there, and is not placed yet."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1), BeforeValidator(_levels)]
    """At which levels every school in scope may come to have a post, where the table of posts has none."""
    chance_open: Annotated[ChanceOpen | None, BeforeValidator(_chance_open)] = None
    """Chance that the post comes open, or of each level and phase; empty = the evidence's `turnover_yearly_...`."""
    asks_per_leader: Annotated[int, Field(ge=1, le=MOST_ASKS), BeforeValidator(_asks)] = 3
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
