"""At most so many placements in any one authority, trust or region."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pilotage.config.part import MOST_COUNTED, Count, Label
from pilotage.config.places import Places
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.place_names import PlaceKind, place_words, written
from pilotage.domain.words import plural

PLACES = {"authority_cap": "local authority", "trust_cap": "trust", "region_cap": "region"}


class Cap(Priced):
    """At most so many placements in any one place of a kind; a breach is one placement too many."""

    limits_each_place: ClassVar[bool] = True

    count: Count
    """Maximum number of placements in each."""
    areas: Annotated[Places, Label("Places that count", "everywhere")] = ()
    """Only placements in these places count: authorities, districts, regions, areas, lists; empty = everywhere."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        inside = f", counted in {', '.join(map(place_words, self.areas))}" if self.areas else ""
        return f"at most {plural(self.count, 'placement')} in any one {PLACES[self.rule]}{inside}"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the maximum, which is loosened upwards."""
        return Figure(("count",), MOST_COUNTED)

    def place_names(self) -> dict[str, tuple[str, ...]]:
        """Return the places that the rule names, by its key."""
        return {"areas": self.areas}


class PlaceCap(Cap):
    """At most so many placements in any one authority or region; a breach is one placement too many."""

    rule: Literal["authority_cap", "region_cap"]


class TrustCap(Cap):
    """At most so many placements in any one trust; a breach is one placement too many."""

    rule: Literal["trust_cap"]
    trusts: Annotated[tuple[str, ...], Label("Trusts that are capped", "every trust")] = ()
    """The trusts that are capped, as the data names them; empty = every trust."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        named = f" ({', '.join(self.trusts)})" if self.trusts else ""
        return f"{super().asks()}{named}"

    def place_names(self) -> dict[str, tuple[str, ...]]:
        """Return the places and the trusts that the rule names, by its keys."""
        return super().place_names() | {"trusts": tuple(written(PlaceKind.TRUST, name) for name in self.trusts)}


RULES: tuple[type[RuleModel], ...] = (PlaceCap, TrustCap)
