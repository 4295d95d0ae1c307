"""What every rule of a scenario is, and what the rest of the code may ask it without knowing which rule it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pilotage.config.part import Part


class RuleModel(Part):
    """A rule of a scenario; the key `rule` says which."""

    if TYPE_CHECKING:
        rule: str

    once: ClassVar[str] = ""
    """Why a scenario may have this rule once only; empty where it may have several."""
    binds_teams: ClassVar[bool] = False
    """Whether leaders of one team go together under this rule."""

    def put_forward(self) -> dict[str, int]:
        """Return the URNs of schools that the rule puts forward whatever their need, by the key of each."""
        return {}
