"""AskValue: a school that someone could be asked about, and what a post there would be worth to the plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AskStep(StrEnum):
    """What there is to ask about."""

    AGREE = "agree"  # a known post; nobody has said yet whether the school would take a leader
    ASK = "ask"  # the plan asks there, should a post come open
    KEEP_WARM = "keep_warm"  # nothing says that a post may come open, or the plan does not ask there


class NoValue(StrEnum):
    """Why a value is not known, where no bar keeps every leader out (``domain.bars``)."""

    WORST_DRAWS = "worst_draws"  # the objective looks at worst draws, of which no bound is made
    NO_PRICES = "no_prices"  # the linear optimum was not reached, and so there is no bound
    NOT_ALONE = "not_alone"  # only leaders of teams, or of several schools, may go there


@dataclass(frozen=True)
class AskValue:
    """One school and level that someone could be asked about.

    Attributes
    ----------
    leader_id
        Whom the plan sends or asks for; else the leader by whom a post there would add most; None: nobody may go.
    value
        By how much the best plan would rise at most (``exact``: it would rise by it), in pupil-months of the objective,
        if a post of the level came open there and the school agreed; None where that is not known.
    no_value
        Why there is none: a code of a bar, or a ``NoValue``.
    acceptance, chance_open
        The chance that school and leader agree as things stand, and that the post comes open; None: not known.
    """

    urn: int
    level: str
    step: AskStep
    leader_id: str | None = None
    value: float | None = None
    exact: bool = False
    no_value: str | None = None
    acceptance: float | None = None
    chance_open: float | None = None
