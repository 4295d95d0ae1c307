"""Schools put forward by local knowledge."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import MOST_COUNTED, Count, Label, Part, Share, Urn
from pilotage.config.rules.priced import Counted, Priced
from pilotage.config.rules.rule_model import Figure, RuleModel
from pilotage.domain.words import plural


class Case(Part):
    """A school that local knowledge puts forward."""

    urn: Annotated[Urn, Label("School")]
    """The school."""
    reason: Annotated[str, Label("Why")]
    """Why, for the record."""
    author: Annotated[str, Label("Who made the case")]
    """Who made the case."""


class CaseQuota(Priced):
    """Schools put forward by local knowledge: eligible whatever their need; a breach is one placement."""

    rule: Literal["case_quota"]
    cases: Annotated[dict[str, Case], Field(min_length=1), Label("Schools put forward")]
    """The schools, by a name of your own."""
    minimum_count: Count | None = None
    """At least so many placements for them."""
    maximum_count: Count | None = None
    """At most so many placements for them."""
    minimum_share: Share | None = None
    """At least this share of the placements made is for them."""
    maximum_share: Share | None = None
    """At most this share of the placements made is for them."""
    counts: Counted = "place"
    """What counts as a placement: leaders placed, leaders in post supported, or both."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for name in ("count", "share"):
            least, most = getattr(self, f"minimum_{name}"), getattr(self, f"maximum_{name}")
            if least is not None and most is not None and least > most:
                raise ValueError(f"has a minimum_{name} of {least:g} above its maximum_{name} of {most:g}: change one")
        return self

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the minimum, which is loosened down to nothing, or the maximum, upwards; by number or share."""
        side, measure = part
        if measure == "number":
            return Figure((f"{side}_count",), 0 if side == "minimum" else MOST_COUNTED)
        return Figure((f"{side}_share",), 0 if side == "minimum" else 1, whole=False)

    def put_forward(self) -> dict[str, int]:
        """Return the URNs of the schools put forward, by the key of each."""
        return {f"cases.{name}.urn": case.urn for name, case in self.cases.items()}

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        shares = (("at least", self.minimum_share), ("at most", self.maximum_share))
        counts = (("at least", self.minimum_count), ("at most", self.maximum_count))
        limits = [f"{side} {plural(count, 'placement')}" for side, count in counts if count is not None]
        limits += [f"{side} {share:.0%} of placements" for side, share in shares if share is not None]
        return f"{', '.join(limits) or 'any number of placements'} in schools put forward"


RULES: tuple[type[RuleModel], ...] = (CaseQuota,)
