"""Equity weights: how much a pupil-month counts in the objective, by school."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.objective import EquityWeights
from pilotage.domain.deprivation import fifths
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.plan import PlacementProblem
from pilotage.placement.formulation import shared_pupils

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def weighted(problem: PlacementProblem, impact: ImpactMatrix, weight: Floats) -> PlacementProblem:
    """Return the problem with each pair's benefit times its weight, rounded after it; what rules charge has none."""
    plain = expected(impact, problem.scale)
    ours = replace(problem, benefit=problem.benefit + expected(impact, problem.scale, weight) - plain)
    return ours if impact.yearly is None else shared_pupils.weighted(ours, impact.yearly, weight)


def expected(impact: ImpactMatrix, scale: int, weight: Floats | None = None) -> Ints:
    """Return each pair's expected benefit in integer units, times its weight if given, shape (pairs,)."""
    exact = impact.pairs["benefit"].to_numpy(dtype=np.float64) * scale
    units: Ints = np.rint(exact if weight is None else exact * weight).astype(np.int64)
    return units


def pair_weights(case: Case, problem: PlacementProblem) -> Floats:
    """Return the weight of each pair's school, shape (pairs,)."""
    weights = case.scenario.objective.equity_weights
    if not weights.given:
        return np.ones(len(problem.benefit))
    by_school = school_weights(weights, case.panel, case.urns)
    return np.asarray(by_school.reindex(problem.urns[problem.post]).to_numpy(), dtype=np.float64)


def school_weights(weights: EquityWeights, panel: SchoolPanel, urns: NDArray[np.int64]) -> pd.Series:
    """Return the weight of each school in scope, by URN: that of its fifth times that of its area, each 1 if not given.

    A school whose fifth is not known has the weight 1 for it.
    """
    by_fifth = fifths(panel, urns).map(weights.deprivation_fifths).astype(float).fillna(1.0)
    area = panel.schools.set_index("urn")["area"].reindex(urns)
    weight: pd.Series = by_fifth * area.map(weights.areas).astype(float).fillna(1.0)
    return weight
