"""No post adds more to the best plan than its value if asked: in small worlds of every kind of rule, solved again.

A world is stated anew with the post in its tables, known and with consent, so that pairs, rules and pupils are all made
again. Rules that look at all pairs together (teams, several schools, lots) would bar other pairs then; there the
problem is solved again over all pairs, with nothing else changed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast, get_args

import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.config.rules.catalogue import MODELS
from pilotage.domain.findings.ask_values import AskValue
from pilotage.domain.forecast import RiskForecast
from pilotage.domain.plan import Status
from pilotage.domain.prospects import prospects_in
from pilotage.placement.analysis.plan_case import PlanCase
from pilotage.placement.analysis.value_if_asked.bound import priced_plan
from pilotage.placement.analysis.value_if_asked.resolve import Trial, exact_rise
from pilotage.placement.analysis.value_if_asked.values import ask_values
from pilotage.placement.analysis.value_if_asked.what_if import BASE, what_if_posts, what_ifs
from pilotage.placement.context import context_of
from tests.oracle.worlds import tables
from tests.oracle.worlds.drawing import drawn, drawn_with_prospects
from tests.oracle.worlds.product import REFUSALS
from tests.oracle.worlds.tables import World

MOST_POSTS = 10  # of a world
ALL_PAIRS = 2**30  # units that no plan of a small world reaches: no pair of today is left out
LOOKS_AT_ALL = {"hold_back", "teams", "executive_span"}


@dataclass(frozen=True)
class Solved:
    case: Case
    forecast: RiskForecast
    plan: PlanCase
    values: dict[tuple[int, str], AskValue]

    @property
    def rules(self) -> set[str]:
        return {rule.rule for rule in self.case.scenario.rules.values()}


def _decided(case: Case, forecast: RiskForecast) -> tuple[pipeline.Stated, pipeline.Decided]:
    stated = pipeline.state(case, forecast)
    return stated, pipeline.decide(cast(Any, SimpleNamespace(scenario=case.scenario)), stated)


def _solved(world: World) -> Solved | None:
    """Return a world's plan and values; None where it is refused, or looks at the worst draws."""
    try:
        case, forecast = tables.known(world), tables.risks(world)
        stated, decided = _decided(case, forecast)
    except REFUSALS:
        return None
    plan = PlanCase(decided.problem, decided.plan, stated.impact, context_of(case, forecast.need))
    made = ask_values(case, forecast, plan, worst_draws=stated.worst_draws is not None)
    if stated.worst_draws is not None:
        assert all(value.value is None and value.no_value is not None for value in made)
        return None
    return Solved(case, forecast, plan, {(value.urn, value.level): value for value in made})


def _with_post(case: Case, row: pd.DataFrame) -> Case:
    """Return the case with a what-if post among its known posts, in the place of the one that it stands for."""
    posts = case.posts.posts
    base = row[BASE].iloc[0]
    others = posts if pd.isna(base) else posts.drop(index=int(base))
    asked = prospects_in(others)
    both = pd.concat([others[~asked], row.drop(columns=BASE), others[asked]], ignore_index=True)
    return replace(case, posts=replace(case.posts, posts=both))


def _rise(world: Solved, row: pd.DataFrame) -> float | None:
    """Return by how many pupil-months the best plan rises with the post; None where that is refused."""
    before = world.plan.plan.objective or 0
    try:
        _, after = _decided(_with_post(world.case, row), world.forecast)
    except REFUSALS:
        return None
    return ((after.plan.objective or 0) - before) / after.problem.scale


def _rise_alone(world: Solved, post_id: str) -> float | None:
    """Return the same with nothing else changed: every pair of today and those of the new post, solved again."""
    plan = world.plan
    base = priced_plan(plan.problem, plan.plan, exclusive=world.case.scenario.pool.prospects is not None)
    assert base is not None
    for whatif in what_ifs(world.case, world.forecast, plan, what_if_posts(world.case)):
        number = whatif.posts["post_id"].tolist().index(post_id)
        pairs = (whatif.problem.post == number).nonzero()[0]
        if not len(pairs):
            return None
        rise = exact_rise(world.case, world.forecast, plan, base, Trial(whatif, number, pairs, ALL_PAIRS))
        return None if rise is None else rise / plan.problem.scale
    return None


def _compared(world: Solved) -> Iterator[str]:
    """Yield what each what-if post of a world shows: the kinds of rule where it holds, else what is wrong."""
    rows = what_if_posts(world.case)
    several = Counter(zip(rows["urn"], rows["level"], strict=True))
    for number in range(min(len(rows), MOST_POSTS)):
        row = rows.iloc[[number]]
        key = int(row["urn"].iloc[0]), str(row["level"].iloc[0])
        value = world.values.get(key)  # None: nobody may go there, so that it is no school to ask
        alone = bool(world.rules & LOOKS_AT_ALL)
        rise = _rise_alone(world, str(row["post_id"].iloc[0])) if alone else _rise(world, row)
        if rise is None:
            continue
        if value is None or value.value is None:
            yield "blank" if rise <= 0 else f"WRONG: {value} rises by {rise}"
        elif rise > value.value + 1e-9:
            yield f"WRONG: {value} rises by {rise}"
        elif value.exact and several[key] == 1 and abs(value.value - max(0.0, rise)) > 1e-9:
            yield f"WRONG: {value} is not the exact {rise}"
        else:
            yield from ("exact" if value.exact else "bound", *world.rules)


def _all(worlds: Iterator[World]) -> Counter[str]:
    solved = (world for world in map(_solved, worlds) if world is not None)
    return Counter(word for world in solved for word in _compared(world))


def test_no_post_adds_more_than_its_value() -> None:
    counts = _all(drawn_with_prospects(seed) for seed in range(1, 13))
    assert [words for words in counts if words.startswith("WRONG")] == []
    assert counts["exact"] + counts["bound"] >= 30
    assert counts["exact"]
    assert counts["bound"]


def test_nor_without_prospects() -> None:
    counts = _all(drawn(seed) for seed in range(1, 17))
    assert [words for words in counts if words.startswith("WRONG")] == []
    assert counts["exact"] + counts["bound"] >= 30


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 500, 50))
def test_400_worlds_hold(first: int) -> None:
    counts = _all(drawn_with_prospects(seed) for seed in range(first, first + 25))
    counts += _all(drawn(seed) for seed in range(first + 25, first + 50))
    assert [words for words in counts if words.startswith("WRONG")] == []


@pytest.mark.slow
def test_every_kind_of_rule_was_met() -> None:
    counts = _all(draw(seed) for seed in range(1, 60) for draw in (drawn, drawn_with_prospects))
    assert [words for words in counts if words.startswith("WRONG")] == []
    assert {str(get_args(model.model_fields["rule"].annotation)[0]) for model in MODELS} <= set(counts)


def test_what_is_exact_is_proven() -> None:
    for seed in range(1, 6):
        world = _solved(drawn_with_prospects(seed))
        if world is not None and world.plan.plan.status is not Status.OPTIMAL:
            assert not any(value.exact for value in world.values.values())
