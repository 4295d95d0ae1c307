"""Sweep: many scenarios side by side, which schools they choose, and which key moves the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pilotage.domain.inputs import Inputs
from pilotage.errors import Problem


class Came(StrEnum):
    """What came of planning a scenario of a sweep."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"  # a plan with a gap
    INFEASIBLE = "infeasible"  # its rules can't hold together
    NO_PLAN_IN_TIME = "no_plan_in_time"
    AUDIT_FAILED = "audit_failed"  # a plan that must not be used, and is not kept


class Does(StrEnum):
    """What a plan does at a school."""

    PLACE = "place"
    ASK = "ask"
    SUPPORT = "support"


class Often(StrEnum):
    """In how many of the plans a school is chosen."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True, order=True)
class Chosen:
    """A pair of a plan."""

    leader_id: str
    post_id: str
    urn: int
    does: Does


@dataclass(frozen=True)
class SweptPlan:
    """The plan of a scenario.

    Attributes
    ----------
    benefit
        Expected pupil-months, unweighted; each school's pupils once.
    gap
        Relative, of the objective; None where it is not known.
    placed
        Leaders whom the plan places.
    accepted
        Offers expected to be accepted.
    committed_gbp, spent_gbp
        The cost if all are accepted, and the cost expected.
    chosen
        Its pairs, in order.
    eligible
        Schools (URNs, ascending) where it could have placed, asked or supported somebody.
    """

    benefit: float
    gap: float | None
    placed: int
    accepted: float
    committed_gbp: int
    spent_gbp: float
    chosen: tuple[Chosen, ...]
    eligible: tuple[int, ...]

    def of(self, does: Does) -> tuple[Chosen, ...]:
        """Return the pairs that do one thing."""
        return tuple(each for each in self.chosen if each.does is does)


@dataclass(frozen=True)
class Result:
    """What came of planning some settings. ``plan`` is None where there is none to use; ``problems`` say why."""

    came: Came
    plan: SweptPlan | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why there is no plan, in words; ``key``: of the rule, pin or setting meant, None where no key asks for it."""

    words: str
    key: str | None = None


@dataclass(frozen=True)
class Swept:
    """A scenario of a sweep: its number from 1, its settings (JSON; None = nothing at that key), what came of it.

    ``drawn``: whether its settings were drawn at random.
    """

    number: int
    settings: dict[str, str | None]
    came: Came
    plan: SweptPlan | None = None
    reasons: tuple[Reason, ...] = ()
    drawn: bool = False


@dataclass(frozen=True)
class SchoolChoice:
    """In how many plans a school is chosen at all, and for what; ``eligible``: in how many it could have been."""

    urn: int
    name: str | None
    authority: str | None
    phase: str | None
    often: Often
    chosen: int
    placed: int
    asked: int
    supported: int
    eligible: int


@dataclass(frozen=True)
class ValueMean:
    """The mean benefit over the plans with a value of a key, or with values from ``value`` to ``highest``."""

    value: str | None
    plans: int
    benefit: float
    highest: str | None = None


@dataclass(frozen=True)
class Moves:
    """What one key does to the plan.

    Attributes
    ----------
    means
        Of each value the mean benefit, in the order of the file; of many drawn numbers, of each third. Empty where a
        value never stands alone: other keys change with it.
    balanced
        Whether the means are over scenarios that have the same values of all other keys, not over random draws.
    range
        The highest mean less the lowest, pupil-months; None with fewer than two means.
    largest
        The largest difference in benefit between two scenarios that differ in this key alone; None without such two.
    changed
        The mean share of placements that differ between two such scenarios (0 to 1).
    pairs
        How many pairs of scenarios differ in this key alone, both with a plan.
    """

    key: str
    means: tuple[ValueMean, ...]
    balanced: bool
    range: float | None
    largest: float | None
    changed: float | None
    pairs: int


@dataclass(frozen=True)
class Sweep:
    """A sweep: its scenarios by number, the schools most often chosen first, and the keys that move most first."""

    scenario: str
    why: str
    as_of: date
    synthetic: bool
    scenarios: tuple[Swept, ...]
    schools: tuple[SchoolChoice, ...]
    moves: tuple[Moves, ...]
    inputs: Inputs
    resolved_yaml: str

    @property
    def plans(self) -> tuple[tuple[Swept, SweptPlan], ...]:
        """Return the scenarios that have a plan, each with it."""
        return tuple((each, each.plan) for each in self.scenarios if each.plan is not None)
