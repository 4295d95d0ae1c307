"""CP-SAT over few pairs: no time, a plan to start from, and figures that it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from pilotage.domain.plan import Auxiliary, PlacementProblem, Row
from pilotage.errors import PilotageError
from pilotage.placement.solver.cp_sat import Answer, Choice, Limits, Pool, solve_integers, value_of
from pilotage.placement.solver.master_lp import Rows

SIZE = 8


def _problem() -> PlacementProblem:
    """Return eight leaders, each for any of eight posts, under a budget that is exceeded at a price."""
    generator = np.random.default_rng(3)
    pairs = np.arange(SIZE * SIZE)
    leader, post = (part.astype(np.int32) for part in np.divmod(pairs, SIZE))
    budget = Row(
        "money", "budget", "", "<=", 400, pairs, generator.integers(60, 160, len(pairs)), np.array([0]), np.array([-1])
    )
    names, benefit = tuple(str(number) for number in range(SIZE)), generator.integers(1000, 9000, len(pairs))
    over = (Auxiliary("over", 1000, -50, kind="breach"),)
    return PlacementProblem(names, names, np.arange(SIZE), leader, post, benefit, 1000, (budget,), auxiliaries=over)


def _solved(problem: PlacementProblem, hint: Choice | None, limits: Limits) -> Answer:
    return solve_integers(Rows(problem), Pool.whole(problem), hint, limits, 1)


def test_without_time_nothing_is_said() -> None:
    assert _solved(_problem(), None, Limits(0.0)) == Answer(None, None, proven=False)


def test_a_plan_to_start_from_is_what_comes_back_where_any_gap_will_do() -> None:
    problem = _problem()
    poor = Choice(np.array([9, 18]), np.array([7]))
    loose = _solved(problem, poor, Limits(60, gap=1e9)).choice
    assert loose is not None
    assert (loose.chosen.tolist(), loose.auxiliary.tolist()) == ([9, 18], [7])
    proven = [_solved(problem, hint, Limits(60)) for hint in (poor, None)]
    best = [value_of(problem, answer.choice) for answer in proven if answer.choice is not None and answer.proven]
    assert len(best) == 2
    assert best[0] == best[1] > value_of(problem, poor)


def test_figures_beyond_64_bits_are_refused_with_what_to_do() -> None:
    problem = _problem()
    huge = replace(problem, benefit=np.full(len(problem.benefit), 2**62))
    with pytest.raises(PilotageError) as refused:
        _solved(huge, None, Limits(60))
    (said,) = refused.value.problems
    assert said.where == "solver"
    assert said.what.startswith("the integer solver refuses the problem: ")
    assert len(said.what) > len("the integer solver refuses the problem: ")
    assert (said.allowed, said.do) == ("weights that fit 64 bits", "use smaller benefits or weights")
