"""Conflicts and repairs equal brute force over all plans, and over all sets of rules, on drawn problems.

The judge of rules is the plain re-reading of ``test_rules_brute_force``; pins and bans are judged here.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pilotage.config.changed import value_at, with_changes
from pilotage.config.scenario import Ban, Pin, Scenario
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.placement.analysis.infeasible.conflict import Certainty, smallest_conflict
from pilotage.placement.analysis.infeasible.corrections import smallest_corrections
from pilotage.placement.analysis.infeasible.feasibility import Feasibility
from pilotage.placement.analysis.infeasible.groups import by_rule
from pilotage.placement.solver.solve import solve
from pilotage.study.repair.asked import Asked
from pilotage.study.repair.search import repairs_of
from tests.oracle.test_brute_force import _extra, _kept, _plans, _settings, _totals, wider_problems
from tests.oracle.test_rules_brute_force import JUDGES, Small, _bound_once, _of, _spans, _value, worlds

Plan = tuple[tuple[int, int], ...]
Needs = dict[tuple[str, ...], Any]

QUIET: Any = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow]}
DRAWN = settings(max_examples=1000, **QUIET)  # about a third of them infeasible
MANY = settings(max_examples=4000, **QUIET)
WORLDS = settings(max_examples=60, **QUIET)  # about a quarter of them infeasible
MANY_WORLDS = settings(max_examples=1300, **QUIET)  # 300 infeasible
NOTE = {"reason": "r", "author": "a"}
STEPS = 10_000
DAY = 86_400.0  # seconds: no answer may depend on how busy the machine is


def _subsets(count: int, held: set[frozenset[int]]) -> tuple[int, set[frozenset[int]], int, set[frozenset[int]]]:
    """Return the sizes of the smallest conflicts and corrections, and all of these; ``held``: what each plan keeps."""
    every = frozenset(range(count))
    sets = [frozenset(some) for size in range(count + 1) for some in combinations(range(count), size)]
    conflicts = [some for some in sets if not any(some <= kept for kept in held)]
    corrections = [some for some in sets if any(every - some <= kept for kept in held)]
    least, fewest = min(map(len, conflicts)), min(map(len, corrections), default=0)
    return (
        least,
        {some for some in conflicts if len(some) == least},
        fewest,
        {some for some in corrections if len(some) == fewest},
    )


def _conflicts_as_brute_force(problem: PlacementProblem) -> None:
    held = {
        frozenset(n for n, (row, total) in enumerate(zip(problem.rows, totals, strict=True))
                  if _kept(row, total + _extra(row, values)))
        for totals in (_totals(problem, chosen) for chosen in _plans(problem))
        for values in _settings(problem)
    }  # fmt: skip
    if any(len(kept) == len(problem.rows) for kept in held):
        return
    feasibility = Feasibility(problem, by_rule(problem), time.monotonic() + DAY, 1)
    found = smallest_conflict(feasibility)
    _, conflicts, _, corrections = _subsets(len(problem.rows), held)
    assert found is not None
    assert found.certainty is Certainty.SMALLEST
    assert found.groups in conflicts
    assert set(smallest_corrections(feasibility, feasibility.every)) == corrections


@DRAWN
@given(wider_problems())
def test_the_conflict_is_the_smallest_and_corrections_are_all_the_smallest(problem: PlacementProblem) -> None:
    _conflicts_as_brute_force(problem)


@pytest.mark.slow
@MANY
@given(wider_problems())
def test_conflicts_and_corrections_of_many_more(problem: PlacementProblem) -> None:
    _conflicts_as_brute_force(problem)


@st.composite
def tight_worlds(draw: st.DrawFn) -> Small:
    """Draw a world with pins of eligible pairs, bans of anything else, and mostly hard rules."""
    small = draw(worlds())
    rules = small.scenario.rules
    if draw(st.integers(0, 3)):
        rules = {name: rule.model_copy(update={"price": None}) for name, rule in rules.items()}
    pairs = sorted(small.benefit)
    pinned = list[tuple[int, int]]()
    for leader, post in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)):
        if all(leader != other and post != taken for other, taken in pinned):
            pinned.append((leader, post))
    pins = {f"p{n}": Pin.model_validate(_names(pair) | NOTE) for n, pair in enumerate(pinned)}
    bans = {f"b{n}": Ban.model_validate(draw(_ban(small)) | NOTE) for n in range(draw(st.integers(0, 2)))}
    barred = {pair for pair in pairs if any(_matches(small, ban, pair) for ban in bans.values())}
    assume(barred.isdisjoint(pinned) and len(barred) < len(pairs))
    return replace(small, scenario=small.scenario.model_copy(update={"rules": rules, "pins": pins, "bans": bans}))


def _names(pair: tuple[int, int]) -> dict[str, str]:
    return {"leader_id": f"L{pair[0]}", "post_id": f"P{pair[1]}"}


@st.composite
def _ban(draw: st.DrawFn, small: Small) -> dict[str, Any]:
    leader, post = draw(st.sampled_from(sorted(small.benefit)))
    given_ = _names((leader, post)) | {"urn": int(small.posts["urn"][post])}
    kept = draw(st.sets(st.sampled_from(["leader_id", "post_id", "urn"]), min_size=1, max_size=2))
    return {name: given_[name] for name in sorted(kept)}


def _matches(small: Small, ban: Ban, pair: tuple[int, int]) -> bool:
    found = _names(pair) | {"urn": int(small.posts["urn"][pair[1]])}
    return all(getattr(ban, name) in (None, value) for name, value in found.items())


def _restated(small: Small, scenario: Scenario) -> PlacementProblem:
    free = {pair: worth for pair, worth in small.benefit.items()
            if not any(_matches(small, ban, pair) for ban in scenario.bans.values())}  # fmt: skip
    return replace(small, scenario=scenario, benefit=free).problem()


def _every_plan(small: Small) -> Iterator[Plan]:
    """Yield every plan that keeps what no setting loosens: posts, terms, and how executives lead."""
    pairs = sorted(small.benefit)
    time_ = small.scenario.time
    terms = -(-time_.years // time_.term_years)
    span = small.scenario.rules.get("span")
    for count in range(min(len(small.posts), len(pairs)) + 1):
        for chosen in combinations(pairs, count):
            if len({post for _, post in chosen}) < count or not _bound_once(small, chosen):
                continue
            if any(
                sum(leader == one for one, _ in chosen) > terms
                for leader in {leader for leader, _ in chosen}
                if not _spans(small, leader)
            ):
                continue
            if span is None or JUDGES["span"](small, span, chosen) is not None:
                yield chosen


def _needs(small: Small, chosen: Plan) -> Needs:
    """Return the settings that a plan breaks, each with the value that it would need; None: its removal."""
    needs: Needs = {}
    for name, rule in small.scenario.rules.items():
        if rule.breach_price() is None and JUDGES[name](small, rule, chosen):
            needs |= {("rules", name, *key): value for key, value in NEEDED[name](small, rule, chosen).items()}
    for name, pin in small.scenario.pins.items():
        if (int(pin.leader_id[1:]), int(str(pin.post_id)[1:])) not in chosen:
            needs["pins", name] = None
    for name, ban in small.scenario.bans.items():
        if any(_matches(small, ban, pair) for pair in chosen):
            needs["bans", name] = None
    return needs


def _every_need(small: Small) -> Iterator[Needs]:
    """Yield what each plan needs, with the teams held and without them: executives of a team then lead several."""
    rules = small.scenario.rules
    if "teams" in rules and rules["teams"].breach_price() is None:
        others = {name: rule for name, rule in rules.items() if name != "teams"}
        free = replace(small, scenario=small.scenario.model_copy(update={"rules": others}))
        yield from (_needs(free, chosen) | {("rules", "teams"): None} for chosen in _every_plan(free))
    yield from (needs for chosen in _every_plan(small) if ("rules", "teams") not in (needs := _needs(small, chosen)))


def _down(part: int, whole: int) -> float:
    return math.floor(Fraction(part * STEPS, whole)) / STEPS if whole else 1.0


def _up(part: int, whole: int) -> float:
    return math.ceil(Fraction(part * STEPS, whole)) / STEPS if whole else 0.0


def _area_needs(small: Small, rule: Any, chosen: Plan) -> Needs:
    inside = sum(isinstance(area, str) for area in _of(small, chosen, "area"))
    if rule.count is not None:
        return {("count",): inside}
    whole = len(chosen) if rule.of == "placements" else len(small.leaders)
    return {("share",): (_down if rule.rule == "area_minimum" else _up)(inside, whole)}


def _cap_needs(small: Small, rule: Any, chosen: Plan) -> Needs:
    groups = [group for group in _of(small, chosen, rule.rule.removesuffix("_cap")) if isinstance(group, str)]
    return {("count",): max(groups.count(group) for group in groups)}


def _money_needs(small: Small, rule: Any, chosen: Plan) -> Needs:
    year = [small.posts["opens_on"][post].year if rule.per_year else 0 for _, post in chosen]
    sums = [sum(small.cost[pair] for pair, own in zip(chosen, year, strict=True) if own == one) for one in set(year)]
    return {("total_gbp",): max(sums)}


def _phase_needs(small: Small, rule: Any, chosen: Plan) -> Needs:
    inside, limits = _of(small, chosen, "phase").count("primary"), rule.shares["primary"]
    share, needs = Fraction(inside, len(chosen)), Needs()
    if share < Fraction(str(limits.minimum)):
        needs["shares", "primary", "minimum"] = _down(inside, len(chosen))
    if share > Fraction(str(limits.maximum)):
        needs["shares", "primary", "maximum"] = _up(inside, len(chosen))
    return needs


def _case_needs(small: Small, rule: Any, chosen: Plan) -> Needs:
    inside, needs = _of(small, chosen, "urn").count(1), Needs()
    if inside < rule.minimum_count:
        needs["minimum_count",] = inside
    if inside > Fraction(str(rule.maximum_share)) * len(chosen):
        needs["maximum_share",] = _up(inside, len(chosen))
    return needs


def _deprived_needs(small: Small, _rule: Any, chosen: Plan) -> Needs:
    count = round(0.5 * len(small.schools))
    most = sorted(small.schools["urn"], reverse=True)[:count]
    inside = sum(small.benefit[pair] for pair in chosen if small.posts["urn"][pair[1]] in most)
    whole = sum(small.benefit[pair] for pair in chosen)
    return {("share",): _down(inside, whole) if inside >= 0 and whole > 0 else None}


NEEDED: dict[str, Any] = {
    **{"least": _area_needs, "most": _area_needs, "cap": _cap_needs, "money": _money_needs, "phases": _phase_needs},
    **{"cases": _case_needs, "deprived": _deprived_needs, "teams": lambda *_: {(): None}},
    "moves": lambda small, _rule, chosen: {("count",): len(small.earlier - set(chosen))},
    "span": lambda small, _rule, chosen: {("minimum",): _fewest(small, chosen)},
}


def _fewest(small: Small, chosen: Plan) -> int:
    return min(sum(leader == one for one, _ in chosen) for leader, _ in chosen if _spans(small, leader))


def _fits(needs: Needs, values: Needs, now: Needs) -> bool:
    """Return whether a plan's needs are met by changed values, and by nothing else."""
    return all(key in values and _within(need, values[key], now[key]) for key, need in needs.items())


def _within(need: Any, value: Any, now: Any) -> bool:
    if need is None or value is None:
        return True
    return bool(need >= value) if value < now else bool(need <= value)


def _repairs_as_brute_force(small: Small) -> bool:
    needs = list(_every_need(small))
    if any(not need for need in needs):
        return False
    scenario = small.scenario
    asked = Asked(scenario, lambda other: _restated(small, other), lambda _key: True, time.monotonic() + DAY, 1)
    found = list(repairs_of(asked))
    fewest = min(map(len, needs))
    assert {frozenset(map(_setting, repair)) for repair in found} == {
        frozenset(need) for need in needs if len(need) == fewest
    }
    assert len(found) == len({frozenset(map(_setting, repair)) for repair in found})
    for repair in found:
        if not ("deprived" in {key[1] for key in repair} and min(small.benefit.values()) < 0):  # a share of a loss
            _is_least({_setting(key): value for key, value in repair.items()}, needs, scenario)
        _is_worth_what_brute_force_says(small, with_changes(scenario, repair))
    return True


def _setting(key: tuple[str, ...]) -> tuple[str, ...]:
    """Return the setting that a change is about: the share, where the whole rule on deprived schools is removed."""
    return (*key, "share") if key == ("rules", "deprived") else key


def _is_least(values: Needs, needs: list[Needs], scenario: Scenario) -> None:
    now = {key: None if key[0] != "rules" or key[2:] == () else value_at(scenario, key) for key in values}
    for key, value in values.items():
        rest = values | {key: None}
        wanted = [need[key] for need in needs if key in need and _fits(need, rest, now)]
        assert wanted
        if value is not None:
            amounts = [need for need in wanted if need is not None]
            assert value == (max(amounts) if value < now[key] else min(amounts))


def _is_worth_what_brute_force_says(small: Small, changed: Scenario) -> None:
    plan = solve(_restated(small, changed), time_limit_seconds=60, seed=1)
    after = replace(small, scenario=changed)
    worths = [_value(after, chosen) for chosen in _every_plan(after) if _keeps_pins_and_bans(after, chosen)]
    best = max((worth for worth in worths if worth is not None), default=None)
    assert plan.status is Status.OPTIMAL
    assert plan.objective == best


def _keeps_pins_and_bans(small: Small, chosen: Plan) -> bool:
    return not any(key[0] != "rules" for key in _needs(small, chosen))


@WORLDS
@given(tight_worlds())
def test_repairs_of_drawn_worlds_are_those_of_brute_force(small: Small) -> None:
    _repairs_as_brute_force(small)


@pytest.mark.slow
@MANY_WORLDS
@given(tight_worlds())
def test_repairs_of_many_drawn_worlds_are_those_of_brute_force(small: Small) -> None:
    _repairs_as_brute_force(small)
