"""Unplaced: why a leader has no post, as a code and figures; ``report`` has the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pilotage.domain.bars import Bar
from pilotage.domain.plan import Part


class Why(StrEnum):
    """The nearest reason for a leader to have no post."""

    PLACING_OFF = "placing_off"
    NO_LEVEL = "no_post_of_level"
    NO_PHASE = "no_post_in_phase"
    NO_SUBJECT = "no_post_of_subject"
    NO_REQUIREMENT = "requirements_not_met"
    OUT_OF_REACH = "out_of_reach"
    NOT_FREE = "not_free_in_time"
    CLOSED = "posts_closed"
    OWN_POST = "own_post"
    BAN = "banned"
    HELD_BACK = "held_back"
    PART_OF_TEAM = "team_cannot_go"
    FEW_POSTS = "too_few_posts"
    BELOW_ZERO = "benefit_not_above_zero"
    PRICE = "price_exceeds_benefit"
    BUDGET = "budget_spent"
    TEAM = "team_elsewhere"
    SPAN = "span_not_filled"
    SUPPORTED = "leader_in_post_supported"
    RULE = "rule_at_limit"
    BETTER_USE = "better_use_elsewhere"
    SHARED_PUPILS = "pupils_counted_already"
    WORST_DRAWS = "worst_draws"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True)
class Unplaced:
    """Why one leader has no post.

    Attributes
    ----------
    leader, post
        Positions in the tables of leaders and posts; ``post`` is the one that the reason speaks of, if any.
    distance_km
        From the leader to that post, None where not known.
    bar
        What closes the posts in reach.
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
    why: Why
    post: int | None = None
    distance_km: float | None = None
    bar: Bar | None = None
    posts: int = 0
    within_km: float | None = None
    limit_km: float | None = None
    rule: str = ""
    part: Part = ()
    cost_gbp: int | None = None
    left_gbp: int | None = None
    holder: int | None = None
