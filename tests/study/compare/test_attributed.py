"""The difference in benefit is the sum of its named parts, and each setting has what it makes alone."""

from itertools import combinations, product

import numpy as np
import pytest

from pilotage.domain.findings.comparison import Alone, Setting
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.solver.solve import solve
from pilotage.study.compare.attribution import Tried, attributed
from pilotage.study.compare.replan import Outcome

CAP, BAN, QUIET = (Setting(key, "1", "2") for key in ("rules.cap.count", "bans.b", "report.top"))


def _plan(benefit: float, *pairs: tuple[str, str]) -> Outcome:
    return Outcome(Alone.PLANNED, frozenset(pairs), benefit)


START = _plan(100.0, ("L1", "P1"), ("L2", "P2"))


def test_each_setting_has_what_it_makes_alone_and_the_rest_is_named() -> None:
    each = {CAP: _plan(110.0, ("L1", "P1"), ("L2", "P3")), BAN: _plan(95.0, ("L2", "P2")), QUIET: START}
    made = attributed(100.0, 108.0, Tried(START, each, _plan(107.0)))
    cap, ban, quiet = made.effects
    assert (cap.benefit, cap.gained, cap.lost) == (10.0, {("L2", "P3")}, {("L2", "P2")})
    assert (ban.benefit, ban.gained, ban.lost) == (-5.0, set(), {("L1", "P1")})
    assert quiet.changes_nothing
    assert not cap.changes_nothing
    assert (made.total, made.together, made.rest) == (8.0, 2.0, 1.0)  # 107 - 100 - (10 - 5); 108 - 107
    assert made.reproduced


def test_without_a_plan_the_setting_has_no_benefit_and_its_part_is_in_the_rest() -> None:
    each = {CAP: Outcome(Alone.NO_PLAN), BAN: _plan(95.0, ("L2", "P2"))}
    made = attributed(100.0, 108.0, Tried(START, each, Outcome(Alone.NOT_FORECAST)))
    assert [effect.benefit for effect in made.effects] == [None, -5.0]
    assert (made.together, made.rest) == (None, 13.0)


def test_a_first_run_that_is_planned_otherwise_now_is_told() -> None:
    assert not attributed(101.0, 108.0, Tried(START, {CAP: START}, START)).reproduced


@pytest.mark.parametrize("seed", range(300))
def test_on_drawn_problems_each_part_is_that_of_brute_force(seed: int) -> None:
    """Settings are a cap over all pairs, a ban of one pair and benefits that rise: each changes the drawn problem."""
    rng = np.random.default_rng(seed)
    leaders, posts = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    benefit = rng.integers(1, 60, (leaders, posts))
    rise = rng.integers(-20, 30, (leaders, posts))
    banned, cap = int(rng.integers(0, leaders * posts)), int(rng.integers(0, 3))
    variants = {CAP: (True, False, False), BAN: (False, True, False), QUIET: (False, False, True)}

    def made(capped: bool, ban: bool, risen: bool, solver: bool) -> float:
        values = benefit + (rise if risen else 0)
        most = cap if capped else leaders * posts
        out = {banned} if ban else set()
        return _solved(values, most, out) if solver else _best(values, most, out)

    def tried(solver: bool) -> Tried:
        each = {name: _plan(made(*which, solver)) for name, which in variants.items()}
        return Tried(_plan(made(False, False, False, solver)), each, _plan(made(True, True, True, solver)))

    start, end = made(False, False, False, False), made(True, True, True, False)
    by_solver, by_hand = attributed(start, end, tried(True)), attributed(start, end, tried(False))
    assert by_solver == by_hand
    assert by_solver.rest == 0
    parts = [effect.benefit or 0.0 for effect in by_solver.effects]
    assert sum(parts) + (by_solver.together or 0.0) == pytest.approx(end - start)


def _solved(values: np.ndarray, most: int, out: set[int]) -> float:
    leaders, posts = values.shape
    kept = np.array([pair for pair in range(leaders * posts) if pair not in out], dtype=np.int64)
    everything = np.arange(len(kept), dtype=np.int64)
    row = Row("cap", "cap", "at most", "<=", most, everything, np.ones(len(kept), dtype=np.int64), key="cap")
    problem = PlacementProblem(
        leader_ids=tuple(f"L{number}" for number in range(leaders)),
        post_ids=tuple(f"P{number}" for number in range(posts)),
        urns=np.arange(posts, dtype=np.int64),
        leader=(kept // posts).astype(np.int32),
        post=(kept % posts).astype(np.int32),
        benefit=values.ravel()[kept].astype(np.int64),
        scale=1,
        rows=(row,),
    )
    return float(solve(problem, time_limit_seconds=60, seed=1, gap=0).objective or 0)


def _best(values: np.ndarray, most: int, out: set[int]) -> float:
    """Return the best sum over all sets of pairs with at most ``most``, no leader and no post twice."""
    leaders, posts = values.shape
    pairs = [pair for pair in product(range(leaders), range(posts)) if pair[0] * posts + pair[1] not in out]
    best = 0
    for size in range(1, min(most, leaders, posts) + 1):
        for chosen in combinations(pairs, size):
            if len({leader for leader, _ in chosen}) == len({post for _, post in chosen}) == size:
                best = max(best, sum(int(values[pair]) for pair in chosen))
    return float(best)
