"""Equity weights: how much a pupil-month counts in the objective, by school."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.objective import EquityWeights
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.deprivation import fifths


def weighted(
    problem: PlacementProblem, weights: EquityWeights, panel: SchoolPanel, urns: NDArray[np.int64]
) -> PlacementProblem:
    """Return the problem with each pair's benefit times its school's weight, rounded to the integer unit."""
    if not weights.given:
        return problem
    weight = pair_weights(problem, weights, panel, urns)
    return replace(problem, benefit=np.rint(problem.benefit * weight).astype(np.int64))


def pair_weights(
    problem: PlacementProblem, weights: EquityWeights, panel: SchoolPanel, urns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the weight of each pair's school, shape (pairs,)."""
    by_school = school_weights(weights, panel, urns)
    return np.asarray(by_school.reindex(problem.urns[problem.post]).to_numpy(), dtype=np.float64)


def school_weights(weights: EquityWeights, panel: SchoolPanel, urns: NDArray[np.int64]) -> pd.Series:
    """Return the weight of each school in scope, by URN: that of its fifth times that of its area, each 1 if not given.

    A school whose fifth is not known has the weight 1 for it.
    """
    by_fifth = fifths(panel, urns).map(weights.deprivation_fifths).astype(float).fillna(1.0)
    area = panel.schools.set_index("urn")["area"].reindex(urns)
    found: pd.Series = by_fifth * area.map(weights.areas).astype(float).fillna(1.0)
    return found
