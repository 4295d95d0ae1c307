"""What the wings say of a plan and ``report`` shows: audits and baselines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One re-counted fact of a plan: whether it holds, and what was counted."""

    name: str
    holds: bool
    detail: str


@dataclass(frozen=True)
class Audit:
    """All that ``placement.audit`` re-counted without the solver."""

    checks: tuple[Check, ...]

    @property
    def clean(self) -> bool:
        """Return True where every check holds."""
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Baseline:
    """What a simpler way of placing reaches on the same problem: placements, objective (integer unit), rows broken."""

    name: str
    label: str
    placements: int
    objective: int
    unmet: tuple[str, ...]


@dataclass(frozen=True)
class RuleState:
    """How a rule stands in a plan: its row's activity against its limit, and whether it binds."""

    name: str
    rule: str
    label: str
    sense: str
    activity: int
    limit: int
    binding: bool
