"""What the rules are counted over, what a count of a rule says, and numbers compared with their limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pilotage.domain.findings.explanation import Check
from pilotage.placement.audit.case import AuditCase, Capacities
from pilotage.placement.audit.support_tables import SUPPORT


@dataclass(frozen=True)
class Counted:
    """What an audit counts over.

    ``placements`` has one row per placement with the leader's, post's and school's columns, its cost, its start and its
    ``worth`` in integer units.
    """

    placements: pd.DataFrame
    case: AuditCase
    capacities: Capacities

    @property
    def leaders(self) -> pd.DataFrame:
        """Return the pool's leaders."""
        return self.case.pool.leaders

    def placements_of(self, counts: str) -> pd.DataFrame:
        """Return the placements that a rule counts: of leaders (``place``), of support, or both."""
        frame = self.placements
        support = frame["level"] == SUPPORT
        return {"place": frame[~support], "support": frame[support], "both": frame}[counts]


@dataclass(frozen=True)
class RuleCount:
    """A rule counted again: units of breach, what is wrong, what was counted, and what is wrong whatever the price."""

    units: int
    wrong: tuple[str, ...]
    counted: str
    beyond: tuple[str, ...] = ()


def compared(least: Fraction | None, most: Fraction | None, number: int, whole: int, where: str) -> RuleCount:
    """Compare a number with its limits."""
    short = max(0, math.ceil((least or 0) - number))
    over = max(0, math.ceil(number - most)) if most is not None else 0
    wrong = [f"{number} in {where}, under {float(least or 0):g}"] if short else []
    wrong += [f"{number} in {where}, over {float(most or 0):g}"] if over else []
    words = [f"at least {float(least):g}"] if least is not None else []
    words += [f"at most {float(most):g}"] if most is not None else []
    return RuleCount(short + over, tuple(wrong), f"{number} in {where}; {' and '.join(words)} of {whole}")


def summed(parts: list[RuleCount]) -> RuleCount:
    """Return the counts of a rule's limits as the count of the rule."""
    wrong = tuple(word for part in parts for word in part.wrong)
    return RuleCount(
        sum(part.units for part in parts), wrong, "; ".join(part.counted for part in parts) or "no limit set"
    )


def named(placements: pd.DataFrame, which: pd.Series) -> list[str]:
    """Return some of the placements in words."""
    pairs = placements.loc[which, ["leader_id", "post_id"]].itertuples(index=False)
    return [f"{leader} in {post}" for leader, post in pairs]


def checked(name: str, wrong: list[str], counted: str) -> Check:
    """Return a check that holds where nothing is wrong: what was counted, or the first ten things that are wrong."""
    return Check(name, not wrong, counted if not wrong else "; ".join(wrong[:10]))
