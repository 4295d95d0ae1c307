"""PlacementProblem, Placement, PlacementPlan, Status: the decision in integers, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Sense = Literal["<=", ">=", "="]
Over = Literal["pair", "post", "leader"]
AuxiliaryKind = Literal["used", "breach", "worst_draws", "shared_pupils", "other"]
Part = tuple[str | int, ...]
Measure = Literal["number", "share", "structure"]
Unit = Literal["placement", "pound", "pupil_month", "pair", "post", "team", "school"]

PROVEN = 1e-6  # of the objective, or of one pupil-month: a plan that no other exceeds by more is called optimal
WHOLE = 100  # units of a school's pupils that its leaders share between them, in each finishing year


class Status(StrEnum):
    """How a solve ended; infeasible, out of time and invalid are three things."""

    OPTIMAL = "optimal"  # see ``closed``
    FEASIBLE = "feasible"  # a plan with a true gap: the gap asked for was reached, or time ran out
    INFEASIBLE = "infeasible"
    NO_PLAN_IN_TIME = "no_plan_in_time"


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


class ProvenBy(StrEnum):
    """Who proved a plan's bound."""

    LINEAR = "linear_programme"  # the duals of the linear optimum over all pairs, which the audit sums again exactly
    SEARCH = "integer_solver"  # a MIP solver over the pairs that those duals do not rule out


def closed(objective: int, bound: int, scale: int) -> bool:
    """Return whether a plan is optimal: the bound exceeds it by less than a unit, or by at most ``PROVEN`` of it.

    ``PROVEN`` is of the objective, or of one pupil-month (``scale`` units) where that is more.
    """
    return bound - objective < 1 or bound - objective <= PROVEN * max(abs(objective), scale)


@dataclass(frozen=True)
class Auxiliary:
    """An integer variable beside the pairs, between ``lower`` and ``upper``, worth ``benefit`` (integer unit) for each.

    It says what no pair says alone. ``kind``: whether an executive is used at all (``used``), by how much a priced rule
    is missed (``breach``), the sum over the worst draws (``worst_draws``), what leaders of one school would count twice
    (``shared_pupils``). ``key`` and ``part``: as of a row.
    """

    name: str
    upper: int
    benefit: int = 0
    lower: int = 0
    kind: AuxiliaryKind = "other"
    key: str = ""
    part: Part = ()


@dataclass(frozen=True)
class Row:
    """One linear row: what its pairs and auxiliaries weigh together is at most / at least / exactly ``rhs``.

    ``members`` are positions (ascending, each once) in the problem's pairs, and ``weights`` their integer
    coefficients; where ``over`` is ``post`` or ``leader``, positions in its posts or leaders: every pair of theirs
    weighs that. ``auxiliaries`` and ``auxiliary_weights`` are the same for the problem's auxiliaries.

    ``rule`` is the kind of rule that the row states, ``key`` the name that the scenario gives it, ``part`` which of the
    rule's rows this is (an authority, a year, a leader and what of the leader is limited). ``measure``: the row's
    activity and limit are a number of ``unit``, a share (its limit is ``share``) written as a difference from 0, or
    structure, which holds or does not and has no figure of its own.
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
    key: str = ""
    part: Part = ()
    measure: Measure = "number"
    unit: Unit = "placement"
    share: float | None = None

    @property
    def scenario_key(self) -> tuple[str, ...]:
        """Return the key of the scenario that asks for the row: of a setting, a pin or a rule."""
        if self.rule == "pin":
            return tuple(self.key.split(".", 1))
        return SETTINGS.get(self.rule) or ("rules", self.key)

    @property
    def asked_by(self) -> str:
        """Return the same in words, with which of a rule's rows it is: ``rules.authority-cap: Derby``."""
        if self.rule in SETTINGS:
            return ".".join(SETTINGS[self.rule])
        return self.name if self.rule == "pin" else f"rules.{self.name}"


#: The settings of a scenario that ask for the rows which no rule of it asks for, by the rows' kind.
SETTINGS = {
    "term": ("time", "term_years"),
    "own_post": ("time", "term_years"),
    "support_or_head": ("interventions", "support"),
    "asks": ("pool", "prospects"),
}


@dataclass(frozen=True)
class SharedPupils:
    """What pairs add in each finishing year, in schools where several leaders could count the same pupils.

    In each year the leaders of a school share ``WHOLE`` units of its pupils, each at most ``units``; what the plan's
    pairs would count beyond that is lost. ``placement.shared_pupils`` has the equations.

    Attributes
    ----------
    pair
        Positions of the pairs, ascending, shape (n,).
    school
        Which school each pair is in, as a position in ``urns``, shape (n,).
    units
        Units of the pupils that each pair's leader takes at most in each year, at least 1, shape (n, years). The last
        "year" is the chance of a fall, which can be averted once.
    gain
        What each pair adds in each year with all its units (integer units, at least 0), shape (n, years).
    urns
        The schools, ascending.
    auxiliary
        Position in the problem's auxiliaries of what each school loses, shape (schools,).
    """

    pair: NDArray[np.int64]
    school: NDArray[np.int64]
    units: NDArray[np.int64]
    gain: NDArray[np.int64]
    urns: NDArray[np.int64]
    auxiliary: NDArray[np.int64]


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
    shared
        Schools whose leaders share pupils: each one's auxiliary is at least what its pairs would count twice. No row
        says so beforehand; the solver adds the rows that its answers break (``PlacementPlan.cuts``).
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
    shared: SharedPupils | None = None

    @property
    def capacities(self) -> NDArray[np.int64]:
        """Return how many posts each leader may take, shape (leaders,)."""
        return self.capacity if len(self.capacity) else np.ones(len(self.leader_ids), dtype=np.int64)


@dataclass(frozen=True)
class PlacementPlan:
    """The chosen pairs (positions, ascending), the value of each auxiliary, and the proven bound.

    ``objective``, ``bound`` and ``bound_lp`` are in the problem's integer unit; ``post_duals`` and ``row_duals`` (of
    the problem's rows, then of ``cuts``) certify ``bound_lp``. ``cuts`` are the rows that the solver added;
    ``proven_by`` and ``solver`` say who proved ``bound``; ``iterations`` counts those of column generation, and
    ``conflict`` names the rows that the proof of an infeasible plan rests on.
    """

    status: Status
    chosen: NDArray[np.int64]
    objective: int | None
    bound: int | None
    bound_lp: float | None
    post_duals: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    row_duals: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    iterations: int = 0
    conflict: tuple[str, ...] = ()
    auxiliary: NDArray[np.int64] = field(default_factory=_none)
    cuts: tuple[Row, ...] = ()
    proven_by: ProvenBy | None = None
    solver: str = ""

    @property
    def gap(self) -> float | None:
        """Return the relative gap between bound and objective, None without a plan."""
        if self.objective is None or self.bound is None:
            return None
        return (self.bound - self.objective) / max(1, abs(self.objective))
