"""A school or a leader of a run explained: what bars whom, what is worth what, and what forcing it in would cost.

Figures and codes only; ``report.explain`` has the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BarKind(StrEnum):
    """What kind of thing keeps a leader from a post; ``Barrier.found`` and ``wanted`` are of that kind."""

    DISTANCE = "distance"  # km: the post's distance, the leader's limit
    NO_PLACE = "no_place"
    REGION = "region"  # the post's region, the leader's
    NEED = "need"  # in [0, 1]: the school's, the threshold
    SUITS = "suits"  # what the leader has, what the post asks for
    FREE = "free"  # dates: the leader is free, the latest that the rule allows
    CLOSED = "closed"  # the code of a bar (``Barrier.code``)
    OWN_POST = "own_post"
    LATE = "late"  # the leader is free only after the plan's last year
    BAN = "ban"
    OTHER = "other"  # a rule on all pairs together: teams, spans, lots


class Certainty(StrEnum):
    """How far a cost is known."""

    EXACT = "exact"
    AT_LEAST = "at_least"  # the plan, or the plan solved again, is not proven best; or only its prices are known
    IMPOSSIBLE = "impossible"  # no plan keeps the rules
    UNKNOWN = "unknown"  # no plan was found in time


@dataclass(frozen=True)
class Barrier:
    """One thing that keeps a leader from a post.

    Attributes
    ----------
    rule
        The scenario's name of it: ``rules.travel``, ``bans.NAME``; a code where it is neither.
    found, wanted
        The figure or word of the pair and what is allowed; None where there is none. Dates are ISO days.
    code
        The code of a rule's bar or of a ``Bar``.
    """

    rule: str
    kind: BarKind
    found: float | str | None = None
    wanted: float | str | None = None
    code: str = ""


@dataclass(frozen=True)
class Worth:
    """The benefit of a pair in pupil-months, and its factors.

    ``benefit = chance x (effect_months x pupils - origin_loss + fall_value)``, before any discount. ``chance_open``:
    that a prospect comes open, None of a known post. ``price``: what priced rules charge, in pupil-months.
    """

    benefit: float
    effect_months: float
    pupils: float
    acceptance: float
    chance_open: float | None
    origin_loss: float
    fall_value: float
    price: float
    stay: float
    cost_gbp: float
    travel_km: float | None


@dataclass(frozen=True)
class Move:
    """A placement that a plan has and another has not."""

    leader_id: str
    post_id: str
    urn: int
    school: str


@dataclass(frozen=True)
class Forced:
    """What the best plan loses where something is forced into it, or out of it.

    Attributes
    ----------
    months
        Pupil-months of the objective that are lost; None where that is not known, or impossible.
    out, into
        Placements that the plan loses, and those that it has instead.
    """

    certainty: Certainty
    months: float | None = None
    out: tuple[Move, ...] = ()
    into: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Option:
    """A leader and a post: what bars the pair, or what it is worth and what forcing it in would cost."""

    leader_id: str
    post_id: str
    urn: int
    school: str
    chosen: bool
    barriers: tuple[Barrier, ...] = ()
    worth: Worth | None = None
    forced: Forced | None = None


@dataclass(frozen=True)
class Change:
    """A setting or an answer that keeps a school out, what would let it in, and what the best plan does with it.

    Attributes
    ----------
    key
        The scenario's key (``rules.need-floor.top_share``), or the column of a table (``max_travel_km``,
        ``consent``).
    leader_id
        Whose column it is; None of a key of the scenario.
    now, needed
        The value in force and the one needed.
    chosen
        Whether the best plan under the new value serves the school; None where that was not found out.
    gain_months
        By how much the best plan under the new value exceeds today's, whether it serves the school or not.
    forced
        What forcing the school in costs against today's plan, under the new value.
    """

    key: str
    now: float | str
    needed: float | str
    leader_id: str | None = None
    chosen: bool | None = None
    gain_months: float | None = None
    forced: Forced | None = None


@dataclass(frozen=True)
class Listed:
    """Where a school stands in the four lists: places from 1; None where it is not in the list."""

    worry_rank: int | None
    worry_rank_in_phase: int | None
    ask_rank: int | None
    placed: tuple[str, ...]
    supported: bool
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Risk:
    """A school's risk as the ranked list has it, in [0, 1] and months; None = not known."""

    need: float | None
    p_below_good: float | None
    p_fall_if_inspected: float | None
    p_gap_wide: float | None
    gap_months_at_horizon: float | None
    reasons: str


@dataclass(frozen=True)
class SchoolExplained:
    """A school of a run explained.

    ``options``: every leader at every post of the school, those of the plan first, then the best that may go there,
    then those that fewest rules bar. ``forced``: the school forced into the plan; None where it is in already or
    nobody may go there. ``left_out``: what the plan loses without the school, where it is in.
    """

    urn: int
    school: str
    phase: str
    place: str
    listed: Listed
    risk: Risk
    options: tuple[Option, ...]
    forced: Forced | None
    left_out: Forced | None
    changes: tuple[Change, ...]
    posts: int
    objective_months: float


@dataclass(frozen=True)
class LeaderExplained:
    """A leader of a run explained.

    ``options``: the posts that the leader may take, those of the plan first, then by what each costs the plan.
    ``nearest``: posts that the leader may not take, those that fewest rules bar first. ``may_take``: how many there are
    in all. ``without``: what the plan loses where the leader drops out. ``why_unplaced``: of ``unplaced.csv``.
    """

    leader_id: str
    name: str | None
    level: str
    phases: str
    options: tuple[Option, ...]
    nearest: tuple[Option, ...]
    may_take: int
    without: Forced | None
    why_unplaced: str | None
    objective_months: float
