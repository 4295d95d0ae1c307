"""World: the settings of the truth of a synthetic England, each a fact that no forecast and no plan can look up."""

from __future__ import annotations

from dataclasses import dataclass

from pilotage.errors import Problem, UsageError, raise_all

LIMITS = {"validity": (0.0, 0.8), "carry_over": (0.0, 1.0), "effect": (0.0, 1.0)}


@dataclass(frozen=True)
class World:
    """How heads, inspections and results hang together.

    Attributes
    ----------
    validity
        The correlation, among schools of the same intake, of what an inspection finds with the head's quality, from 0
        to 0.8. The shipped sample has 0.25; figures for England are of this size or smaller (docs/method/sample.md).
    carry_over
        The share of a head's quality that the next appointment at the school is expected to have, from 0 to 1.
    effect
        The size of heads' effects on results, 1 as published (EPI 2023) and 0 for none, from 0 to 1.
    intake_only
        Grades come from intake and noise alone, and neither grades nor results bear a mark of any head. What a leader
        who is placed would change is as ``effect`` says.

    Raises
    ------
    UsageError
        For a setting out of its range.
    """

    validity: float = 0.25
    carry_over: float = 0.5
    effect: float = 1.0
    intake_only: bool = False

    def __post_init__(self) -> None:
        given = ((name, getattr(self, name), ends) for name, ends in LIMITS.items())
        raise_all(UsageError, (_refused(name, value, ends) for name, value, ends in given if not _within(value, ends)))


def _within(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]


def _refused(name: str, value: float, ends: tuple[float, float]) -> Problem:
    return Problem(f"World.{name}", f"{value:g}", f"{ends[0]:g} to {ends[1]:g}", "take a value of this range")


SHIPPED = World()
"""The world of the sample that ships with Pilotage."""
