"""What a plan hangs on: the same decision under other assumptions, and placements that are hard to believe in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Assumed(StrEnum):
    """What a trial of a plan changes."""

    EQUAL_RISKS = "equal_risks"  # every school of a phase has the phase's mean risk and gap; no need threshold
    NO_NEED_FLOOR = "no_need_floor"  # the rules on the least need are left out
    PARAMETER = "parameter"  # one parameter of the evidence has another value


@dataclass(frozen=True)
class Trial:
    """One other assumption, and the plan that would be best under it.

    Attributes
    ----------
    parameter, value, title
        Which parameter has which value, and what reports call it; None where a trial changes no parameter.
    solved
        Whether a plan was found under it; where none was, the figures below are None.
    placements, differing
        How many placements the plan under it has (support counts), and how many of them the plan itself lacks.
    benefit, benefit_of_plan
        Modelled pupil-months under the assumption: of the plan that is best under it, and of the plan itself.
    in_top_fifth
        The share of its placements at schools in the fifth of their phase at highest need; None without any.
    """

    assumed: Assumed
    parameter: str | None = None
    value: float | None = None
    solved: bool = True
    placements: int | None = None
    differing: int | None = None
    benefit: float | None = None
    benefit_of_plan: float | None = None
    in_top_fifth: float | None = None
    title: str | None = None


class Doubt(StrEnum):
    """Why a placement is hard to believe in."""

    BEYOND_LIMIT = "beyond_the_leaders_limit"
    UNLIKELY_YES = "unlikely_to_be_accepted"
    SEVERAL_LEADERS = "several_leaders_in_one_school"
    NO_ADDED_VALUE = "no_added_value_expected"


@dataclass(frozen=True)
class Flag:
    """A placement to look at before it is proposed; ``pair``: its row in ``ImpactMatrix.pairs``."""

    pair: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class HangsOn:
    """What a plan hangs on.

    ``in_top_fifth``: of the plan itself, as in ``Trial``. ``left_out``: parameters that were not tried since the
    problem is too large. ``gap``: the relative gap within which the plans of the trials are best; 0 of a small problem.
    """

    in_top_fifth: float | None
    trials: tuple[Trial, ...]
    flags: tuple[Flag, ...]
    left_out: tuple[str, ...] = ()
    gap: float = 0.0
