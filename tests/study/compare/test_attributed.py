"""The difference in benefit is the sum of its named parts, and each setting has what it makes alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import pytest

from pilotage.domain.findings.comparison import Alone, Setting, SettingWords
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.placement.solver.solve import solve
from pilotage.study.compare.attribution import Tried, attributed
from pilotage.study.compare.replan import Outcome

TOLD = SettingWords("A setting", "1", "2")
CAP, BAN, QUIET = (Setting(key, "1", "2", TOLD) for key in ("rules.cap.count", "bans.b", "report.top"))


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


@dataclass(frozen=True)
class World:
    """Leaders and posts with what each pair is worth, and what settings ask of the plan."""

    values: np.ndarray
    most: int
    least: int = 0
    budget: int = 10_000
    capacity: int = 1  # posts that one leader may hold
    banned: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return every pair as leader and post; a position in it is a pair's number."""
        return list(product(*(range(size) for size in self.values.shape)))

    def cost(self, pair: int) -> int:
        """Return what a pair costs of the budget."""
        return 1 + pair % 3

    def allows(self, chosen: tuple[int, ...]) -> bool:
        """Return whether a set of pairs keeps every rule."""
        leaders, posts = ([self.pairs[pair][side] for pair in chosen] for side in (0, 1))
        return (
            len(set(posts)) == len(posts)
            and all(leaders.count(leader) <= self.capacity for leader in leaders)
            and self.least <= len(chosen) <= self.most
            and sum(map(self.cost, chosen)) <= self.budget
            and not self.banned & set(chosen)
            and self.pinned <= set(chosen)
        )


def _changes(rng: np.random.Generator, world: World) -> dict[Setting, dict[str, object]]:
    """Draw one to five settings of different kinds, each with the part of the world that it changes."""
    pairs, leaders = len(world.pairs), world.values.shape[0]
    some = frozenset(int(pair) for pair in rng.choice(pairs, size=int(rng.integers(1, 3)), replace=False))
    drawn = {
        "rules.cap.count": {"most": int(rng.integers(0, leaders + 1))},
        "rules.quota.count": {"least": int(rng.integers(1, leaders + 1))},
        "rules.budget.total_gbp": {"budget": int(rng.integers(0, 7))},
        "interventions.place.capacity": {"capacity": 2},
        "bans.one": {"banned": some},
        "pins.one": {"pinned": frozenset([int(rng.integers(0, pairs))])},
        "impact.years": {"values": world.values + rng.integers(-20, 30, world.values.shape)},
        "report.top": {},
    }
    keys = rng.choice(sorted(drawn), size=int(rng.integers(1, 6)), replace=False).tolist()
    return {Setting(key, "1", "2", TOLD): drawn[key] for key in sorted(keys)}


@pytest.mark.parametrize("seed", range(300))
def test_on_drawn_problems_each_part_is_that_of_brute_force(seed: int) -> None:
    """Settings are a cap, quota, budget, capacity, ban, pin, other benefits, and one that changes nothing."""
    rng = np.random.default_rng(seed)
    leaders, posts = (int(size) for size in rng.integers(2, 4, 2))
    first = World(rng.integers(-10, 60, (leaders, posts)), most=leaders * posts)
    changes = _changes(rng, first)
    every = replace(first, **{name: value for change in changes.values() for name, value in change.items()})

    def tried(best: Callable[[World], float | None]) -> Tried:
        each = {setting: _outcome(best(replace(first, **change))) for setting, change in changes.items()}
        return Tried(_outcome(best(first)), each, _outcome(best(every)))

    start, end = _best(first), _best(every)
    assert start is not None
    made = attributed(start, end or 0.0, tried(_solved))
    assert made == attributed(start, end or 0.0, tried(_best))
    assert made.reproduced
    assert (made.together is None) == (end is None)
    if end is not None:
        assert made.rest == 0
        parts = [effect.benefit or 0.0 for effect in made.effects]
        assert sum(parts) + (made.together or 0.0) == pytest.approx(end - start)
    unchanged = [effect for effect in made.effects if effect.setting.key == "report.top"]
    assert all(effect.changes_nothing for effect in unchanged)


def _outcome(benefit: float | None) -> Outcome:
    return Outcome(Alone.NO_PLAN) if benefit is None else _plan(benefit)


def _solved(world: World) -> float | None:
    """Return the worth of the plan that the solver finds; None where it finds that there is none."""
    everything = np.arange(len(world.pairs), dtype=np.int64)
    costs = np.array([world.cost(pair) for pair in everything], dtype=np.int64)
    ones = np.ones(len(everything), dtype=np.int64)
    rows = [
        Row("cap", "cap", "at most", "<=", world.most, everything, ones, key="cap"),
        Row("quota", "quota", "at least", ">=", world.least, everything, ones, key="quota"),
        Row("budget", "budget", "at most", "<=", world.budget, everything, costs, key="budget"),
    ]
    rows += [_fixed(f"ban {pair}", pair, 0) for pair in sorted(world.banned)]
    rows += [_fixed(f"pin {pair}", pair, 1) for pair in sorted(world.pinned)]
    leaders, posts = world.values.shape
    problem = PlacementProblem(
        leader_ids=tuple(f"L{number}" for number in range(leaders)),
        post_ids=tuple(f"P{number}" for number in range(posts)),
        urns=np.arange(posts, dtype=np.int64),
        leader=(everything // posts).astype(np.int32),
        post=(everything % posts).astype(np.int32),
        benefit=world.values.ravel().astype(np.int64),
        scale=1,
        rows=tuple(rows),
        capacity=np.full(leaders, world.capacity, dtype=np.int64),
    )
    found = solve(problem, time_limit_seconds=60, seed=1, gap=0).objective
    return None if found is None else float(found)


def _fixed(name: str, pair: int, count: int) -> Row:
    return Row(name, "pin", name, "=", count, np.array([pair], dtype=np.int64), np.ones(1, dtype=np.int64), key=name)


def _best(world: World) -> float | None:
    """Return the best worth over every set of pairs that keeps the rules; None where none does."""
    values = world.values.ravel()
    sets = (chosen for size in range(world.values.shape[1] + 1) for chosen in combinations(range(len(values)), size))
    worths = [sum(int(values[pair]) for pair in chosen) for chosen in sets if world.allows(chosen)]
    return float(max(worths)) if worths else None
