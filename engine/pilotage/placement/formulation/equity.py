"""How much a pupil-month counts in the objective, by school: equity weights times the weight of need.

``w(j) = fifth(j) x places(j) x (1 + need_weight x need(j))``
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.objective import NEED_WEIGHT_DECIMALS, EquityWeights
from pilotage.domain.deprivation import fifths
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import SchoolPanel, phases_of
from pilotage.domain.place_names import PlaceNames
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


def pair_weights(case: Case, problem: PlacementProblem, need: pd.Series) -> Floats:
    """Return the weight of each pair's school, shape (pairs,).

    Parameters
    ----------
    need
        Need by URN of the schools in scope, in [0, 1], null where it is not known.
    """
    objective = case.scenario.objective
    if not objective.weighted:
        return np.ones(len(problem.benefit))
    names = PlaceNames(case.panel.schools, case.scenario.data.area_list)
    by_school = school_weights(objective.equity_weights, case.panel, names, case.urns)
    by_school = by_school * need_weights(objective.need_weight, need.reindex(case.urns), case.panel)
    return np.asarray(by_school.reindex(problem.urns[problem.post]).to_numpy(), dtype=np.float64)


def need_weights(weight: float, need: pd.Series, panel: SchoolPanel) -> pd.Series:
    """Return ``1 + weight x need`` of each school by URN, at least 1.

    A school whose need is not known counts with the mean need of its phase's schools; where that is not known either,
    the weight is 1.
    """
    phase = phases_of(panel, need.index.to_series()).to_numpy(dtype=object)
    filled = need.fillna(need.groupby(phase).transform("mean")).fillna(0.0)
    return (1 + weight * filled).round(NEED_WEIGHT_DECIMALS)


def school_weights(weights: EquityWeights, panel: SchoolPanel, names: PlaceNames, urns: Ints) -> pd.Series:
    """Return the weight of each school in scope, by URN: that of its fifth times those of the places it lies in.

    A school whose fifth is not known has the weight 1 for it. Weights of places multiply in the order of their names.
    """
    weight: pd.Series = fifths(panel, urns).map(weights.deprivation_fifths).astype(float).fillna(1.0)
    for name in sorted(weights.areas):
        inside = weight.index.isin(list(names.urns([name])))
        weight = weight * np.where(inside, weights.areas[name], 1.0)
    return weight
