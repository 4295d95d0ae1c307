"""PlacementProblem, Placement, PlacementPlan, Status: the decision in integers, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sense = Literal["<=", ">=", "="]
Over = Literal["pair", "post", "leader"]


class Status(StrEnum):
    """How a solve ended; infeasible, out of time and invalid are three things."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"  # a plan whose true gap is small: that asked for, or what is left when none was
    FEASIBLE = "feasible"  # time ran out with a plan in hand; its gap is true
    INFEASIBLE = "infeasible"
    NO_PLAN_IN_TIME = "no_plan_in_time"


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Auxiliary:
    """An integer variable beside the pairs, between ``lower`` and ``upper``, worth ``benefit`` (integer unit) for each.

    It says what no pair says alone: whether an executive is used at all, by how much a priced rule is missed.
    """

    name: str
    upper: int
    benefit: int = 0
    lower: int = 0


@dataclass(frozen=True)
class Row:
    """One linear row: what its pairs and auxiliaries weigh together is at most / at least / exactly ``rhs``.

    ``members`` are positions (ascending, each once) in the problem's pairs, and ``weights`` their integer
    coefficients; where ``over`` is ``post`` or ``leader``, positions in its posts or leaders: every pair of theirs
    weighs that. ``auxiliaries`` and ``auxiliary_weights`` are the same for the problem's auxiliaries.
    """

    name: str
    rule: str
    label: str
    sense: Sense
    rhs: int
    members: NDArray[np.int64]
    weights: NDArray[np.int64]
    auxiliaries: NDArray[np.int64] = field(default_factory=_none)
    auxiliary_weights: NDArray[np.int64] = field(default_factory=_none)
    over: Over = "pair"


@dataclass(frozen=True)
class PlacementProblem:
    """Choose pairs to maximise integer benefit: each leader up to its capacity, each post once, every row satisfied.

    Attributes
    ----------
    leader_ids, post_ids, urns
        Names; ``urns[j]`` is the school of post j.
    leader, post
        Positions in ``leader_ids`` and ``post_ids`` of each pair, shape (pairs,).
    benefit
        Benefit of each pair times ``scale``, rounded, shape (pairs,).
    rows
        The rules beyond the leaders' capacities and one leader per post.
    capacity
        How many posts each leader may take, shape (leaders,); empty = one each.
    auxiliaries
        Integer variables beside the pairs; their benefits count in the objective.
    """

    leader_ids: tuple[str, ...]
    post_ids: tuple[str, ...]
    urns: NDArray[np.int64]
    leader: NDArray[np.int32]
    post: NDArray[np.int32]
    benefit: NDArray[np.int64]
    scale: int
    rows: tuple[Row, ...] = ()
    capacity: NDArray[np.int64] = field(default_factory=_none)
    auxiliaries: tuple[Auxiliary, ...] = ()

    @property
    def capacities(self) -> NDArray[np.int64]:
        """Return how many posts each leader may take, shape (leaders,)."""
        return self.capacity if len(self.capacity) else np.ones(len(self.leader_ids), dtype=np.int64)


@dataclass(frozen=True)
class PlacementPlan:
    """The chosen pairs (positions, ascending), the value of each auxiliary, and the proven bound.

    ``objective``, ``bound`` and ``bound_lp`` are in the problem's integer unit; ``duals_*`` certify ``bound_lp``.
    """

    status: Status
    chosen: NDArray[np.int64]
    objective: int | None
    bound: int | None
    bound_lp: float | None
    post_duals: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    row_duals: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    rounds: int = 0
    clashes: tuple[str, ...] = ()
    auxiliary: NDArray[np.int64] = field(default_factory=_none)

    @property
    def gap(self) -> float | None:
        """Return the relative gap between bound and objective, None without a plan."""
        if self.objective is None or self.bound is None:
            return None
        return (self.bound - self.objective) / max(1, abs(self.objective))
