"""What each placement of a plan counts, once the leaders of one school share its pupils; without weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.findings.sharing import SharedPart, Sharing
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.plan import PlacementProblem, SharedPupils
from pilotage.placement.candidates import SCALE
from pilotage.placement.formulation.problem import shared_gains
from pilotage.placement.formulation.shared_pupils import lost_by_pair

Ints = NDArray[np.int64]


def sharing(impact: ImpactMatrix, problem: PlacementProblem, chosen: Ints) -> Sharing:
    """Return what the pairs of a plan lose to leaders beside them at their school, of those that lose anything."""
    if impact.yearly is None:
        return {}
    shared = shared_gains(problem, impact.yearly)
    lost = lost_by_pair(shared, chosen)
    return {pair: _part(problem, shared, chosen, pair, units) for pair, units in lost.items()}


def _part(problem: PlacementProblem, shared: SharedPupils, chosen: Ints, pair: int, units: float) -> SharedPart:
    gain = int(shared.gain[np.searchsorted(shared.pair, pair)].sum())
    there = chosen[problem.urns[problem.post[chosen]] == problem.urns[problem.post[pair]]]
    leaders = np.unique(problem.leader[there[there != pair]])
    beside = tuple(problem.leader_ids[leader] for leader in leaders)
    return SharedPart(units / SCALE, 1 - units / gain, beside)
