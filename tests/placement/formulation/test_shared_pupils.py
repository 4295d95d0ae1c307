"""Several leaders at one school share its pupils: losses by hand, by linear programme, and the rows that say them."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pilotage.case.case import Case
from pilotage.domain.evidence import Evidence
from pilotage.domain.forecast import RiskForecast, YearlyGains
from pilotage.domain.plan import WHOLE, PlacementPlan, PlacementProblem, SharedPupils
from pilotage.placement.formulation import shared_pupils
from pilotage.placement.formulation.equity import pair_weights, weighted
from pilotage.placement.formulation.problem import placement_problem
from pilotage.placement.solver.solve import solve
from pilotage.placement.valuation.benefit import impact_matrix
from pilotage.sources.evidence import load_evidence

SLOW_MACHINE = [HealthCheck.too_slow]  # drawing a problem takes as long as a busy machine makes it
FEW = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW_MACHINE)
MANY = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=SLOW_MACHINE)

# One finishing year counts, and the next one: 210 pupils, half of them disadvantaged, seven year groups: 15 finish.
# A head is worth 1 x 15 x 2 x 0.5 = 15 in year 1 and 1 x 15 x 2 x 1 = 30 in year 2; nothing of a fall averted.
PLAIN = {
    "fade_in_year_1": 0.5,
    "fade_in_year_2": 1.0,
    "acceptance_consent_yes": 1.0,
    "acceptance_support": 1.0,
    **{"leader_quality": 1.0, "months_per_sd_primary_above": 2.0},
    "effect_ratio_senior": 0.5,
    "effect_ratio_executive": 0.75,
    # Up to the median head E[max(0, -z)] = 1 / sqrt(2 pi) standard deviations are missing: 2 months, as a head's.
    **{"support_quality": 0.0, "months_per_sd_primary_below": 2 * math.sqrt(2 * math.pi), "effect_ratio_support": 0.25},
    "fall_value_months": 0.0,
    **{f"stay_three_years_{level}_primary": 1.0 for level in ("head", "senior", "executive", "support")},
}
SEPTEMBERS = [pd.Timestamp(f"{year}-09-01") for year in (2016, 2017, 2018)]
LEVEL = {"level": {"rule": "level"}}
TWO_YEARS = {"impact": {"years": 2}}


def _problem(small: Any, evidence: Evidence | None = None, p_fall: float = 0.0) -> PlacementProblem:
    """Return the problem of a world whose schools all have the same need and chance of a fall."""
    known, urns = evidence or load_evidence(PLAIN), small.panel.schools["urn"].to_numpy()
    table = pd.DataFrame({"urn": urns, "need": 0.4, "p_fall_if_inspected": p_fall})
    forecast = RiskForecast(small.panel.as_of, table, {}, {})
    case = Case(small.scenario, small.panel, urns, small.pool, small.posts, known)
    impact = impact_matrix(case, forecast)
    problem = placement_problem(case, impact)
    return weighted(problem, impact, pair_weights(case, problem, forecast.need))


def _solved(problem: PlacementProblem) -> PlacementPlan:
    return solve(problem, time_limit_seconds=30, seed=1)


def _of_all(problem: PlacementProblem) -> dict[int, float]:
    """Return what each pair would lose if all were placed."""
    assert problem.shared is not None
    return shared_pupils.lost_by_pair(problem.shared, np.arange(len(problem.benefit)))


def test_two_heads_of_one_school_count_its_pupils_once(world: Callable[..., Any]) -> None:
    small = world([{}], leaders=[{}, {}], posts=[{"urn": 1}, {"urn": 1}], **TWO_YEARS)
    problem = _problem(small)
    assert problem.benefit.tolist() == [45_000] * 4
    assert _solved(problem).objective == 45_000


def test_a_senior_leader_beside_a_head_adds_nothing_that_the_head_has_not_reached(world: Callable[..., Any]) -> None:
    # The head takes all 100 units at 0.3 pupil-months each; the senior's 50 units, worth 22.5 alone, are all taken.
    leaders, posts = [{}, {"level": "senior"}], [{"urn": 1}, {"urn": 1, "level": "senior"}]
    problem = _problem(world([{}], leaders=leaders, posts=posts, rules=LEVEL, **TWO_YEARS))
    assert problem.benefit.tolist() == [45_000, 22_500]
    assert _solved(problem).objective == 45_000
    assert _of_all(problem) == {1: 22_500.0}


def test_two_senior_leaders_are_as_many_units_as_there_are(world: Callable[..., Any]) -> None:
    leaders, posts = [{"level": "senior"}] * 2, [{"urn": 1, "level": "senior"}] * 2
    problem = _problem(world([{}], leaders=leaders, posts=posts, rules=LEVEL, **TWO_YEARS))
    assert problem.shared is None  # 50 + 50 units: nothing is counted twice
    assert _solved(problem).objective == 45_000


def test_a_leader_of_better_evidence_serves_the_pupils_first(world: Callable[..., Any]) -> None:
    # Own evidence of six months, as sure as the two of the level: four months, 30 and 60 in the two years. The other
    # head has nobody left, and loses all 45.
    own = {"effect_mean": 6 * 0.0825, "effect_sd": 2 * 0.0825}
    small = world([{}], leaders=[{}, own], posts=[{"urn": 1}, {"urn": 1}], **TWO_YEARS)
    problem = _problem(small)
    assert problem.shared is not None
    both = np.array([0, 3])  # L1 in P1, L2 in P2
    assert shared_pupils.losses(problem.shared, both).tolist() == [45_000]
    assert shared_pupils.lost_by_pair(problem.shared, both) == {0: 45_000.0}
    assert _solved(problem).objective == 90_000


def test_a_head_refilled_in_a_later_year_shares_the_years_that_both_are_there(world: Callable[..., Any]) -> None:
    # L1 from 2016: 15 in the first year, 30 in the second. L2 from 2017: 15 in the second, 30 in the third. In the
    # second year all pupils are L1's, who is worth more for each: 15 are lost of 90.
    posts = [{"urn": 1}, {"urn": 1, "opens_on": SEPTEMBERS[1]}]
    leaders = [{}, {"available_from": SEPTEMBERS[1]}]
    rules = {"availability": {"rule": "availability"}}
    small = world([{}], leaders=leaders, posts=posts, rules=rules, time={"years": 2, "term_years": 3}, **TWO_YEARS)
    problem = _problem(small)
    assert problem.shared is not None
    assert problem.shared.gain.tolist() == [[15_000, 30_000, 0, 0], [0, 15_000, 30_000, 0], [0, 15_000, 30_000, 0]]
    plan = _solved(problem)
    assert plan.objective == 75_000
    assert plan.auxiliary[problem.shared.auxiliary].tolist() == [15_000]


def test_who_comes_when_the_first_has_gone_shares_nothing(world: Callable[..., Any]) -> None:
    # Two finishing years each, from 2016 and from 2018, of two heads in turn.
    posts = [{"urn": 1}, {"urn": 1, "opens_on": SEPTEMBERS[2]}]
    time = {"years": 3, "term_years": 2}
    problem = _problem(world([{}], leaders=[{}, {}], posts=posts, time=time, **TWO_YEARS))
    assert _solved(problem).objective == 90_000


def test_support_and_two_senior_leaders_are_a_quarter_too_many(world: Callable[..., Any]) -> None:
    # 25 + 50 + 50 units, all worth the same for each unit (0.15 and 0.3 in the two years): of 56.25 a fifth is lost,
    # whoever serves the pupils.
    leaders, posts = [{"level": "senior"}] * 2, [{"urn": 1, "level": "senior"}] * 2
    offer = {"support": {"capacity": {"East Midlands": 1}, "cost_gbp": 0}}
    problem = _problem(world([{}], leaders=leaders, posts=posts, rules=LEVEL, interventions=offer, **TWO_YEARS))
    assert sorted(problem.benefit.tolist()) == [11_250] + [22_500] * 4
    assert _solved(problem).objective == 45_000


def test_an_executive_leader_beside_a_head_leaves_nothing_or_takes_the_rest(world: Callable[..., Any]) -> None:
    # The executive's 75 units are worth 33.75. With a senior (50 units) 25 are too many: 11.25 of 56.25 are lost.
    leaders = [{"level": level} for level in ("executive", "head", "senior")]
    posts = [{"urn": 1, "level": level} for level in ("executive", "head", "senior")]
    small = world([{}], leaders=leaders, posts=posts, rules=LEVEL, **TWO_YEARS)
    problem = _problem(small)
    assert problem.shared is not None
    assert problem.benefit.tolist() == [33_750, 45_000, 22_500]
    assert shared_pupils.losses(problem.shared, np.array([0, 1])).tolist() == [33_750]
    assert shared_pupils.losses(problem.shared, np.array([0, 2])).tolist() == [11_250]
    assert shared_pupils.losses(problem.shared, np.array([0, 1, 2])).tolist() == [56_250]
    assert _solved(problem).objective == 45_000


def test_a_fall_is_averted_once(world: Callable[..., Any]) -> None:
    # No pupils finish under anyone in time; each head averts 15 x 20/3 x 0.3 x 0.1 = 3.
    evidence = load_evidence(
        PLAIN | {"fall_value_months": 20 / 3, "fall_reduction": 0.1, "fade_in_year_1": 0.0, "fade_in_year_2": 0.0}
    )
    small = world([{}], leaders=[{}, {}], posts=[{"urn": 1}, {"urn": 1}], **TWO_YEARS)
    problem = _problem(small, evidence, p_fall=0.3)
    assert problem.benefit.tolist() == [3_000] * 4
    assert _solved(problem).objective == 3_000


def test_what_is_lost_is_weighted_as_what_is_gained(world: Callable[..., Any]) -> None:
    keys = TWO_YEARS | {"objective": {"equity_weights": {"areas": {"Coast": 3.0}}}}
    leaders, posts = (
        [{"level": "executive"}, {"level": "senior"}],
        [{"urn": 1, "level": "executive"}, {"urn": 1, "level": "senior"}],
    )
    small = world([{"area": "Coast"}], leaders=leaders, posts=posts, rules=LEVEL, **keys)
    problem = _problem(small)
    assert problem.shared is not None
    assert problem.benefit.tolist() == [3 * 33_750, 3 * 22_500]
    assert shared_pupils.losses(problem.shared, np.array([0, 1])).tolist() == [3 * 11_250]
    assert _solved(problem).objective == 3 * 45_000


@st.composite
def stated(draw: st.DrawFn) -> tuple[PlacementProblem, SharedPupils]:
    """Return a problem of one or two schools with two to six pairs, each of another post, and what they share."""
    schools, years = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    school = sorted(draw(st.lists(st.integers(0, schools - 1), min_size=2, max_size=6)))
    pairs, urns = len(school), np.arange(schools) + 900
    numbers = st.lists(st.integers(0, 9_000), min_size=years, max_size=years)
    units = st.lists(st.integers(1, WHOLE), min_size=years, max_size=years)
    shared = SharedPupils(
        np.arange(pairs),
        np.array(school),
        np.array([draw(units) for _ in range(pairs)]),
        np.array([draw(numbers) for _ in range(pairs)]),
        urns,
        np.zeros(schools, dtype=np.int64),
    )
    problem = PlacementProblem(
        leader_ids=tuple(f"L{number}" for number in range(pairs)),
        post_ids=tuple(f"P{number}" for number in range(pairs)),
        urns=urns[school],
        leader=np.arange(pairs, dtype=np.int32),
        post=np.arange(pairs, dtype=np.int32),
        benefit=shared.gain.sum(axis=1),
        scale=1000,
    )
    return problem, shared


def shares() -> st.SearchStrategy[PlacementProblem]:
    return stated().map(lambda both: shared_pupils.with_shared(*both))


def _least_loss(shared: SharedPupils, school: int, chosen: tuple[int, ...]) -> float:
    """Return what a school loses by the best sharing of its pupils: a linear programme for each year."""
    mine = [
        pair for pair in range(len(shared.pair)) if shared.school[pair] == school and int(shared.pair[pair]) in chosen
    ]
    lost = 0.0
    for year in range(shared.units.shape[1]):
        gain, units = shared.gain[mine, year].astype(float), shared.units[mine, year].astype(float)
        if len(mine):
            found = linprog(
                -gain / units, A_ub=[np.ones(len(mine))], b_ub=[WHOLE], bounds=list(zip(gain * 0, units, strict=True))
            )
            lost += float(gain.sum() + found.fun)
    return lost


def _subsets(problem: PlacementProblem) -> list[tuple[int, ...]]:
    pairs = range(len(problem.benefit))
    return [chosen for count in range(len(pairs) + 1) for chosen in combinations(pairs, count)]


@FEW
@given(shares())
def test_losses_are_those_of_the_best_sharing(problem: PlacementProblem) -> None:
    _expect_the_best_sharing(problem)


@pytest.mark.slow
@MANY
@given(shares())
def test_losses_of_many_are_those_of_the_best_sharing(problem: PlacementProblem) -> None:
    _expect_the_best_sharing(problem)


def _expect_the_best_sharing(problem: PlacementProblem) -> None:
    shared = problem.shared
    for chosen in _subsets(problem) if shared is not None else []:
        assert shared is not None
        exact = [_least_loss(shared, school, chosen) for school in range(len(shared.urns))]
        pairs = np.array(chosen, dtype=np.int64)
        assert shared_pupils.losses(shared, pairs).tolist() == [math.ceil(round(loss, 6)) for loss in exact]
        assert sum(shared_pupils.lost_by_pair(shared, pairs).values()) == pytest.approx(sum(exact))


@MANY
@given(stated())
def test_a_school_is_left_out_only_where_nothing_can_be_lost(both: tuple[PlacementProblem, SharedPupils]) -> None:
    problem, before = both
    after = shared_pupils.with_shared(problem, before).shared
    crowded = set() if after is None else set(after.urns.tolist())
    for school, urn in enumerate(before.urns.tolist()):
        loss = _least_loss(before, school, tuple(range(len(problem.benefit))))
        assert loss == pytest.approx(0.0, abs=1e-6) or urn in crowded


@MANY
@given(shares(), st.data())
def test_every_row_holds_for_every_plan_with_its_true_loss(problem: PlacementProblem, data: st.DataObject) -> None:
    shared = problem.shared
    if shared is None:
        return
    school = data.draw(st.integers(0, len(shared.urns) - 1))
    rates = tuple(
        (data.draw(st.integers(0, 500)), data.draw(st.integers(1, 100))) for _ in range(shared.units.shape[1])
    )
    row = shared_pupils.row_of(problem, school, rates)
    for chosen in _subsets(problem):
        true = shared_pupils.losses(shared, np.array(chosen, dtype=np.int64))
        weighs = sum(int(weight) for pair, weight in zip(row.members, row.weights, strict=True) if int(pair) in chosen)
        assert weighs + int(row.auxiliary_weights[0]) * int(true[school]) <= row.rhs


@MANY
@given(shares())
def test_an_answer_that_states_too_small_a_loss_breaks_a_row(problem: PlacementProblem) -> None:
    shared = problem.shared
    for chosen in _subsets(problem) if shared is not None else []:
        assert shared is not None
        pairs = np.array(chosen, dtype=np.int64)
        true = shared_pupils.losses(shared, pairs)
        auxiliary = shared_pupils.with_losses(problem, pairs, np.zeros(len(problem.auxiliaries), dtype=np.int64))
        assert auxiliary[shared.auxiliary].tolist() == true.tolist()
        assert not shared_pupils.understated(problem, pairs, auxiliary)
        assert shared_pupils.broken_rows(problem, pairs, np.ones(len(pairs)), auxiliary.astype(float)) == []
        for school in np.flatnonzero(true >= 2).tolist():
            short = auxiliary.copy()
            short[shared.auxiliary[school]] -= 2
            assert shared_pupils.understated(problem, pairs, short)
            rows = shared_pupils.broken_rows(problem, pairs, np.ones(len(pairs)), short.astype(float))
            assert [row.part[0] for row in rows] == [int(shared.urns[school])]
            weighs = int(rows[0].weights[np.isin(rows[0].members, pairs)].sum())
            assert weighs + int(rows[0].auxiliary_weights[0]) * int(short[shared.auxiliary[school]]) > rows[0].rhs


@MANY
@given(shares(), st.data())
def test_an_upper_limit_of_a_loss_is_never_below_it(problem: PlacementProblem, data: st.DataObject) -> None:
    shared = problem.shared
    if shared is not None:
        true = shared_pupils.losses(shared, np.arange(len(problem.benefit)))
        upper = [problem.auxiliaries[number].upper for number in shared.auxiliary.tolist()]
        assert (true <= np.array(upper)).all()
        weight = np.array([data.draw(st.floats(0, 10)) for _ in range(len(problem.benefit))])
        months = shared.gain / problem.scale
        other = shared_pupils.weighted(problem, YearlyGains(shared.pair, months, shared.units), weight)
        gain = np.rint(months * problem.scale * weight[shared.pair][:, None]).astype(np.int64)
        stays = np.isin(shared.urns, [] if other.shared is None else other.shared.urns)
        assert other.shared is None or (other.shared.gain == gain[stays[shared.school]]).all()
        assert not shared_pupils.losses(replace(shared, gain=gain), np.arange(len(problem.benefit)))[~stays].any()


def test_what_is_gained_is_weighted_before_it_is_rounded(world: Callable[..., Any]) -> None:
    # 211 pupils: 15.0714 finish. A head adds 15.0714 and 30.1429, a weight of 3 makes them 45.2143 and 90.4286;
    # rounded to thousandths first they would be 45.213 and 90.429, and together 135.642 for 135.643.
    keys = TWO_YEARS | {"objective": {"equity_weights": {"areas": {"Coast": 3.0}}}}
    small = world([{"area": "Coast"}], leaders=[{}, {}], posts=[{"urn": 1}, {"urn": 1}], **keys)
    small.panel.school_years["pupils"] = 211.0
    problem = _problem(small)
    assert problem.shared is not None
    assert problem.shared.gain.tolist() == [[45_214, 90_429, 0]] * 4
    assert problem.benefit.tolist() == [135_643] * 4
    assert _solved(problem).objective == 135_643


def test_a_school_shares_where_a_weight_makes_its_gains_whole_units(world: Callable[..., Any]) -> None:
    # A head of 0.00002 months adds 0.15 and 0.3 thousandths in the two years: 1.35 and 2.7 by a weight of 9.
    keys = TWO_YEARS | {"objective": {"equity_weights": {"areas": {"Coast": 9.0}}}}
    small = world([{"area": "Coast"}], leaders=[{}, {}], posts=[{"urn": 1}, {"urn": 1}], **keys)
    problem = _problem(small, load_evidence(PLAIN | {"months_per_sd_primary_above": 0.00002}))
    assert problem.shared is not None
    assert problem.shared.gain.tolist() == [[1, 3, 0]] * 4
    assert _solved(problem).objective == 4


@MANY
@given(shares())
def test_the_same_after_pairs_are_left_out_and_moved(problem: PlacementProblem) -> None:
    shared = problem.shared
    if shared is None:
        return
    count = len(problem.benefit)
    place = np.array([count - 1 - pair if pair % 3 else -1 for pair in range(count)])
    moved = shared_pupils.moved(shared, place)
    chosen = np.flatnonzero(place >= 0)
    assert moved.pair.tolist() == sorted(place[shared.pair][place[shared.pair] >= 0].tolist())
    before = shared_pupils.losses(shared, chosen).tolist()
    assert shared_pupils.losses(moved, np.sort(place[chosen])).tolist() == before


@MANY
@given(shares())
def test_the_plan_is_the_best_of_all(problem: PlacementProblem) -> None:
    best = 0
    for chosen in _subsets(problem):
        lost = (
            0
            if problem.shared is None
            else int(shared_pupils.losses(problem.shared, np.array(chosen, dtype=np.int64)).sum())
        )
        best = max(best, int(problem.benefit[list(chosen)].sum()) - lost)
    assert solve(replace(problem), time_limit_seconds=30, seed=1).objective == best
