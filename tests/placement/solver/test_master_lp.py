"""A linear programme that ends without an optimum: no time, too little of it, or no solution."""

import numpy as np
import pytest

from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.solver.master_lp import NotSolvedError, OutOfTimeError, Rows, solve_lp


def _square(size: int, *rows: Row) -> PlacementProblem:
    """Return as many leaders as posts, each for any post."""
    leader, post = (part.astype(np.int32) for part in np.divmod(np.arange(size * size), size))
    names, benefit = (
        tuple(str(number) for number in range(size)),
        np.random.default_rng(1).integers(1, 9000, size * size),
    )
    return PlacementProblem(names, names, np.arange(size), leader, post, benefit, 1000, rows)


@pytest.mark.parametrize("seconds", [0.0, 0.002])
def test_a_programme_not_solved_in_time_says_so(seconds: float) -> None:
    problem = _square(120)  # 14,400 pairs: two milliseconds are not enough to read it
    with pytest.raises(OutOfTimeError) as late:
        solve_lp(Rows(problem), np.arange(len(problem.benefit)), 1000.0, seconds, shortfall=False)
    assert late.value.proven is None


def test_a_programme_without_a_solution_is_not_solved() -> None:
    # one leader cannot fill two posts; by how much the row is missed is 1
    least = Row("least", "minimum", "", ">=", 2, np.array([0]), np.array([1]))
    rows = Rows(_square(1, least))
    with pytest.raises(NotSolvedError):
        solve_lp(rows, np.array([0]), 1000.0, 60.0, shortfall=False)
    assert solve_lp(rows, np.array([0]), 1000.0, 60.0, shortfall=True).objective == pytest.approx(-1)
