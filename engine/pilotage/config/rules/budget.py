"""What a plan may cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pilotage.config.part import MOST_POUNDS, Label, Pounds
from pilotage.config.rules.priced import Priced
from pilotage.config.rules.rule_model import Figure, RuleModel


class Budget(Priced):
    """The cost of the plan (relocation, salary and support included) stays within a sum; a breach is GBP 1,000."""

    rule: Literal["budget"]
    total_gbp: Pounds
    """The sum, in pounds."""
    per_year: Annotated[bool, Label("A sum for each planning year")] = False
    """Whether the sum is for each planning year, by the start of the placement, instead of the whole plan."""

    basis: Annotated[Literal["committed", "expected"], Label("What an ask costs")] = "committed"
    """What an ask for a prospect costs: its whole cost, or (`expected`) its cost by the chance that it comes true, in
    whole pounds, rounded up. Known posts and support cost the whole on either basis."""

    def asks(self) -> str:
        """Return what the rule asks, in words."""
        by_chance = ", each ask by its chance" if self.basis == "expected" else ""
        year = " in each planning year" if self.per_year else ""
        return f"total cost at most £{self.total_gbp:,}{year}{by_chance}"

    def figure_of(self, part: tuple[str | int, ...]) -> Figure | None:
        """Return the sum, which is loosened upwards."""
        return Figure(("total_gbp",), MOST_POUNDS)


RULES: tuple[type[RuleModel], ...] = (Budget,)
