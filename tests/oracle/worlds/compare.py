"""The product against the model: what they say of one world, and every way in which they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pilotage.domain.plan import Status
from tests.oracle.worlds.best import Question, best, question, value
from tests.oracle.worlds.counterfactual import heads
from tests.oracle.worlds.limits import UNITS, Known
from tests.oracle.worlds.pairs import SUPPORT, Pair, Reading, eligible
from tests.oracle.worlds.pins import pins_and_bans, school_pins
from tests.oracle.worlds.product import Answer, answer
from tests.oracle.worlds.tables import Name, World, values_of
from tests.oracle.worlds.worth import valued, worth

RELATIVE = 1e-6
EVEN = 2e-6  # pupil-months by which two calculations of one benefit may differ


@dataclass(frozen=True)
class Verdict:
    """What was found of one world: ``mismatch`` says how product and model differ, if they do."""

    world: World
    answer: Answer
    outcome: str
    plan: frozenset[Name] | None
    value: float | None
    mismatch: tuple[str, ...]


def verdict(world: World) -> Verdict:
    """Return what product and model say of a world."""
    said = answer(world)
    values = values_of(world)
    reading = eligible(world, valued(world, values))
    pairs = {pair.name: pair for pair in reading.pairs}
    wrong: list[str] = []
    short = ""
    if said.pairs is not None:
        pairs, short = _after_lots(world, pairs, set(said.pairs), wrong)
    elif world.rules("hold_back"):
        short = _too_few(world, pairs)
    expected = heads(world, values)
    known = Known(world, pairs, {name: worth(world, pair, values, expected) for name, pair in pairs.items()})
    if said.pairs is not None:
        wrong += _pairs(said, known)
    tail = said.tail if said.tail is None or set(said.tail.draws) == set(pairs) else None
    asked = question(known, tail)
    refused = _refused(reading, short, world, pairs)
    plan = None if refused else best(asked)
    score = None if plan is None else value(asked, plan)
    if not (wrong and said.pairs is None):
        wrong += _outcomes(said, asked, plan, score, refused)
    outcome = "refused" if refused else "infeasible" if plan is None else "plan"
    return Verdict(world, said, outcome, plan, score, tuple(wrong))


def _refused(reading: Reading, short: str, world: World, pairs: dict[Name, Pair]) -> str:
    """Return why a scenario is refused before it is solved; lots may take the post of a team, but not of a pin."""
    barred = [str(pin) for pin in pins_and_bans(world)[0] if pin not in pairs]
    barred += [str(pin) for pin, allowed in school_pins(world, pairs) if not allowed]
    return "; ".join([*reading.refused, *([short] if short else []), *(f"pin {pin} is barred" for pin in barred)])


def _after_lots(
    world: World, pairs: dict[Name, Pair], left: set[Name], wrong: list[str]
) -> tuple[dict[Name, Pair], str]:
    """Return the pairs of the schools that no lot held back: which ones is the product's draw, and taken from it."""
    rules = [rule for _, rule in world.rules("hold_back")]
    if not rules:
        return pairs, ""
    urns = {pair.school["urn"] for pair in pairs.values()}
    held = urns - {pairs[name].school["urn"] for name in left if name in pairs}
    most = len(
        {name[1] for name, pair in pairs.items() if pair.school["urn"] in held and pair.leader["level"] != SUPPORT}
    )
    if not len(held) <= rules[0]["posts"] <= most:
        wrong.append(f"lots: {rules[0]['posts']} posts to hold back, schools {sorted(held)} of {most} posts got nobody")
    return {name: pair for name, pair in pairs.items() if pair.school["urn"] not in held}, ""


def _too_few(world: World, pairs: dict[Name, Pair]) -> str:
    """Return why too few posts could be held back, if so: schools with a pin are not drawn."""
    urn = {post["post_id"]: post["urn"] for post in world.every_post}
    pinned = {urn[post] for _, post in pins_and_bans(world)[0]} | {pin["urn"] for pin, _ in school_pins(world, pairs)}
    people = [pair for pair in pairs.values() if pair.leader["level"] != SUPPORT and pair.school["urn"] not in pinned]
    fillable, wanted = (
        len({pair.name[1] for pair in people}),
        sum(rule["posts"] for _, rule in world.rules("hold_back")),
    )
    return f"{wanted} to hold back of {fillable}" if wanted > fillable else ""


def _pairs(said: Answer, known: Known) -> list[str]:
    """Return how the pairs differ, and what each is worth and costs."""
    mine, theirs = set(known.pairs), said.pairs or {}
    wrong = [f"pairs: {sorted(mine - set(theirs))[:3]} are missing"] if mine - set(theirs) else []
    wrong += [f"pairs: {sorted(set(theirs) - mine)[:3]} are barred"] if set(theirs) - mine else []
    for name in sorted(mine & set(theirs)):
        (benefit, cost), own = theirs[name], known.worths[name]
        if not abs(benefit - own.benefit) <= EVEN + 1e-9 * abs(benefit):
            wrong.append(f"benefit of {name}: {benefit} for {own.benefit}")
        if cost != own.cost:
            wrong.append(f"cost of {name}: {cost} for {own.cost}")
    return wrong[:4]


def tolerance(asked: Question, *plans: frozenset[Name]) -> float:
    """Return by how much rounding may part two values: a unit for each placement and each school shared."""
    most = max(len(plan) for plan in plans)
    schools = len({pair.school["urn"] for pair in asked.known.pairs.values()})
    return (most + schools + 1) / UNITS


def _outcomes(
    said: Answer, asked: Question, plan: frozenset[Name] | None, score: float | None, refused: str
) -> list[str]:
    if refused or plan is None:
        if said.error in ("InfeasibleError", "ScenarioError"):
            return []
        careful = None if refused else best(asked, 1)
        return (
            []
            if careful is not None
            else [f"outcome: {said.error or 'a plan'}, and {refused or 'infeasible'} is right"]
        )
    if said.error is not None:
        careful = best(asked, -1)
        if careful is None or value(asked, careful, -1) is None:
            return []
        return [f"outcome: {said.error} ({said.words}), and a plan worth {score} is right"]
    return [*_value(said, asked, plan, score), *(f"audit: {one}" for one in said.wrong)]


def _value(said: Answer, asked: Question, plan: frozenset[Name], score: float | None) -> list[str]:
    """Return how the plan's own worth differs from what is claimed, and the best plan's from it."""
    claimed, wrong = said.objective or 0.0, []
    near = tolerance(asked, plan, said.plan) + RELATIVE * abs(claimed)
    own = [one for one in (value(asked, said.plan, slack) for slack in (-1, 0, 1)) if one is not None]
    if not own:
        wrong.append("plan: the product's plan breaks a rule")
    elif not min(own) - near <= claimed <= max(own) + near:
        wrong.append(f"objective: {claimed} is claimed, and the plan is worth {own[-1]}")
    if said.status is not Status.OPTIMAL:
        wrong.append(f"status: {said.status}")
    if score is None:
        wrong.append("model: its own plan breaks a rule")
    elif score > claimed + near:
        careful = best(asked, -1)
        least = None if careful is None else value(asked, careful, -1)
        if least is not None and least > claimed + near:
            wrong.append(f"objective: {claimed}, and a plan worth {score} exists")
    return wrong


def same_kind(one: Verdict, other: Verdict) -> bool:
    """Return whether two verdicts have a mismatch that begins alike, numbers apart."""
    kinds = [{re.sub(r"\d+", "#", text)[:45] for text in verdict.mismatch} for verdict in (one, other)]
    return bool(kinds[0] & kinds[1])
