"""What moves the plan: by hand, and against brute force over drawn sweeps."""

import json
from itertools import combinations, product
from random import Random
from statistics import fmean

import pandas as pd
import pytest

from pilotage.domain.findings.sweep import Came, Chosen, Does, Moves, Often, Swept, SweptPlan
from pilotage.study.sweep.effects import changed_share, moves
from pilotage.study.sweep.schools import school_choices


def _plan(benefit: float, *pairs: tuple[str, str]) -> SweptPlan:
    chosen = tuple(Chosen(leader, post, int(post), Does.PLACE) for leader, post in sorted(pairs))
    return SweptPlan(benefit, 0.0, len(chosen), 0.0, 0, 0.0, chosen, tuple(sorted(each.urn for each in chosen)))


def _swept(number: int, settings: dict[str, object], plan: SweptPlan | None, drawn: bool = False) -> Swept:
    shown = {key: json.dumps(value) for key, value in settings.items()}
    return Swept(number, shown, Came.INFEASIBLE if plan is None else Came.OPTIMAL, plan, drawn=drawn)


def test_a_full_grid_by_hand() -> None:
    """Benefit = 10 a + b: a moves it by 10 between 1 and 2, b by 3 between 0 and 3; only a changes who goes where."""
    scenarios = [
        _swept(at, {"a": a, "b": b}, _plan(10 * a + b, ("L1", str(a)), ("L2", "9")))
        for at, (a, b) in enumerate(product((1, 2), (0, 3)), start=1)
    ]
    first, second = moves(scenarios)
    assert (first.key, first.range, first.largest, first.changed, first.pairs) == ("a", 10, 10, 0.5, 2)
    assert (second.key, second.range, second.largest, second.changed, second.pairs) == ("b", 3, 3, 0, 2)
    assert [(mean.value, mean.benefit, mean.plans) for mean in first.means] == [("1", 11.5, 2), ("2", 21.5, 2)]
    assert first.balanced


def test_scenarios_without_a_plan_do_not_tilt_the_means() -> None:
    """With a = 2 there is no plan where b = 0, the poorer value: a plain mean would say that a = 2 is better."""
    benefits = {(1, 0): 10.0, (1, 100): 110.0, (2, 100): 108.0}
    scenarios = [
        _swept(at, {"a": a, "b": b}, _plan(benefits[a, b]) if (a, b) in benefits else None)
        for at, (a, b) in enumerate(product((1, 2), (0, 100)), start=1)
    ]
    (effect,) = [each for each in moves(scenarios) if each.key == "a"]
    assert [(mean.value, mean.benefit) for mean in effect.means] == [("1", 110), ("2", 108)]
    assert effect.range == 2


def test_a_list_of_single_changes_is_compared_with_the_scenario_as_it_is() -> None:
    scenarios = [
        _swept(1, {"a": 1, "b": 1}, _plan(50)),
        _swept(2, {"a": 2, "b": 1}, _plan(40)),
        _swept(3, {"a": 1, "b": 2}, _plan(58)),
    ]
    assert {each.key: each.range for each in moves(scenarios)} == {"a": 10, "b": 8}


def test_values_that_only_come_together_are_not_told_apart() -> None:
    scenarios = [_swept(1, {"a": 1, "b": 1}, _plan(50)), _swept(2, {"a": 2, "b": 2}, _plan(90))]
    for each in moves(scenarios):
        assert (each.range, each.largest, each.changed, each.means) == (None, None, None, ())


def test_a_key_that_has_one_value_moves_nothing_and_is_left_out() -> None:
    scenarios = [_swept(at, {"a": at, "b": 1}, _plan(at)) for at in (1, 2)]
    assert [each.key for each in moves(scenarios)] == ["a"]


def test_drawn_numbers_are_compared_in_thirds() -> None:
    scenarios = [_swept(at, {"a": at, "b": -at}, _plan(float(at)), drawn=True) for at in range(1, 10)]
    first = next(each for each in moves(scenarios) if each.key == "a")
    assert [(mean.value, mean.highest, mean.plans, mean.benefit) for mean in first.means] == [
        ("1", "3", 3, 2),
        ("4", "6", 3, 5),
        ("7", "9", 3, 8),
    ]
    assert (first.range, first.balanced, first.changed) == (6, False, None)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ([], [], 0),
        ([("A", "1")], [], 1),
        ([("A", "1")], [("A", "2")], 1),
        ([("A", "1"), ("B", "2")], [("A", "1")], 0.5),
        ([("A", "1"), ("B", "2")], [("B", "2"), ("A", "1")], 0),
    ],
)
def test_the_share_of_placements_that_change(
    one: list[tuple[str, str]], other: list[tuple[str, str]], share: float
) -> None:
    assert changed_share(_plan(0, *one), _plan(0, *other)) == share
    assert changed_share(_plan(0, *other), _plan(0, *one)) == share


def _drawn(random: Random) -> list[Swept]:
    """Draw a sweep: a grid over one to three keys, of which some scenarios have no plan."""
    axes = [random.sample(range(9), random.randint(1, 4)) for _ in range(random.randint(1, 3))]
    scenarios = []
    for at, values in enumerate(product(*axes), start=1):
        pairs = [(f"L{leader}", str(random.randint(1, 4))) for leader in range(random.randint(0, 3))]
        plan = _plan(round(random.uniform(-5, 90), 3), *pairs) if random.random() < 0.8 else None
        scenarios.append(_swept(at, {f"k{name}": value for name, value in enumerate(values)}, plan))
    return scenarios


def _brute(key: str, scenarios: list[Swept]) -> tuple[float | None, float | None, int]:
    """Return largest difference, mean changed share and number of pairs that differ in one key alone, pair by pair."""
    differences, shares = [], []
    for one, other in combinations(scenarios, 2):
        differing = [name for name in one.settings if one.settings[name] != other.settings[name]]
        if differing == [key] and one.plan is not None and other.plan is not None:
            differences.append(abs(one.plan.benefit - other.plan.benefit))
            first = {(each.leader_id, each.post_id) for each in one.plan.chosen}
            second = {(each.leader_id, each.post_id) for each in other.plan.chosen}
            size = max(len(first), len(second))
            shares.append(len(first | second) - min(len(first), len(second)) if size else 0)
            shares[-1] = shares[-1] / size if size else 0.0
    return max(differences, default=None), fmean(shares) if shares else None, len(shares)


def _complete_range(effect: Moves, scenarios: list[Swept]) -> float:
    """Return the range of the means over combinations of the other keys that have a plan for each value compared."""
    values = [mean.value for mean in effect.means]
    others = {tuple(v for k, v in each.settings.items() if k != effect.key) for each in scenarios}
    sums, count = dict.fromkeys(values, 0.0), 0
    for other in others:
        row = {
            each.settings[effect.key]: each.plan.benefit
            for each in scenarios
            if each.plan is not None and tuple(v for k, v in each.settings.items() if k != effect.key) == other
        }
        if all(value in row for value in values):
            count += 1
            sums = {value: sums[value] + row[value] for value in values}
    means = [total / count for total in sums.values()]
    return max(means) - min(means)


def test_drawn_sweeps_against_brute_force() -> None:
    for seed in range(300):
        scenarios = _drawn(Random(seed))
        found = moves(scenarios)
        for effect in found:
            largest, changed, pairs = _brute(effect.key, scenarios)
            assert effect.pairs == pairs, seed
            assert effect.largest == pytest.approx(largest, abs=1e-6), seed
            assert effect.changed == pytest.approx(changed, abs=1e-6), seed
            if pairs:
                assert effect.range == pytest.approx(_complete_range(effect, scenarios), abs=1e-5), seed
        ranges = [each.range or 0 for each in found]
        assert ranges == sorted(ranges, reverse=True), seed


def test_schools_always_sometimes_and_never() -> None:
    facts = pd.DataFrame({"name": ["A", "B"], "authority": ["X", None], "phase": ["primary"] * 2}, index=[1, 2])
    ask = Chosen("L2", "p3", 3, Does.ASK)
    one = SweptPlan(1, 0.0, 1, 0, 0, 0, (Chosen("L1", "p1", 1, Does.PLACE), ask), (1, 2, 3))
    two = SweptPlan(1, 0.0, 1, 0, 0, 0, (Chosen("L2", "p1", 1, Does.PLACE),), (1, 3))
    scenarios = [_swept(1, {}, one), _swept(2, {}, two), _swept(3, {}, None)]
    first, second, third = school_choices(scenarios, facts)
    assert (first.urn, first.name, first.often, first.chosen, first.placed, first.eligible) == (
        1,
        "A",
        Often.ALWAYS,
        2,
        2,
        2,
    )
    assert (second.urn, second.name, second.often, second.chosen, second.asked) == (3, None, Often.SOMETIMES, 1, 1)
    assert (third.urn, third.authority, third.often, third.chosen, third.eligible) == (2, None, Often.NEVER, 0, 1)
