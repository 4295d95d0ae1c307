"""What the wings say of a plan and ``report`` shows: audits and baselines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import Measure, Part, Sense, Status, Unit

Acts = Literal["counts", "bars"]


@dataclass(frozen=True)
class Check:
    """One re-counted fact of a plan: whether it holds, and what was counted."""

    name: str
    holds: bool
    detail: str


class ProvenHow(StrEnum):
    """How the audit itself, without the solver, proved how good a plan is at least."""

    LINEAR = "linear_programme"  # the plan's duals, summed again in exact integers
    SEARCH = "exact_search"  # the audit's own search over the pairs that those duals do not rule out
    NONE = "none"  # nothing was proven


@dataclass(frozen=True)
class Audit:
    """All that ``placement.audit`` re-derived without the solver.

    Attributes
    ----------
    checks
        What was checked, each with what was counted.
    proven_gap
        By how much, as a share of the plan's objective (of one pupil-month where that is more), another plan can be
        worth more at most, as the audit alone proves, rounding included; None where nothing is proven.
    proven_how
        How that was proven.
    seconds
        How long the audit took; not part of what it says.
    """

    checks: tuple[Check, ...]
    proven_gap: float | None = None
    proven_how: ProvenHow = ProvenHow.NONE
    seconds: float = field(default=0.0, compare=False)

    @property
    def clean(self) -> bool:
        """Return True where every check holds."""
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Baseline:
    """What a simpler way of placing reaches on the same problem: placements, objective (integer unit), rows broken.

    ``chosen`` are its pairs, ascending.
    """

    name: str
    label: str
    placements: int
    objective: int
    unmet: tuple[str, ...]
    chosen: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class RuleState:
    """How a rule stands in a plan: a row of it against its limit, all its rows of structure, or what it bars.

    Attributes
    ----------
    key, rule, part
        The scenario's name of the rule (``pins.NAME``, ``bans.NAME``, ``term``, ``support``), its kind, and which row
        of it this is; without a part, the rule as a whole.
    acts
        Whether it counts over the plan's pairs, or bars pairs before anything is chosen.
    label
        What a row asks; empty where the kind of rule says it all.
    measure, unit
        As of a row; of a rule that bars, what it bars: pairs of leader and post, or posts.
    sense, activity, limit
        The row's activity against its limit, breaches not counted; of a share, what is inside. None of structure.
    whole, share, share_limit
        Of a share: what it is a share of, the real share (None of nothing), and its limit.
    binding
        Of a row: no unit of its weights is left. Of a rule that bars: it bars something. ``can_bind``: whether any
        plan could reach its limit; one that none can reach has no row.
    breach_price, breach
        What each unit of breach costs in pupil-months (None = the rule is hard), and by how many units it is broken.
    barred_alone, closed_posts
        How many pairs or posts (``unit``) the rule alone bars, and how many posts nobody may take because of it.
    price
        The most that the objective can rise if the limit rises by one unit (``>=``: below zero), in the objective's
        pupil-months; of the linear optimum, which is the plan itself where ``price_of_plan``. None where it is not
        known or the limit has no plain unit.
    """

    key: str
    rule: str
    label: str = ""
    part: Part = ()
    acts: Acts = "counts"
    measure: Measure = "number"
    unit: Unit = "placement"
    sense: Sense | None = None
    activity: float | None = None
    limit: int | None = None
    whole: float | None = None
    share: float | None = None
    share_limit: float | None = None
    binding: bool = False
    can_bind: bool = True
    breach_price: float | None = None
    breach: int = 0
    barred_alone: int | None = None
    closed_posts: int = 0
    price: float | None = None
    price_of_plan: bool = False

    @property
    def hard(self) -> bool:
        """Return whether the rule may not be broken."""
        return self.breach_price is None

    @property
    def name(self) -> str:
        """Return the rule's name with its part, for people."""
        return f"{self.key}: {' '.join(str(piece) for piece in self.part)}" if self.part else self.key


@dataclass(frozen=True)
class Alternative:
    """A plan nearly as good as the best: its pairs (ascending), objective (integer unit) and audit.

    ``new_schools``: how many of its placements are in schools of no plan before it; ``status`` says whether more is
    known to be impossible. ``most_new_schools``: more are proven impossible; ``gap``: by how much, at most, another
    plan with as many could score higher, as a share.
    """

    chosen: NDArray[np.int64]
    objective: int
    new_schools: int
    status: Status
    audit: Audit
    most_new_schools: int
    gap: float


@dataclass(frozen=True)
class Alternatives:
    """The alternatives asked for that exist, and why there are no more."""

    plans: tuple[Alternative, ...] = ()
    ended: str = ""
