"""Unplaced: why a leader has no post, as a code and figures; ``report`` has the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pilotage.domain.plan import Part


class Why(StrEnum):
    """The nearest reason for a leader to have no post, where no rule of the scenario brings its own (``NoPost``)."""

    PLACING_OFF = "placing_off"
    OUT_OF_REACH = "out_of_reach"
    NOT_FREE = "not_free_in_time"
    CLOSED = "posts_closed"
    OWN_POST = "own_post"
    BAN = "banned"
    NO_ADDED_VALUE = "no_added_value_expected"
    BELOW_ZERO = "benefit_not_above_zero"
    PRICE = "price_exceeds_benefit"
    BUDGET = "budget_spent"
    SUPPORTED = "leader_in_post_supported"
    RULE = "rule_at_limit"
    BETTER_USE = "better_use_elsewhere"
    SHARED_PUPILS = "pupils_counted_already"
    WORST_DRAWS = "worst_draws"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True)
class NoPost:
    """Why a rule leaves leaders without a post.

    Attributes
    ----------
    code
        As it stands in ``unplaced.csv``.
    group
        What it is called where many leaders share it.
    words
        What it is for one leader; names in braces are filled in: ``noun`` (secondary head post), ``level``,
        ``subjects``, ``posts`` (so many posts) and ``rule`` (the scenario's name of the rule).
    """

    code: str
    group: str
    words: str


@dataclass(frozen=True)
class Unplaced:
    """Why one leader has no post.

    Attributes
    ----------
    leader, post
        Positions in the tables of leaders and posts; ``post`` is the one that the reason speaks of, if any.
    distance_km
        From the leader to that post, None where not known.
    why
        The code of the reason: of ``Why`` or of a ``NoPost``.
    bar
        The code of what closes the posts in reach.
    posts, within_km, limit_km
        How many posts the reason speaks of; of posts out of reach, within which distance, and how far the leader may
        travel.
    rule, part
        The scenario's name of the rule, and which row of it.
    cost_gbp, left_gbp
        The cheapest post of the leader, and what the budget has left.
    holder
        Position of the leader who has the post.
    """

    leader: int
    why: str
    post: int | None = None
    distance_km: float | None = None
    bar: str | None = None
    posts: int = 0
    within_km: float | None = None
    limit_km: float | None = None
    rule: str = ""
    part: Part = ()
    cost_gbp: int | None = None
    left_gbp: int | None = None
    holder: int | None = None
