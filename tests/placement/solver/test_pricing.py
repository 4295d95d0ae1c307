"""The proven bound in exact arithmetic, whatever the width in which weights are kept."""

from fractions import Fraction

import numpy as np
import pytest

from pilotage.domain.plan import Over, PlacementProblem, Row
from pilotage.placement.solver.pricing import clipped, on_grid, priced


def _problem(over: Over, dtype: type) -> PlacementProblem:
    """Two leaders, two posts; one row whose weights are costs, as a budget's are."""
    row = Row("budget", "budget", "t", "<=", 40_000, np.arange(2), np.array([30_000, 20_000], dtype=dtype), over=over)
    index = np.array([0, 1], dtype=np.int32)
    benefit = np.array([9_000, 8_000])
    return PlacementProblem(("L1", "L2"), ("P1", "P2"), np.array([1, 2]), index, index, benefit, 1000, (row,))


@pytest.mark.parametrize("over", ["pair", "post", "leader"])
def test_weights_kept_in_few_bytes_prove_the_same_bound(over: Over) -> None:
    # 40,000 x 0.25 = 10,000 for the budget; reduced costs 9,000 - 7,500 and 8,000 - 5,000
    for dtype in (np.int32, np.int64):
        problem = _problem(over, dtype)
        row = clipped(problem.rows, on_grid(np.array([0.25])))
        found = priced(problem, np.zeros(2, dtype=np.int64), row)
        assert found.bound == Fraction(10_000 + 1_500 + 3_000)
        assert (found.reduced >> 24).tolist() == [1_500, 3_000]
