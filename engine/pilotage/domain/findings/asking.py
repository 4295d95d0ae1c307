"""Asking: in which order a plan's posts are asked for, what comes after a no, and what the answers may come to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Spread:
    """A number over the draws: its mean, and the range that holds eight draws in ten."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Answers:
    """What a plan comes to where it is asked for in order, over ``draws`` draws of every answer.

    Attributes
    ----------
    offers
        Posts that the plan offers or asks for; support of leaders in post is not among them.
    first_round
        Placements after the first offer of each leader: every known post, and the first ask.
    placed
        Placements after all the plan's asks, and after the reserves where the answer was no.
    in_post
        Of those placed, how many are still in the post one, two and three years later.
    spent_gbp
        The cost of those placed, and of the leaders in post whose support is accepted, in pounds.
    """

    draws: int
    offers: int
    first_round: Spread
    placed: Spread
    in_post: tuple[Spread, ...]
    spent_gbp: Spread


@dataclass(frozen=True)
class Asking:
    """How a plan is asked for.

    Attributes
    ----------
    ask_order
        By position of a chosen pair that is an ask: which of its leader's asks it is, from 1.
    next_pair
        By position of a chosen pair: the pair that its leader is offered next where the answer is no; None = none.
    answers
        None where the plan has nothing to ask for.
    """

    ask_order: dict[int, int] = field(default_factory=dict)
    next_pair: dict[int, int | None] = field(default_factory=dict)
    answers: Answers | None = None
