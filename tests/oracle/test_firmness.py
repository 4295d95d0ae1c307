"""How placements recur, what a plan without each loses, and which schools are tied: equal to a count of every plan."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.domain.findings.explained import Certainty
from pilotage.domain.plan import PlacementPlan, PlacementProblem, closed
from pilotage.placement.analysis.recurrence import Holding, in_draw, leaders_at_schools, schools
from pilotage.placement.analysis.why_not.fewer_pairs import fewer, loss_over_fewer
from pilotage.placement.analysis.why_not.forced_in import Loss, loss, lost_at_least, with_none_of, with_one_of
from pilotage.placement.solver.solve import solve
from pilotage.study.firmness.draws import best_in_draw, recurs
from tests.oracle.test_shapes import Drawn, _aside, _plans, shapes

DRAWN = settings(max_examples=300, deadline=None, derandomize=True)
MORE = settings(max_examples=1000, deadline=None, derandomize=True)

Counted = list[tuple[list[int], int]]  # every plan that keeps the rules, with what its auxiliaries make at best


def _solve(problem: PlacementProblem) -> PlacementPlan:
    return solve(problem, time_limit_seconds=60, seed=1)


def _counted(drawn: Drawn) -> Counted:
    every = ((chosen, _aside(drawn, chosen)) for chosen in _plans(drawn.problem))
    return [(chosen, aside) for chosen, aside in every if aside is not None]


def _best(counted: Counted, benefit: np.ndarray) -> int | None:
    """Return the most that a plan is worth."""
    return max((int(benefit[chosen].sum()) + aside for chosen, aside in counted), default=None)


def _those(counted: Counted, holding: Holding, *, inside: bool) -> Counted:
    """Return the plans that have a holding, or those that have not."""
    return [(chosen, aside) for chosen, aside in counted if holding.within(np.array(chosen)) is inside]


def _agrees(problem: PlacementProblem, best: int, wanted: int | None, lost: Loss) -> None:
    """A loss is exact to what a plan is proven to."""
    if wanted is None:
        assert lost == Loss(Certainty.IMPOSSIBLE, None, None)
        return
    assert lost.certainty is Certainty.EXACT
    assert lost.units is not None
    off = abs(lost.units - (best - wanted))
    assert closed(best, best + off, problem.scale) or closed(wanted, wanted + off, problem.scale)


def _holdings(problem: PlacementProblem, chosen: np.ndarray) -> list[Holding]:
    return [*leaders_at_schools(problem, chosen), *schools(problem, chosen, inside=True)]


def _costs_equal_brute_force(drawn: Drawn, most: int) -> None:
    problem, counted = drawn.problem, _counted(drawn)
    best, plan = _best(counted, problem.benefit), _solve(problem)
    if best is None or plan.objective is None:
        assert best is None
        assert plan.objective is None
        return
    least = lost_at_least(problem, plan)
    few = None if least is None else fewer(problem, least, most, plan.chosen)
    changes = [(each, with_none_of, False) for each in _holdings(problem, plan.chosen)]
    changes += [(each, with_one_of, True) for each in schools(problem, plan.chosen, inside=False)]
    for holding, change, inside in changes:
        wanted = _best(_those(counted, holding, inside=inside), problem.benefit)
        _agrees(problem, best, wanted, loss(plan, change(problem, holding.pairs), _solve))
        quick = None if few is None else loss_over_fewer(plan, few, change, holding.pairs, _solve)
        if quick is not None and quick.plan is not None:
            _agrees(problem, best, wanted, quick)
            assert quick.units is not None
            assert quick.units <= most
            assert quick.plan.chosen.tolist() in [chosen for chosen, _ in counted]
            assert holding.within(quick.plan.chosen) is inside


@DRAWN
@given(shapes(most=3, with_wide=False), st.sampled_from([0, 3, 500, 3000, 2**33]))
def test_what_a_plan_without_each_placement_loses_equals_brute_force(drawn: Drawn, most: int) -> None:
    _costs_equal_brute_force(drawn, most)


@pytest.mark.slow
@MORE
@given(shapes(most=4, with_wide=False), st.sampled_from([0, 3, 500, 3000, 2**33]))
def test_a_thousand_more_losses_equal_brute_force(drawn: Drawn, most: int) -> None:
    _costs_equal_brute_force(drawn, most)


@DRAWN
@given(shapes(most=3, with_wide=False), st.data())
def test_how_often_each_placement_recurs_equals_brute_force(drawn: Drawn, data: st.DataObject) -> None:
    problem, counted = drawn.problem, _counted(drawn)
    plan = _solve(problem)
    if plan.objective is None:
        assert not counted
        return
    size, count = len(problem.benefit), data.draw(st.integers(1, 3))
    cells = data.draw(st.lists(st.integers(-4000, 9000), min_size=size * count, max_size=size * count))
    draws = np.array(cells, dtype=np.int32).reshape(count, size)
    again = [best_in_draw(in_draw(problem, problem.benefit, draw), 60.0, 1, 0.0) for draw in draws]
    assert all(each.proven for each in again)
    for holding in _holdings(problem, plan.chosen):
        has = [_in_best(counted, draw, problem.scale, holding) for draw in draws]
        assert sum(every for _, every in has) <= recurs(holding, again) <= sum(some for some, _ in has)


def _in_best(counted: Counted, draw: np.ndarray, scale: int, holding: Holding) -> tuple[bool, bool]:
    """Return whether some of the best plans of a draw have a holding, and whether all have it.

    Only where several plans are equally good does it matter which of them the solver returns.
    """
    best = _best(counted, draw)
    assert best is not None
    worth = [(chosen, int(draw[chosen].sum()) + aside) for chosen, aside in counted]
    has = [holding.within(np.array(chosen, dtype=np.int64)) for chosen, value in worth if closed(value, best, scale)]
    return any(has), all(has)


def test_two_of_three_draws_have_the_plan_again_and_all_serve_its_schools() -> None:
    # by the second draw L0 belongs at P1 and L1 at P0 (9 + 1 against 1 + 1), by the others as in the plan
    problem = PlacementProblem(
        leader_ids=("L0", "L1"),
        post_ids=("P0", "P1"),
        urns=np.array([1, 2]),
        leader=np.array([0, 0, 1, 1], dtype=np.int32),
        post=np.array([0, 1, 0, 1], dtype=np.int32),
        benefit=np.array([5, 1, 1, 5]) * 1000,
        scale=1000,
    )
    draws = [np.array(each) * 1000 for each in ([9, 1, 1, 1], [1, 9, 1, 1], [3, -4, 1, 2])]
    again = [best_in_draw(in_draw(problem, problem.benefit, draw), 60.0, 1, 0.0) for draw in draws]
    first, second = leaders_at_schools(problem, _solve(problem).chosen)
    assert ((first.leader, first.urn), (second.leader, second.urn)) == ((0, 1), (1, 2))
    assert [recurs(each, again) for each in (first, second)] == [2, 2]  # draws 1 and 3: L0 at 1 and L1 at 2
    assert [recurs(each, again) for each in schools(problem, np.array([0, 3]), inside=True)] == [3, 3]


def test_what_rules_charge_stays_in_every_draw() -> None:
    # the pair's benefit of 5 less a charge of 2 is worth 3; a draw of 9 is worth 7, one of 1 is worth -1: nobody goes
    pair = PlacementProblem(
        ("L",), ("P",), np.array([1]), np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([3000]), 1000
    )
    expected = np.array([5000])
    assert in_draw(pair, expected, np.array([9000], dtype=np.int32)).benefit.tolist() == [7000]
    low = in_draw(pair, expected, np.array([1000], dtype=np.int32))
    assert low.benefit.tolist() == [-1000]
    assert best_in_draw(low, 60.0, 1, 0.0).chosen is not None
    assert len(_solve(low).chosen) == 0
