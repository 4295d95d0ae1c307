"""Evidence: the parameters of a placement's benefit, each with its unit, source and grade."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

READVERTISED = "chance_open_readvertised"


@dataclass(frozen=True)
class Parameter:
    """One number that a benefit rests on.

    ``grade`` is ``measured`` (a figure seen in the source named), ``inferred`` (arithmetic on such figures) or
    ``assumed`` (a judgement that planners should challenge); ``changed`` says that the scenario replaced the value.
    ``minimum`` and ``maximum`` are what a scenario may give; ``low`` and ``high`` the range over which a plan is tried,
    None where it is not; ``title`` what the reports call it there. ``only_for``: without what it says nothing,
    ``prospects`` of the scenario, or ``readvertised`` posts that schools may come to have.
    """

    name: str
    value: float
    unit: str
    grade: str
    source: str
    minimum: float
    maximum: float
    low: float | None = None
    high: float | None = None
    title: str | None = None
    changed: bool = False
    only_for: str | None = None

    @property
    def sentence(self) -> str:
        """Return the parameter as the reports list it."""
        origin = "set by the scenario" if self.changed else f"{self.grade}: {self.source}"
        return f"{self.name} = {self.value:g} {self.unit} ({origin})"


@dataclass(frozen=True)
class Evidence:
    """All parameters by name."""

    parameters: dict[str, Parameter]

    def used(self, parts: Container[str]) -> dict[str, Parameter]:
        """Return the parameters that say something, where a case has these parts (as ``only_for`` names them)."""
        return {name: each for name, each in self.parameters.items() if each.only_for is None or each.only_for in parts}

    def value(self, name: str) -> float:
        """Return the value of a parameter."""
        return self.parameters[name].value
