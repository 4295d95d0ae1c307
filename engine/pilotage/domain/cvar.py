"""Conditional value at risk: the worst draws of a plan, which it may maximise beside expected benefit, in integers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cvar:
    """The worst draws of a plan's benefit, and how much they count.

    Attributes
    ----------
    draws
        Benefit of each pair in each draw, in the integer unit of the expected benefits, shape (draws, pairs).
    mean
        Expected benefit of each pair in the same unit, shape (pairs,); what priced rules charge is no part of it.
    worst
        How many draws are the worst.
    weight
        Share of the objective that is the mean of the worst draws; the rest is expected benefit.
    """

    draws: NDArray[np.int32]
    mean: Ints
    worst: int
    weight: Fraction

    @property
    def factor(self) -> int:
        """Return how many units of the objective make one of the benefits: with it, every value is whole."""
        return self.weight.denominator * self.worst

    @property
    def benefit_factor(self) -> int:
        """Return what a unit of expected benefit counts in the objective."""
        return (self.weight.denominator - self.weight.numerator) * self.worst

    def totals(self, chosen: Ints) -> Ints:
        """Return the benefit of the chosen pairs in each draw, shape (draws,)."""
        totals: Ints = self.draws[:, chosen].sum(axis=1, dtype=np.int64)
        return totals

    def worst_draws(self, chosen: Ints) -> Ints:
        """Return the draws in which the chosen pairs are worth least, ascending; of equals the earlier."""
        order = np.argsort(self.totals(chosen), kind="stable")
        return np.sort(order[: self.worst])

    def worst_sum(self, chosen: Ints) -> int:
        """Return the benefit of the chosen pairs summed over their worst draws."""
        return int(np.sort(self.totals(chosen))[: self.worst].sum())


@dataclass(frozen=True)
class CvarState:
    """What the worst draws make of the plan, and of the plan of highest expected benefit (objective's pupil-months)."""

    draws: int
    worst: int
    weight: float
    mean: float
    worst_mean: float
    expected_plan_mean: float
    expected_plan_worst_mean: float
