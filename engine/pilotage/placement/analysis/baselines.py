"""Simpler ways of placing, on the same problem and under the same rules, to compare a plan with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.explanation import Baseline
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation.coefficients import activities
from pilotage.placement.solver.cp_sat import value_of
from pilotage.placement.solver.greedy import by_benefit, fill
from pilotage.placement.solver.incumbent import completed, keeps

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def baselines(problem: PlacementProblem, need_per_pair: Floats, seed: int) -> tuple[Baseline, ...]:
    """Return what highest risk first, greedy by benefit and random placing reach.

    Each takes pairs in its own order, pins and unmet minimums first, and breaks no limit on the way; ``unmet`` names
    the rows that it could not satisfy. A pair of unknown need comes last.
    """
    need = np.where(np.isnan(need_per_pair), -1.0, need_per_pair)
    by_need = np.lexsort((np.arange(len(need)), -problem.benefit, -need))
    shuffled = np.random.default_rng(seed).permutation(len(problem.benefit))
    return (
        _peer("highest_risk_first", "School at highest risk first, with its best leader", problem, by_need),
        _peer("greedy_by_benefit", "Pair of highest benefit first", problem, by_benefit(problem)),
        _peer("random", "At random among eligible pairs", problem, shuffled),
    )


def _peer(name: str, label: str, problem: PlacementProblem, order: Ints) -> Baseline:
    choice = completed(problem, fill(problem, order))
    left = activities(problem, choice.chosen, choice.auxiliary)
    states = zip(problem.rows, left.tolist(), strict=True)
    unmet = tuple(row.name for row, activity in states if not keeps(row, activity))
    return Baseline(name, label, len(choice.chosen), value_of(problem, choice), unmet, choice.chosen)
