"""Beyond: what a plan would be without its limit on changes of an earlier plan."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.domain.findings.comparison import LeaderChange


@dataclass(frozen=True)
class Limit:
    """A rule that limits changes: its name, and how many of how many earlier placements are given up, of at most."""

    rule: str
    earlier: int
    given_up: int
    at_most: int


@dataclass(frozen=True)
class Beyond:
    """The best plan without the limits on changes, beside the plan.

    Attributes
    ----------
    limits
        What each rule limits, and how the plan stands.
    solved
        Whether such a plan was found in time.
    benefit, benefit_of_plan
        Pupil-months of it and of the plan; None where it was not found.
    more
        By how much it scores more, in the objective's pupil-months.
    gap
        Relative gap to which it is proven; 0 = no plan is better.
    leaders
        Who would move, gain or lose a post against the plan.
    asks
        How many asks would differ.
    schools
        The name of each school that is spoken of, by URN.
    """

    limits: tuple[Limit, ...]
    solved: bool
    benefit: float | None = None
    benefit_of_plan: float | None = None
    more: float | None = None
    gap: float | None = None
    leaders: tuple[LeaderChange, ...] = ()
    asks: int = 0
    schools: tuple[tuple[int, str], ...] = ()
