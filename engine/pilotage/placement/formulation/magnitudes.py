"""Which figures exact sums can hold: a problem with larger ones is refused before anything is computed from it.

Prices are integers of 64 bits, on a grid of ``2**-GRID_BITS``, and solvers count in floating point with 53 bits. So
every benefit stays below ``2**BENEFIT_BITS``, every weight below ``2**WEIGHT_BITS``, every value that an auxiliary may
have below ``2**VALUE_BITS``, and whatever a row or the objective can come to below ``2**ROW_BITS`` and
``2**OBJECTIVE_BITS``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.errors import PilotageError, Problem
from pilotage.placement.formulation.coefficients import largest_weights

BENEFIT_BITS = 37
WEIGHT_BITS = 53
VALUE_BITS = 53
ROW_BITS = 61
OBJECTIVE_BITS = 53


def refuse_large(problem: PlacementProblem) -> None:
    """Refuse a problem whose figures exact sums can't hold.

    Raises
    ------
    PilotageError
        It names the first benefit, auxiliary or row that is too large.
    """
    most = placements(problem)
    benefit = _largest(problem.benefit)
    _refuse("the benefit of a pair", benefit, BENEFIT_BITS)
    total = most * benefit
    for auxiliary in problem.auxiliaries:
        value = max(abs(auxiliary.lower), abs(auxiliary.upper))
        _refuse(f"the benefit of {auxiliary.name}", abs(auxiliary.benefit), BENEFIT_BITS)
        _refuse(f"the bounds of {auxiliary.name}", value, VALUE_BITS)
        total += abs(auxiliary.benefit) * value
    _refuse("the objective", total, OBJECTIVE_BITS)
    for row, largest in zip(problem.rows, largest_weights(problem.rows), strict=True):
        _refuse(f"a weight of {row.name}", largest, WEIGHT_BITS)
        _refuse(f"the row {row.name}", max(abs(row.rhs), most * largest + _reach(problem, row)), ROW_BITS)


def placements(problem: PlacementProblem) -> int:
    """Return how many placements a plan can have at most."""
    return min(int(problem.capacities.sum()), len(problem.post_ids), len(problem.benefit))


def _largest(values: NDArray[np.int64]) -> int:
    highest, lowest = int(values.max(initial=0)), int(values.min(initial=0))
    return max(highest, -lowest)


def _reach(problem: PlacementProblem, row: Row) -> int:
    """Return what the auxiliaries of a row come to at most, whatever their sign."""
    own = zip(row.auxiliaries.tolist(), row.auxiliary_weights.tolist(), strict=True)
    ends = ((weight, problem.auxiliaries[number]) for number, weight in own)
    return int(sum(abs(weight) * max(abs(auxiliary.lower), abs(auxiliary.upper)) for weight, auxiliary in ends))


def _refuse(what: str, size: int, bits: int) -> None:
    if size >= 2**bits:
        fault = f"{what} is as large as {size:,}"
        raise PilotageError(Problem("solver", fault, f"figures below {2**bits:,}", "use smaller figures"))
