"""How firm each placement of a plan is: in how many draws of the forecast it recurs, and what a plan without it loses.

The thresholds of the words are here and nowhere else. Figures and codes only; ``report.firmness`` has the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pilotage.domain.findings.explained import Certainty, Forced

DRAWS = 50  # taken where a planner names no number

FIRM_DRAWS = 0.8  # of the draws: at least so many have a firm placement again
EVEN_DRAWS = 0.5  # of the draws: no more than so many have a coin-flip again
FIRM_COST = 0.2  # of what a placement of the plan is worth on average: a firm one costs more than that to leave out
TIED_COST = 0.05  # of the same: where a change costs no more, two plans are as good as one another


class Kind(StrEnum):
    """What a plan does with a leader at a school."""

    PLACE = "place"
    SUPPORT = "support"
    ASK = "ask"


class Firm(StrEnum):
    """How firm something of a plan is."""

    FIRM = "firm"
    LEANING = "leaning"
    COIN_FLIP = "coin_flip"


@dataclass(frozen=True)
class Recurrence:
    """How something of a plan recurs.

    ``in_draws``: how many draws have it in their best plan. ``without``: what the best plan without it loses.
    """

    in_draws: int
    without: Forced
    firm: Firm


@dataclass(frozen=True)
class PlacementFirmness:
    """How firm a leader at a school is (``here``), and the school with any leader (``served``).

    ``leader_id``: of support, the region that gives it. ``post_ids``: the leader's posts there in the plan.
    """

    leader_id: str
    post_ids: tuple[str, ...]
    kind: Kind
    urn: int
    school: str
    here: Recurrence
    served: Recurrence


@dataclass(frozen=True)
class Tied:
    """A school that the plan leaves out and could as well have: what forcing it in costs."""

    urn: int
    school: str
    forced: Forced


@dataclass(frozen=True)
class Draws:
    """The draws that were asked for, those that were to be had, and those whose best plan was found, and proven."""

    asked: int
    taken: int
    solved: int
    proven: int


@dataclass(frozen=True)
class PlanFirmness:
    """How firm the placements of a plan are.

    ``tied``: by cost. ``undecided``: how many more schools may be tied: too many to try, or not proven in time.
    ``plan_months``: what the plan's placements are worth together (pupil-months of the objective), the base of every
    share; ``per_placement`` is the mean. ``worst_draws``: the run's objective looks at the worst draws, which no plan
    of a single draw does.
    """

    draws: Draws
    placements: tuple[PlacementFirmness, ...]
    tied: tuple[Tied, ...]
    undecided: int
    plan_months: float
    per_placement: float
    worst_draws: bool


def firm(in_draws: int, draws: int, without: Forced, per_placement: float) -> Firm:
    """Return how firm something is.

    Parameters
    ----------
    in_draws, draws
        How many of the draws have it again; with no draws nothing is firm.
    without
        What a plan without it loses. A cost of which only a lower limit is known is no sign of a tie.
    per_placement
        What a placement of the plan is worth on average, in pupil-months.
    """
    costs = without.months if without.certainty is not Certainty.IMPOSSIBLE else float("inf")
    if is_tied(without, per_placement) or (draws and in_draws <= EVEN_DRAWS * draws):
        return Firm.COIN_FLIP
    clear = costs is not None and costs > FIRM_COST * per_placement
    return Firm.FIRM if clear and draws and in_draws >= FIRM_DRAWS * draws else Firm.LEANING


def is_tied(forced: Forced, per_placement: float) -> bool:
    """Return whether a change is known to cost so little that it is as good as none."""
    return (
        forced.certainty is Certainty.EXACT and forced.months is not None and forced.months <= TIED_COST * per_placement
    )
