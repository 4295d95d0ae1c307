"""Comparison: what differs between the plans of two runs, and which changed setting makes which part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Pair = tuple[str, str]  # leader_id, post_id


class Change(StrEnum):
    """What became of a leader from the first run to the second."""

    GAINED = "gained"  # no post before
    LOST = "lost"  # no post after
    MOVED = "moved"


class PlanList(StrEnum):
    """The lists of a run: the four, and the schools that a plan with prospects asks."""

    WORRY = "worry_about"
    ASK_NEXT = "ask_next"
    PLACEMENTS = "placements"
    SUPPORT = "support_in_post"
    ASKS = "asks"


class Figure(StrEnum):
    """A figure of a whole plan."""

    BENEFIT = "benefit"  # pupil-months
    PLACEMENTS = "placements"
    ASKS = "asks"
    SUPPORTED = "supported"
    ACCEPTED = "accepted"  # offers expected to be accepted
    COMMITTED = "committed_gbp"  # if every offer is accepted
    SPENT = "spent_gbp"  # expected


class Differing(StrEnum):
    """What may make two runs differ beside their settings, or forbids to use one."""

    INPUT = "input"
    VERSION = "version"
    FORECAST = "forecast"
    AUDIT = "audit"


class Alone(StrEnum):
    """What came of planning the first run again with one changed setting."""

    PLANNED = "planned"
    NO_PLAN = "no_plan"  # the rules cannot hold together, or no plan was found in time
    NOT_A_SCENARIO = "not_a_scenario"  # the setting holds only together with other changed ones, or other tables
    NOT_FORECAST = "not_forecast"  # needs a new forecast, and the run's is from a file


@dataclass(frozen=True)
class Post:
    """A post that a leader has in a plan."""

    post_id: str
    urn: int


@dataclass(frozen=True)
class LeaderChange:
    """A leader's posts in both plans. ``made_by``: settings that alone make a part of this change."""

    leader_id: str
    change: Change
    before: tuple[Post, ...]
    after: tuple[Post, ...]
    made_by: tuple[str, ...] = ()

    @property
    def lost(self) -> frozenset[Pair]:
        """Return the pairs of the first plan alone."""
        return self._pairs(self.before) - self._pairs(self.after)

    @property
    def gained(self) -> frozenset[Pair]:
        """Return the pairs of the second plan alone."""
        return self._pairs(self.after) - self._pairs(self.before)

    def _pairs(self, posts: tuple[Post, ...]) -> frozenset[Pair]:
        return frozenset((self.leader_id, post.post_id) for post in posts)


@dataclass(frozen=True)
class ListChange:
    """The schools (URNs, ascending) that one list has and the other has not; ``top``: of the first rows alone."""

    name: PlanList
    came: tuple[int, ...]
    went: tuple[int, ...]
    top: int | None = None


@dataclass(frozen=True)
class FigureChange:
    """A figure of both plans; None where a run does not state it."""

    figure: Figure
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Difference:
    """Something beside the settings that is not the same in both runs; None = not in that run."""

    kind: Differing
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class SettingWords:
    """A setting that differs, in a planner's words: what it is, and its values; None = not there."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Setting:
    """A setting that differs: its key (``rules.authority-cap.count``), and its value as JSON; None = not there.

    ``of_forecast``: whether the forecast rests on it, so that a plan with it needs a new one.
    """

    key: str
    before: str | None
    after: str | None
    words: SettingWords
    of_forecast: bool = False


@dataclass(frozen=True)
class Effect:
    """What one changed setting makes of the first plan alone.

    ``benefit``: pupil-months more than the first plan; None without a plan. ``gained``, ``lost``: its pairs.
    ``proven``: whether both plans are proven best.
    """

    setting: Setting
    alone: Alone
    benefit: float | None = None
    gained: frozenset[Pair] = frozenset()
    lost: frozenset[Pair] = frozenset()
    proven: bool = True

    @property
    def changes_nothing(self) -> bool:
        """Return whether the plan and its benefit are the same with the setting."""
        return self.alone is Alone.PLANNED and not self.gained and not self.lost and self.benefit == 0


@dataclass(frozen=True)
class Attribution:
    """The difference in benefit (pupil-months) by its causes: ``total`` is the sum of all parts.

    Attributes
    ----------
    effects
        Each changed setting alone.
    together
        What all settings make together beyond the sum of each alone; None where all together could not be planned.
    rest
        What is left: other data, forecasts or versions, and ``together`` where that is None.
    reproduced
        Whether planning the first run again gives its plan.
    """

    total: float
    effects: tuple[Effect, ...]
    together: float | None
    rest: float
    reproduced: bool


@dataclass(frozen=True)
class Side:
    """One of the two runs: its folder, the scenario's name and day, and what must be said of it at once (invented?)."""

    folder: str
    scenario: str
    as_of: date
    banner: str | None


@dataclass(frozen=True)
class Comparison:
    """Two runs, the first named ``before`` and the second ``after``.

    ``attribution`` is None where it was not asked for or could not be made; ``why_not`` then says why, if it could not.
    """

    before: Side
    after: Side
    leaders: tuple[LeaderChange, ...]
    lists: tuple[ListChange, ...]
    figures: tuple[FigureChange, ...]
    differences: tuple[Difference, ...]
    settings: tuple[Setting, ...]
    schools: dict[int, str]
    attribution: Attribution | None = None
    why_not: tuple[str, ...] = ()
