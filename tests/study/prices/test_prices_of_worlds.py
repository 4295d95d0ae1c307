"""Every price of drawn worlds is what an independent model of the rules says: the world changed, and planned anew."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pilotage import pipeline
from pilotage.domain.findings.prices import FARTHER_KM, MORE_GBP, Price, PriceKind, PriceQuestion, PriceState
from pilotage.domain.plan import PlacementProblem, Row
from pilotage.errors import PilotageError
from pilotage.placement.formulation.coefficients import members_of, weights_of
from pilotage.study.prices.asked import questions
from pilotage.study.prices.base import Base
from pilotage.study.prices.changed import LIMITS
from pilotage.study.prices.together import prices
from tests.oracle.worlds import tables
from tests.oracle.worlds.best import Question, best, question, value
from tests.oracle.worlds.compare import _refused, tolerance
from tests.oracle.worlds.counterfactual import heads
from tests.oracle.worlds.drawing import drawn, drawn_with_prospects
from tests.oracle.worlds.limits import Known
from tests.oracle.worlds.pairs import eligible
from tests.oracle.worlds.product import _stated
from tests.oracle.worlds.tables import Name, World, values_of
from tests.oracle.worlds.worth import valued, worth

SPANS = 1e-6  # of a price, beside a unit for each placement
LOTS = "hold_back"  # which schools are drawn is the product's own


def base_of_world(world: World) -> Base | None:
    """Return the product's plan of a world as what prices start from; None where it has none."""
    try:
        known, forecast = tables.known(world), tables.risks(world)
        stated = pipeline.state(known, forecast)
        decided = pipeline.decide(cast(Any, SimpleNamespace(scenario=known.scenario)), stated)
    except PilotageError:
        return None
    own = type(known.scenario).model_validate(world.keys)
    return Base(known, own, forecast, stated, decided.problem, decided.plan)


def _asked(world: World) -> Question | None:
    """Return the world as the model reads it; None where it is refused."""
    values = values_of(world)
    reading = eligible(world, valued(world, values))
    pairs = {pair.name: pair for pair in reading.pairs}
    if _refused(reading, "", world, pairs):
        return None
    expected = heads(world, values)
    known = Known(world, pairs, {name: worth(world, pair, values, expected) for name, pair in pairs.items()})
    tail = None
    if world.keys["objective"].get("measure") == "mean_less_cvar":
        try:
            tail = _stated(pipeline.state(tables.known(world), tables.risks(world))).tail
        except PilotageError:
            return None
    return question(known, tail if tail is None or set(tail.draws) == set(pairs) else None)


def _worth(asked: Question | None, slack: int = 0) -> tuple[float, frozenset[Name]] | None:
    plan = None if asked is None else best(asked, slack)
    made = None if asked is None or plan is None else value(asked, plan, slack)
    return None if made is None or plan is None else (made, plan)


def _changed(world: World, price: PriceQuestion) -> World:
    """Return the world with the change of a question, limits apart: a planner's edit of a table or of the scenario."""
    keys = world.keys
    if price.kind in (PriceKind.RULE, PriceKind.PIN, PriceKind.BAN):
        part = f"{price.kind.value}s"
        return world.with_keys(**{part: {name: each for name, each in keys[part].items() if name != price.key}})
    if price.kind is PriceKind.SUPPORT:
        support = keys["interventions"]["support"]
        more = support | {"capacity": support["capacity"] | {price.key: support["capacity"][price.key] + 1}}
        return world.with_keys(interventions=keys["interventions"] | {"support": more})
    if price.kind is PriceKind.DISTANCE:
        leaders = tuple(row | {"max_travel_km": row["max_travel_km"] + FARTHER_KM} for row in world.leaders)
        rules = {name: _with_ceiling(rule) for name, rule in keys["rules"].items()}
        return replace(world, leaders=leaders).with_keys(rules=rules)
    (row,) = [row for row in world.leaders if row["leader_id"] == price.key]
    return replace(world, leaders=(*world.leaders, row | {"leader_id": "new", "team_id": None}))


def _with_ceiling(rule: dict[str, Any]) -> dict[str, Any]:
    high = rule["rule"] == "travel" and rule["max_km"] is not None
    return rule | {"max_km": rule["max_km"] + FARTHER_KM} if high else rule


def _loosened(asked: Question, problem: PlacementProblem, price: PriceQuestion) -> Question | None:
    """Return the model's question with the one limit moved; None where rounding leaves doubt which it is."""
    (row,) = [
        row for row in problem.rows if (row.key, row.part) == (price.key, price.part) and row.sense == price.sense
    ]
    sign, weights = (1 if row.sense == "<=" else -1), _weights(problem, row)
    for number, limit in enumerate(asked.limits):
        own = {name: sign * weight for name, weight in limit.weights.items() if weight}
        if limit.name.startswith(price.key) and own == weights and limit.most == sign * row.rhs:
            step = MORE_GBP if price.kind is PriceKind.MONEY else limit.unit
            moved = replace(limit, most=limit.most + step)
            return replace(asked, limits=(*asked.limits[:number], moved, *asked.limits[number + 1 :]))
    assert price.unit == "pupil_month", (price, weights)
    return None


def _weights(problem: PlacementProblem, row: Row) -> dict[Name, int]:
    pairs = members_of(problem, row)
    names = [
        (problem.leader_ids[leader], problem.post_ids[post])
        for leader, post in zip(problem.leader[pairs].tolist(), problem.post[pairs].tolist(), strict=True)
    ]
    own = zip(names, weights_of(problem, row, pairs).tolist(), strict=True)
    return {name: weight for name, weight in own if weight}


def mismatches(world: World) -> Iterator[str]:
    """Yield each price of a world that is not what the model says."""
    base, today = base_of_world(world), _asked(world)
    now = _worth(today)
    if base is None or today is None or now is None:
        return
    for price in prices(base, lambda _message: None, processes=1).prices:
        if price.question.kind in LIMITS:
            changed = _loosened(today, base.problem, price.question)
            if changed is None:
                continue
        else:
            changed = _asked(_changed(world, price.question))
        wrong = _wrong(price, now, changed, today)
        if wrong:
            yield f"{price.question.kind} {price.question.key} {price.question.part}: {wrong}"


def _wrong(price: Price, now: tuple[float, frozenset[Name]], changed: Question | None, today: Question) -> str:
    then = _worth(changed)
    none = price.state in (PriceState.IMPOSSIBLE, PriceState.REFUSED)
    if none or then is None or changed is None:
        return "" if none and then is None else f"{price.state} {price.why}, and the model has {then}"
    near = tolerance(today, now[1]) + tolerance(changed, then[1]) + SPANS * (abs(now[0]) + abs(then[0]))
    if price.state is not PriceState.EXACT or price.months is None:
        return f"{price.state}"
    gain = then[0] - now[0]
    return (
        ""
        if abs(price.months - gain) <= near or _doubted(price, changed, today, near)
        else f"{price.months} for {gain}"
    )


def _doubted(price: Price, changed: Question, today: Question, near: float) -> bool:
    """Return whether a share of the benefit, rounded otherwise, gives the price."""
    if not any(limit.doubt for limit in (*changed.limits, *today.limits)):
        return False
    ends = [(_worth(today, slack), _worth(changed, slack)) for slack in (-1, 0, 1)]
    before = [one[0] for one, _ in ends if one is not None]
    after = [other[0] for _, other in ends if other is not None]
    return min(after) - max(before) - near <= (price.months or 0.0) <= max(after) - min(before) + near


def _wrong_in(worlds: dict[int, World]) -> dict[int, list[str]]:
    some = {seed: world for seed, world in worlds.items() if not world.rules(LOTS)}
    return {seed: wrong for seed, world in some.items() if (wrong := list(mismatches(world)))}


def test_the_prices_of_some_worlds_are_what_the_model_says() -> None:
    assert _wrong_in({seed: drawn(seed) for seed in range(1, 7)}) == {}
    assert _wrong_in({seed: drawn_with_prospects(seed) for seed in (1, 2)}) == {}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 360, 20))
def test_the_prices_of_260_worlds_are_what_the_model_says(first: int) -> None:
    assert _wrong_in({seed: drawn(seed) for seed in range(first, first + 20)}) == {}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 180, 20))
def test_the_prices_of_80_worlds_with_prospects_are_what_the_model_says(first: int) -> None:
    assert _wrong_in({seed: drawn_with_prospects(seed) for seed in range(first, first + 20)}) == {}


def test_several_processes_give_the_same_prices_as_one() -> None:
    base = next(made for seed in range(1, 20) if (made := base_of_world(drawn(seed))) is not None)
    alone = prices(base, lambda _message: None, processes=1)
    assert alone.prices
    assert prices(base, lambda _message: None, processes=2, seconds_alone=-1.0) == alone


def test_every_kind_of_change_is_priced_in_some_world() -> None:
    kinds = set()
    for seed in range(1, 40):
        base = base_of_world(drawn(seed))
        kinds |= set() if base is None else {asked.kind for asked in questions(base)}
        if kinds == set(PriceKind):
            return
    raise AssertionError(set(PriceKind) - kinds)
