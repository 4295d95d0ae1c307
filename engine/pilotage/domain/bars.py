"""Why nobody may take a post, and how much each rule alone keeps out: codes and counts; ``report`` has the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple


class Bar(StrEnum):
    """What keeps leaders out of a post beside the rules of a scenario, which bring their own (``RuleBar``)."""

    PLACING_OFF = "placing_off"
    OUT_OF_SCOPE = "out_of_scope"  # or its disadvantaged pupils are not known
    LATE = "late"
    NO_PLACE = "no_place"  # the school's place is not known
    BODY_REFUSED = "body_refused"  # the responsible body wants nobody at the school
    OUT_OF_REACH = "out_of_reach"
    FREE_LATER = "free_later"  # than the plan's last year
    OWN_POST = "own_post"
    BAN = "ban"
    CONFLICT_OF_INTEREST = "conflict_of_interest"  # of the only leader who suits, with the school


#: Why nobody may take a post.
BAR_WORDS = {
    Bar.PLACING_OFF: "placing leaders is switched off",
    Bar.OUT_OF_SCOPE: "out of scope, or disadvantaged pupils unknown",
    Bar.LATE: "opens after the last year of the plan",
    Bar.NO_PLACE: "its school's place is not known, so its distance and the chance of a yes are not",
    Bar.BODY_REFUSED: "the responsible body (trust or authority) wants nobody there",
    Bar.FREE_LATER: "no suitable leader is free within the plan's years",
    Bar.OUT_OF_REACH: "no suitable leader within reach",
    Bar.OWN_POST: "its only suitable leader holds that level there already",
    Bar.BAN: "barred by a ban",
    Bar.CONFLICT_OF_INTEREST: "not possible: a conflict of interest is on record",
}


@dataclass(frozen=True)
class RuleBar:
    """What a rule keeps leaders out of a post for.

    Attributes
    ----------
    code
        As it stands in the tables.
    words
        Why nobody may take the post: ``the school does not consent``.
    wanted, count
        Of a rule that closes posts: what none of a leader's posts is (``is at a school that consents``), and what so
        many of them are instead (``refused``).
    by_lot
        Whether the post was drawn into the comparison group of a trial.
    """

    code: str
    words: str
    wanted: str = ""
    count: str = ""
    by_lot: bool = False


class Barred(NamedTuple):
    """What bars a post: the scenario's name of the rule or ban (the code itself where it is neither), and the code.

    ``nearest_km``: of a post out of reach, how far away the nearest leader lives who suits it; else None.
    """

    rule: str
    why: str
    nearest_km: float | None = None


@dataclass(frozen=True)
class BarCount:
    """What a rule or ban of the scenario keeps out.

    Attributes
    ----------
    rule
        Its name in the scenario; of a ban ``bans.NAME``.
    unit
        A rule on posts bars posts; a rule on leader and post bars pairs.
    alone
        How many it alone bars: pairs that are within reach and suit by every other rule, at posts that are open.
    """

    rule: str
    unit: Literal["pair", "post"]
    alone: int
