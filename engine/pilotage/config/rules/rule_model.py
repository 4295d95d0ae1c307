"""What every rule of a scenario is, and what the rest of the code may ask it without knowing which rule it is."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pilotage.config.part import Part
from pilotage.domain.bars import RuleBar
from pilotage.domain.findings.unplaced import NoPost


class Figure(NamedTuple):
    """A figure of a rule that one of its rows states: its key below the rule, and the loosest value that it may have.

    ``whole``: a number of placements or pounds, which the row states as it is; else rows are made anew to try a value.
    """

    key: tuple[str, ...]
    loosest: float
    whole: bool = True


class RuleModel(Part):
    """A rule of a scenario; the key `rule` says which."""

    if TYPE_CHECKING:
        rule: str

    once: ClassVar[str] = ""
    """Why a scenario may have this rule once only; empty where it may have several."""
    binds_teams: ClassVar[bool] = False
    """Whether leaders of one team go together under this rule."""
    one_post: ClassVar[bool] = True
    """Whether a leader takes one post under this rule, without regard to the posts of other leaders of a group."""
    limits_each_place: ClassVar[bool] = False
    """Whether its rows limit one place each: those with room to spare are then shown together."""
    kept_or_removed: ClassVar[bool] = False
    """Whether no figure loosens it: what cannot hold with it may hold once it is removed."""
    bars: ClassVar[tuple[RuleBar, ...]] = ()
    """What it keeps leaders out of a post for; of a rule that matches leaders with posts, one."""
    no_post: ClassVar[NoPost | None] = None
    """Why leaders have no post to take, of a rule that bars them from all."""
    at_limit: ClassVar[NoPost | None] = None
    """Why leaders whom the rule is about are left out where one of its rows is at its limit; None: the row says it."""

    @abstractmethod
    def asks(self) -> str:
        """Return what the rule asks, in a planner's words and with its figures."""

    def sentence(self) -> str:
        """Return what the rule asks, and what the plan pays for a breach where it may be broken."""
        price = self.breach_price()
        return self.asks() if price is None else f"{self.asks()}, or {price:g} pupil-months for each breach"

    def no_post_words(self, code: str) -> str | None:
        """Return the words of a ``NoPost`` with figures of this rule, in the same form; None where it has none."""
        return None

    def breach_price(self) -> float | None:
        """Return what a unit of breach costs in pupil-months; None of a rule that is never broken."""
        return None

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the figure that loosens one of the rule's rows (``part``: which); None where no figure does."""
        return None

    def eased(self) -> dict[str, Figure | str]:
        """Return the rule's keys that let a plan be stated where the rule refuses to, each with the value that does."""
        return {}

    def put_forward(self) -> dict[str, int]:
        """Return the URNs of schools that the rule puts forward whatever their need, by the key of each."""
        return {}

    def place_names(self) -> dict[str, tuple[str, ...]]:
        """Return the places that the rule names (``domain.place_names``), by the key of each list of names."""
        return {}

    def supporters(self) -> tuple[str, ...] | None:
        """Return the names of who supports schools that the rule asks for, none for all; None of any other rule."""
        return None

    def plan_before(self) -> Path | None:
        """Return the placements.csv of the earlier plan that the rule speaks of, if any."""
        return None

    def asks_before(self) -> Path | None:
        """Return the asks.csv of the earlier plan that the rule speaks of, if any."""
        return None
