"""Why nobody may take a post, and how much each rule alone keeps out: codes and counts; ``report`` has the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple


class Bar(StrEnum):
    """What keeps leaders out of a post."""

    PLACING_OFF = "placing_off"
    OUT_OF_SCOPE = "out_of_scope"  # or its disadvantaged pupils are not known
    LATE = "late"
    NO_PLACE = "no_place"  # the school's place is not known
    CONSENT_REFUSED = "consent_refused"
    CONSENT_UNKNOWN = "consent_unknown"
    NEED_LOW = "need_low"
    NEED_UNKNOWN = "need_unknown"
    LEVEL = "level"
    PHASE = "phase"
    SUBJECT = "subject"
    REQUIREMENT = "requirement"
    AVAILABILITY = "availability"
    OUT_OF_REACH = "out_of_reach"
    FREE_LATER = "free_later"  # than the plan's last year
    OWN_POST = "own_post"
    BAN = "ban"
    PART_OF_TEAM = "part_of_team"
    FEW_POSTS = "few_posts"
    HELD_BACK = "held_back"  # drawn by lot
    BESIDE_HELD_BACK = "beside_held_back"


class Barred(NamedTuple):
    """What bars a post: the scenario's name of the rule or ban (the code itself where it is neither), and the code."""

    rule: str
    why: Bar


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
