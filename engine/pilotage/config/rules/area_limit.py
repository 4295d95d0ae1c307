"""A number or a share of placements in areas."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from pilotage.config.part import MOST_COUNTED, Count, Label, Share
from pilotage.config.places import Places
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.place_names import place_words
from pilotage.domain.words import plural


class InAreas(Priced):
    """A number or a share of placements in areas."""

    areas: Annotated[Places, Label("Places", "the areas of the list")] = ()
    """Places by name: authorities, districts, regions, areas, lists, `trust: NAME`; empty = data.area_list."""
    each: Annotated[bool, Label("The limit holds in each place on its own")] = False
    """`true`: the limit holds in each of these places on its own, of a list in each of its areas; else together."""
    count: Annotated[Count | None, Label("Number of placements")] = None
    """The limit as a number of placements; give this or `share`."""
    share: Annotated[Share | None, Label("Share")] = None
    """The limit as a share of `of`; give this or `count`."""
    of: Annotated[Literal["placements", "pool"], Label("What the share is of")] = "placements"
    """Denominator of the share: placements made, or leaders in the pool."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    @model_validator(mode="after")
    def _one_of_count_and_share(self) -> Self:
        if (self.count is None) == (self.share is None):
            raise ValueError("needs either count or share, and not both")
        return self

    def limit(self) -> str:
        """Return the limit in words: ``3 placements in Derby``."""
        whole = "placements" if self.of == "placements" else "the leaders of the pool"
        amount = plural(self.count, "placement") if self.count is not None else f"{self.share or 0:.0%} of {whole}"
        each = "each of " if self.each else ""
        return f"{amount} in {each}{', '.join(map(place_words, self.areas)) or 'the areas of the list'}"

    def place_names(self) -> dict[str, tuple[str, ...]]:
        """Return the places that the rule names, by its key."""
        return {"areas": self.areas}


class AreaMinimum(InAreas):
    """At least so many placements in some places; a breach is one placement too few."""

    rule: Literal["area_minimum"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"at least {self.limit()}"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the limit, which is loosened down to nothing."""
        return Figure(("share",), 0, whole=False) if self.count is None else Figure(("count",), 0)


class AreaMaximum(InAreas):
    """At most so many placements in some places; a breach is one placement too many."""

    rule: Literal["area_maximum"]

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        return f"at most {self.limit()}"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the limit, which is loosened upwards."""
        return Figure(("share",), 1, whole=False) if self.count is None else Figure(("count",), MOST_COUNTED)


RULES: tuple[type[RuleModel], ...] = (AreaMinimum, AreaMaximum)
