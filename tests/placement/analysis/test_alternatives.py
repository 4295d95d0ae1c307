"""Plans nearly as good as the best: by hand, and against brute force."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from pilotage.config.scenario import Alternatives as Wanted
from pilotage.domain.findings.explanation import Alternatives, Audit
from pilotage.domain.plan import PlacementPlan, PlacementProblem, Status
from pilotage.domain.statistics.cvar import Cvar
from pilotage.placement.analysis import alternatives as room
from pilotage.placement.analysis.alternatives import Effort, alternatives, least_allowed, weakest
from pilotage.placement.audit.audit import audit_alternative
from pilotage.placement.solver.cp_sat import Choice, value_of
from pilotage.placement.solver.cvar import cvar_problem, solve_cvar
from pilotage.placement.solver.solve import solve


def _found(problem: PlacementProblem, cvar: Cvar | None = None, **wanted: Any) -> Alternatives:
    plan = solve(problem, time_limit_seconds=30, seed=1)
    if cvar is not None:
        proof = solve_cvar(problem, cvar, time_limit_seconds=30, seed=1)
        problem, plan = proof.problem, proof.plan
    return alternatives(problem, plan, cvar, Wanted(**{"count": 3, **wanted}), lambda _: Audit(()), Effort(30, 1))


def test_the_least_allowed_rounds_to_what_loses_no_more() -> None:
    assert least_allowed(1000, 0.02) == 980
    assert least_allowed(1001, 0.02) == 981  # 980.98
    assert least_allowed(-1000, 0.02) == -1020


def test_the_next_best_school_within_the_loss(world: Callable[..., Any]) -> None:
    # one leader: P1 100, P2 97, P3 98, P4 90; within 5%: P3 is the best new school, then P2, then none
    problem = world([{}] * 4, leaders=[{}]).problem([[100, 97, 98, 90]])
    found = _found(problem, loss=0.05)
    assert [one.chosen.tolist() for one in found.plans] == [[2], [1]]
    assert [one.objective for one in found.plans] == [98_000, 97_000]
    assert "No other plan within 5.0% of the best" in found.ended
    assert "at most 0 of 1" in found.ended


def test_as_many_new_schools_as_the_loss_allows_and_then_the_best_of_them(world: Callable[..., Any]) -> None:
    # best: L1 P1, L2 P2 = 20. Both new: P3 P4 = 16, or P3 P5 = 17; one new: 19. A loss of 20% allows both.
    benefit = [[10, None, 9, None, None], [None, 10, None, 7, 8]]
    problem = world([{}] * 5, leaders=[{}, {}]).problem(benefit)
    (first, *_) = _found(problem, loss=0.2, count=1).plans
    assert problem.post[first.chosen].tolist() == [2, 4]
    assert (first.new_schools, first.objective) == (2, 17_000)
    (tight,) = _found(problem, loss=0.05, count=1).plans
    assert (tight.new_schools, tight.objective) == (1, 19_000)


def test_too_little_that_is_new_ends_the_search_and_says_so(world: Callable[..., Any]) -> None:
    benefit = [[10, None, 9], [None, 10, None]]
    problem = world([{}] * 3, leaders=[{}, {}]).problem(benefit)
    assert len(_found(problem, loss=0.1, differ=0.5).plans) == 1
    found = _found(problem, loss=0.1, differ=0.6)
    assert found.plans == ()
    assert "has 60% of its placements in schools new to the list: at most 1 of 2" in found.ended


def test_rules_hold_in_every_alternative(world: Callable[..., Any]) -> None:
    schools = [{"area": "Derby"}, {"area": "Derby"}, {}]
    rule = {"rule": "area_minimum", "areas": ["area: Derby"], "count": 1}
    problem = world(schools, leaders=[{}], rules={"area": rule}).problem([[10, 9, 10]])
    assert [one.chosen.tolist() for one in _found(problem, loss=0.2).plans] == [[1]]


def test_none_asked_for_none_sought(world: Callable[..., Any]) -> None:
    assert _found(world([{}]).problem([[1]]), count=0) == Alternatives()


def test_with_worst_draws_an_alternative_is_near_by_them_too(world: Callable[..., Any]) -> None:
    # by mean all three are near; in the worst of two draws P2 is worth 0, and only P3 is near P1
    draws = np.array([[10, 20, 10], [10, 0, 9]], dtype=np.int32) * 1000
    problem = world([{}] * 3, leaders=[{}]).problem([[10, 10, 9.5]])
    found = _found(problem, Cvar(draws, problem.benefit, 1, Fraction(1, 2)), loss=0.1)
    assert [one.chosen.tolist() for one in found.plans] == [[2]]
    assert found.plans[0].objective == 9.25 * 2 * 1000


def test_the_audit_of_an_alternative_refuses_one_that_loses_too_much(world: Callable[..., Any]) -> None:
    small = world([{}, {}], leaders=[{}], report={"alternatives": {"count": 1, "loss": 0.1}})
    problem, plan = small.problem([[10, 8]]), small.plan([[10, 8]])
    case = small.case(small.impact([[10, 8]]))
    other = PlacementPlan(plan.status, np.array([1]), 8_000, None, None)
    broken = {check.name for check in audit_alternative(case, problem, other, 10_000).checks if not check.holds}
    assert broken == {"near_the_best"}
    assert audit_alternative(case, problem, plan, 10_000).clean


def _loosely(monkeypatch: pytest.MonkeyPatch, bounds: list[int]) -> None:
    """Let bonuses show nothing, and each solve after them in turn prove a bound so much above what it found."""

    def loose(*given: Any, **named: Any) -> PlacementPlan:
        plan = solve(*given, **named)
        more = bounds.pop(0)
        return replace(plan, status=Status.FEASIBLE if more else plan.status, bound=plan.objective + more)

    monkeypatch.setattr(room, "_by_bonuses", lambda _, __, known, ___: room.Bonuses(known, 9, 0))
    monkeypatch.setattr(room, "solve", loose)


def test_what_a_search_leaves_open_is_told(world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # the first solve counts new schools (1 found, 2 not excluded), the second scores (98,000 found, 49 more possible)
    problem = world([{}] * 4, leaders=[{}]).problem([[100, 97, 98, 90]])
    best = solve(problem, time_limit_seconds=30, seed=1)
    _loosely(monkeypatch, [1, 49])
    (one,) = alternatives(problem, best, None, Wanted(count=1, loss=0.05), lambda _: Audit(()), Effort(30, 1)).plans
    assert (one.status, one.new_schools, one.most_new_schools) == (Status.FEASIBLE, 1, 2)
    assert one.gap == 49 / 98_000


def test_an_end_that_is_not_proven_says_what_was_tried(
    world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = world([{}] * 3, leaders=[{}, {}]).problem([[10, None, 9], [None, 10, None]])
    best = solve(problem, time_limit_seconds=30, seed=1)
    _loosely(monkeypatch, [1, 0])
    found = alternatives(problem, best, None, Wanted(count=1, loss=0.1, differ=0.6), lambda _: Audit(()), Effort(30, 1))
    assert "1 of 2 were found, and no plan has more than 2 (0 bonuses for new schools were tried" in found.ended


def test_no_time_for_an_alternative_says_so(world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = world([{}] * 3, leaders=[{}, {}]).problem([[10, None, 9], [None, 10, None]])
    best = solve(problem, time_limit_seconds=30, seed=1)
    late = PlacementPlan(Status.NO_PLAN_IN_TIME, np.zeros(0, dtype=np.int64), None, None, None)
    monkeypatch.setattr(room, "solve", lambda *_, **__: late)
    found = alternatives(problem, best, None, Wanted(count=1, loss=0.1), lambda _: Audit(()), Effort(0, 1))
    assert found.plans == ()
    assert "0 of 2 were found, and no plan has more than 2" in found.ended
    assert "until time ran out" in found.ended


def test_bonuses_alone_prove_the_most_new_schools(world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # both in new schools loses 3 of 20, which 20% allow: the first bonus finds it, and no other plan has 3 placements
    benefit = [[10, None, 9, None, None], [None, 10, None, 7, 8]]
    problem = world([{}] * 5, leaders=[{}, {}]).problem(benefit)
    best = solve(problem, time_limit_seconds=30, seed=1)
    monkeypatch.setattr(room, "_most_new", lambda *_: pytest.fail("searched"))
    (one,) = alternatives(problem, best, None, Wanted(count=1, loss=0.2), lambda _: Audit(()), Effort(30, 1)).plans
    assert (one.new_schools, one.most_new_schools, one.objective, one.status) == (2, 2, 17_000, Status.OPTIMAL)


def test_worst_draws_go_on_to_their_row(world: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # by the row of draw 0, the only one held, P2 is near P1; in its own worst draw it is not: asked again with that row
    draws = np.array([[10, 20], [10, 0]], dtype=np.int32) * 1000
    problem = world([{}, {}], leaders=[{}]).problem([[10, 10]])
    cvar = Cvar(draws, problem.benefit, 1, Fraction(1, 2))
    stated, first = cvar_problem(problem, cvar, [np.array([0])]), Choice(np.array([0]), np.array([10_000]))
    best = PlacementPlan(Status.OPTIMAL, first.chosen, value_of(stated, first), None, None, auxiliary=first.auxiliary)
    _loosely(monkeypatch, [1] * 9)
    found = alternatives(stated, best, cvar, Wanted(count=1, loss=0.1), lambda _: Audit(()), Effort(30, 1))
    assert found.plans == ()
    assert "0 of 1 were found, and no plan has more than 1" in found.ended


def test_steps_are_as_proven_as_the_weakest() -> None:
    assert weakest(Status.OPTIMAL, Status.OPTIMAL) is Status.OPTIMAL
    assert weakest(Status.FEASIBLE, Status.OPTIMAL) is Status.FEASIBLE
    assert weakest(Status.FEASIBLE, Status.FEASIBLE) is Status.FEASIBLE


def _plans(problem: PlacementProblem) -> list[tuple[int, ...]]:
    found = []
    for count in range(min(len(problem.leader_ids), len(problem.post_ids)) + 1):
        for chosen in combinations(range(len(problem.benefit)), count):
            picked = list(chosen)
            if len(set(problem.leader[picked])) == count == len(set(problem.post[picked])):
                found.append(chosen)
    return found


@pytest.mark.parametrize("seed", range(25))
def test_brute_force_finds_no_more_new_schools_and_no_better_plan_with_as_many(seed: int) -> None:
    generator = np.random.default_rng(seed)
    leaders, posts = int(generator.integers(2, 4)), int(generator.integers(3, 6))
    keep = generator.random(leaders * posts) < 0.8
    keep[0] = True
    every = np.flatnonzero(keep)
    problem = PlacementProblem(
        leader_ids=tuple(f"L{n}" for n in range(leaders)),
        post_ids=tuple(f"P{n}" for n in range(posts)),
        urns=np.array([n // 2 if seed % 3 else n for n in range(posts)]),  # some schools have two posts
        leader=(every // posts).astype(np.int32),
        post=(every % posts).astype(np.int32),
        benefit=generator.integers(3000, 9000, len(every)),
        scale=1000,
    )
    loss = float(generator.choice([0.05, 0.2, 0.4]))
    best = solve(problem, time_limit_seconds=30, seed=1)
    assert best.objective is not None
    seen, floor = set(problem.urns[problem.post[best.chosen]].tolist()), least_allowed(best.objective, loss)
    near = [plan for plan in _plans(problem) if int(problem.benefit[list(plan)].sum()) >= floor]
    for one in _found(problem, loss=loss, differ=0.0, count=2).plans:
        counts = {plan: sum(int(problem.urns[problem.post[p]]) not in seen for p in plan) for plan in near}
        most = max(counts.values())
        assert one.new_schools == most
        assert one.objective == max(int(problem.benefit[list(plan)].sum()) for plan in near if counts[plan] == most)
        seen |= set(problem.urns[problem.post[one.chosen]].tolist())
