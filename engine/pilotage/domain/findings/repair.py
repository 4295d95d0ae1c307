"""Repairs: what an infeasible scenario may change so that a plan exists, and the benefit of the best plan then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a setting is changed."""

    RAISE = "raise"
    LOWER = "lower"
    REMOVE = "remove"  # a rule, a pin or a ban
    SET = "set"  # to another of its values


class Ended(StrEnum):
    """How the search for repairs ended."""

    ALL = "all"  # every repair of as few settings as can be is there
    MORE = "more"  # there are more of them
    OUT_OF_TIME = "out_of_time"  # there may be more, or with fewer settings none was found
    NONE = "none"  # no change of settings that loosen makes a plan possible


@dataclass(frozen=True)
class SettingChange:
    """A setting changed by as little as makes a plan possible beside the other changes of its repair.

    ``key``: of the scenario. ``place``: the file and line that set it, or the command line. ``now``, ``needed``: None
    where an entry is removed.
    """

    key: tuple[str, ...]
    way: Way
    place: str
    now: float | str | None = None
    needed: float | str | None = None


@dataclass(frozen=True)
class Repair:
    """Settings whose change makes a plan possible, and the best plan then.

    ``benefit``: pupil-months, each school's pupils counted once; None where nothing is known of the schools.
    ``proven``: whether the plan is proven best; else it is worth at least that.
    """

    changes: tuple[SettingChange, ...]
    benefit: float | None
    placements: int
    proven: bool


@dataclass(frozen=True)
class Repairs:
    """The repairs of a scenario, best first, and how the search for them ended."""

    repairs: tuple[Repair, ...]
    ended: Ended
