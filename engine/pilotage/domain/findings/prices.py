"""What changes of a run's settings are worth: one more leader, one more place, one rule less, each alone.

Figures, keys and codes only; ``report.prices`` has the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pilotage.domain.plan import Measure, Part, Sense, Unit

FARTHER_KM = 10
MORE_GBP = 10_000


class PriceKind(StrEnum):
    """What is changed, alone."""

    LEADER = "leader"  # one more leader of a kind in the pool
    PLACE = "place"  # a limit moved by one unit, to the side that allows more
    MONEY = "money"  # a budget raised by ``MORE_GBP``
    SUPPORT = "support"  # one more school supported in a region
    DISTANCE = "distance"  # every leader travels ``FARTHER_KM`` farther
    PIN = "pin"  # left out
    BAN = "ban"  # left out
    RULE = "rule"  # left out


class PriceState(StrEnum):
    """How far a price is known."""

    EXACT = "exact"
    BETWEEN = "between"  # one of the two plans is not proven best: the price lies between two figures
    IMPOSSIBLE = "impossible"  # no plan keeps the rules once this is changed
    REFUSED = "refused"  # the scenario can't be stated once this is changed; ``Price.why`` says why
    UNKNOWN = "unknown"  # no plan was found in time


@dataclass(frozen=True)
class TypicalLeader:
    """A leader in the middle of a kind of leader: one level, one set of phases, one region of home.

    Attributes
    ----------
    region
        Region of the school nearest to the leader's home; None where no school's place is known.
    of
        How many leaders of the pool are of the kind.
    """

    leader_id: str
    level: str
    phases: tuple[str, ...]
    region: str | None
    max_travel_km: float
    of: int


@dataclass(frozen=True)
class PriceQuestion:
    """One change whose price is asked.

    Attributes
    ----------
    key
        The scenario's name of what is changed: of a rule, a pin, a ban, a region; the ``leader_id`` that is copied.
    part, sense, unit, measure, limit
        Of a limit, as of a ``Row``; ``limit`` is a number of ``unit`` or a share.
    label
        What the limit, the rule, the pin or the ban asks, in words.
    """

    kind: PriceKind
    key: str
    label: str
    part: Part = ()
    sense: Sense | None = None
    unit: Unit | None = None
    measure: Measure | None = None
    limit: float | None = None
    leader: TypicalLeader | None = None


@dataclass(frozen=True)
class Price:
    """By how many pupil-months of the objective the best plan rises with a change; below 0 it falls.

    Attributes
    ----------
    months
        The price; None where it is not exact.
    least, most
        Between what it lies; both are the price where it is exact, None where nothing is known.
    worth
        What the plan made again is worth; None where none was made.
    differ
        Placements, asks and support of the plan made again that today's plan does not have.
    solved
        Whether the problem was solved again; if not, the bound that is proven shows that nothing can be gained.
    why
        Why the scenario can't be stated so.
    """

    question: PriceQuestion
    state: PriceState
    months: float | None = None
    least: float | None = None
    most: float | None = None
    worth: float | None = None
    differ: int = 0
    solved: bool = True
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prices:
    """All prices of a run.

    ``worth``: of the run's plan, in pupil-months of the objective. ``best``: whether it is proven best. ``answered``:
    pins and bans that answers in tables make: facts, which are not priced.
    """

    worth: float
    best: bool
    prices: tuple[Price, ...]
    answered: int = 0
