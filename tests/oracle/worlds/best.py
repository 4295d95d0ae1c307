"""The best plan: what any plan is worth, judged in plain Python, and the best of all by HiGHS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from tests.oracle.worlds.limits import UNITS, Known, Limit, limits
from tests.oracle.worlds.pairs import SUPPORT, Pair, capacity, place, spanning, teams
from tests.oracle.worlds.pins import pins_and_bans, school_pins
from tests.oracle.worlds.tables import Name, World
from tests.oracle.worlds.worth import WHOLE

HEADS = ("head", "executive")


@dataclass(frozen=True)
class Tail:
    """Benefit of each pair in each draw (weighted pupil-months), how many draws are the worst, and what they count."""

    draws: dict[Name, list[float]]
    worst: int
    weight: float


@dataclass(frozen=True)
class Question:
    """A world read: its pairs and worths, its limits, its draws if the worst of them count."""

    known: Known
    limits: tuple[Limit, ...]
    tail: Tail | None

    @property
    def world(self) -> World:
        return self.known.world


def question(known: Known, tail: Tail | None) -> Question:
    return Question(known, tuple(limits(known)), tail)


def of_price(price: float) -> float:
    """Return a price in pupil-months as it is charged: in whole units, at least one."""
    return max(1, round(price * UNITS)) / UNITS


def value(asked: Question, chosen: frozenset[Name], slack: int = 0) -> float | None:
    """Return what a plan is worth; None where it breaks a hard rule.

    ``slack``: how many units of doubt are forgiven (below 0: taken away) where rounded benefits decide.
    """
    known, world = asked.known, asked.world
    if not chosen <= known.pairs.keys() or any(broken(known, chosen)):
        return None
    paid = 0.0
    for limit in asked.limits:
        missed = limit.breaches(chosen, slack)
        if missed and limit.price is None:
            return None
        paid += missed * of_price(limit.price or 1.0)
    for _, rule in world.rules("teams"):
        split = sum(1 for team in teams(world) if not _team_whole(known, rule, team, chosen))
        if split and rule["price"] is None:
            return None
        paid += split * of_price(rule["price"] or 1.0)
    for _, rule in world.rules("executive_span")[-1:]:
        counts = [sum(1 for one, _ in chosen if one == leader) for leader in spanning(world)]
        short = sum(rule["minimum"] - count for count in counts if 0 < count < rule["minimum"])
        if short and rule["price"] is None:
            return None
        paid += short * of_price(rule["price"] or 1.0)
    charged = sum(known.pairs[name].charge for name in chosen)
    return _worth(asked, chosen) - charged - paid - sum(lost(known, chosen).values())


def _worth(asked: Question, chosen: frozenset[Name]) -> float:
    known, tail = asked.known, asked.tail
    mean = sum(known.worths[name].benefit * known.worths[name].weight for name in chosen)
    if tail is None:
        return mean
    draws = len(next(iter(tail.draws.values()), [0.0] * tail.worst))
    totals = sorted(sum(tail.draws[name][draw] for name in chosen) for draw in range(draws))
    return (1 - tail.weight) * mean + tail.weight * sum(totals[: tail.worst]) / tail.worst


def lost(known: Known, chosen: frozenset[Name]) -> dict[int, float]:
    """Return what each school's leaders would count twice: those who gain most by pupil serve them first."""
    loss: dict[int, float] = {}
    for urn in {known.pairs[name].school["urn"] for name in chosen}:
        mine = [known.worths[name] for name in chosen if known.pairs[name].school["urn"] == urn]
        for year in {year for worth in mine for year in worth.gains}:
            left = float(WHOLE)
            shares = [(gain, units, worth.weight) for worth in mine for gain, units in [worth.gains.get(year, (0, 1))]]
            for gain, units, weight in sorted(shares, key=lambda one: one[0] / one[1], reverse=True):
                taken = min(left, units) if gain > 0 else 0
                left -= taken
                loss[urn] = loss.get(urn, 0.0) + weight * gain * (1 - taken / units)
    return loss


def broken(known: Known, chosen: frozenset[Name]) -> Iterator[str]:
    """Yield what no price makes good: posts filled twice, terms, support and head, pins, spans too long."""
    world, pairs = known.world, [known.pairs[name] for name in chosen]
    posts = [pair.name[1] for pair in pairs]
    if len(set(posts)) < len(posts):
        yield "a post twice"
    if any(exclusive(world, one, other) for one, other in combinations(pairs, 2)):
        yield "two placements that exclude each other"
    for leader, most in _most(world, pairs).items():
        if sum(1 for pair in pairs if pair.name[0] == leader) > most:
            yield f"{leader} in more than {most}"
    for leader in {name[0] for name in chosen}:
        asked = [known.worths[name].thousandths for name in chosen if name[0] == leader and _asks(known, name)]
        if len(asked) > 1 and sum(asked) > 1000:
            yield f"{leader} asks for too much"
    if not set(pins_and_bans(world)[0]) <= chosen:
        yield "a pin"
    if any(len(chosen & set(allowed)) != 1 for _, allowed in school_pins(world, known.pairs)):
        yield "a pin of a school"


def _asks(known: Known, name: Name) -> bool:
    return bool(known.pairs[name].post.get("prospect"))


def _most(world: World, pairs: list[Pair]) -> dict[str, int]:
    support = {pair.name[0]: pair.leader["span"] for pair in pairs if pair.leader["level"] == SUPPORT}
    return {leader["leader_id"]: capacity(world, leader["leader_id"]) for leader in world.leaders} | support


def exclusive(world: World, one: Pair, other: Pair) -> bool:
    """Return whether no plan has both placements, whatever it pays."""
    same_school = one.school["urn"] == other.school["urn"]
    if one.name[0] != other.name[0] or one.support:
        kinds = {one.post["level"], other.post["level"]}
        return same_school and SUPPORT in kinds and bool(kinds & set(HEADS))
    if one.name[0] in spanning(world):
        rule = world.rules("executive_span")[-1][1]
        trusts = {one.school["trust"], other.school["trust"]}
        return same_school or (rule["one_trust"] and (None in trusts or len(trusts) > 1))
    prospects = [bool(pair.post.get("prospect")) for pair in (one, other)]
    if world.asked is not None:
        return not all(prospects)  # a known post is exclusive, several prospects are not
    first, last = sorted([one.start, other.start])
    if same_school and one.post["level"] == other.post["level"]:
        return True  # the leader holds that level there already
    return last < _years_later(first, world.keys["time"]["term_years"])


def _years_later(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, day.month, 28 if leap and (day.year + years) % 4 else day.day)


def _team_whole(known: Known, rule: dict[str, object], team: str, chosen: frozenset[Name]) -> bool:
    members = teams(known.world)[team]
    mine = [known.pairs[name] for name in chosen if name[0] in members]
    visits = {place(rule, pair) for pair in mine}
    return all({pair.name[0] for pair in mine if place(rule, pair) == one} == set(members) for one in visits)


@dataclass
class Programme:
    """A mixed-integer programme in the making: maximise the worth of its variables."""

    worth: list[float] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def add(self, worth: float, low: float, high: float, *, whole: bool = True) -> int:
        self.worth.append(worth)
        self.bounds.append((low, high))
        self.whole.append(whole)
        return len(self.worth) - 1

    def row(self, weights: dict[int, float], low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append((weights, low, high))

    def solve(self) -> np.ndarray | None:
        """Return the best values; None where there are none."""
        matrix = lil_array((max(1, len(self.rows)), len(self.worth)))
        for number, (weights, _, _) in enumerate(self.rows):
            for at, weight in weights.items():
                matrix[number, at] = weight
        limits_of_rows = np.array([row[1:] for row in self.rows] or [(-np.inf, np.inf)])
        limit = LinearConstraint(matrix.tocsr(), limits_of_rows[:, 0], limits_of_rows[:, 1])
        under, over = np.array(self.bounds).T
        whole = np.array(self.whole, dtype=np.int64)
        cost, within = -np.array(self.worth), Bounds(under, over)
        found = milp(cost, integrality=whole, bounds=within, constraints=limit, options={"mip_rel_gap": 0.0})
        if found.status not in (0, 2):
            raise RuntimeError(f"HiGHS: {found.message}")
        return None if found.status == 2 else np.asarray(found.x)


def best(asked: Question, slack: int = 0) -> frozenset[Name] | None:
    """Return a best plan; None where no plan keeps the hard rules."""
    known, model = asked.known, Programme()
    if not known.pairs:
        empty: frozenset[Name] = frozenset()
        return None if value(asked, empty, slack) is None else empty
    mean = 1.0 if asked.tail is None else 1.0 - asked.tail.weight
    at = {name: model.add(_alone(known, name, mean), 0, 1) for name in known.pairs}
    _structure(model, known, at)
    _limits(model, asked, at, slack)
    _teams(model, known, at)
    _spans(model, known, at)
    _pupils(model, known, at)
    if asked.tail is not None:
        _worst_draws(model, asked.tail, at)
    found = model.solve()
    return None if found is None else frozenset(name for name, number in at.items() if found[number] > 0.5)


def _alone(known: Known, name: Name, mean: float) -> float:
    return mean * known.worths[name].benefit * known.worths[name].weight - known.pairs[name].charge


def _structure(model: Programme, known: Known, at: dict[Name, int]) -> None:
    world = known.world
    for post in {name[1] for name in at}:
        model.row({number: 1.0 for name, number in at.items() if name[1] == post}, high=1)
    for one, other in combinations(at, 2):
        if exclusive(world, known.pairs[one], known.pairs[other]):
            model.row({at[one]: 1.0, at[other]: 1.0}, high=1)
    for leader, most in _most(world, list(known.pairs.values())).items():
        mine = {number: 1.0 for name, number in at.items() if name[0] == leader}
        if mine:
            model.row(mine, high=most)
    for leader in {name[0] for name in at}:
        asked = {
            at[name]: known.worths[name].thousandths / 1000 for name in at if name[0] == leader and _asks(known, name)
        }
        if asked:
            model.row(asked, high=1)
    for pin in pins_and_bans(world)[0]:
        model.row({at[pin]: 1.0}, low=1)
    for _, allowed in school_pins(world, at):
        model.row({at[name]: 1.0 for name in allowed}, low=1, high=1)


def _limits(model: Programme, asked: Question, at: dict[Name, int], slack: int) -> None:
    for limit in asked.limits:
        doubt = slack * limit.doubt
        weights = {at[name]: float(weight - doubt) for name, weight in limit.weights.items()}
        if limit.price is not None:
            least = sum(min(0.0, weight) for weight in weights.values())
            most = sum(max(0.0, weight) for weight in weights.values())
            room = max(0.0, np.ceil((max(most, -least) + abs(limit.most)) / limit.unit))
            weights[model.add(-of_price(limit.price), 0, room)] = -float(limit.unit)
        scale = max([1.0, *(abs(weight) for weight in weights.values())])
        if weights:
            model.row({number: weight / scale for number, weight in weights.items()}, high=limit.most / scale)
        elif limit.most < 0:
            model.row({0: 0.0}, low=1)


def _teams(model: Programme, known: Known, at: dict[Name, int]) -> None:
    for _, rule in known.world.rules("teams"):
        for members in teams(known.world).values():
            mine = {name: number for name, number in at.items() if name[0] in members}
            split = None if rule["price"] is None else model.add(-of_price(rule["price"]), 0, 1)
            for one in {place(rule, known.pairs[name]) for name in mine}:
                whole = model.add(0.0, 0, 1)
                for member in members:
                    here = [name for name in mine if name[0] == member and place(rule, known.pairs[name]) == one]
                    row = {at[name]: 1.0 for name in here} | {whole: -1.0}
                    model.row(row | ({} if split is None else {split: -1.0}), high=0)
                    model.row(row | ({} if split is None else {split: 1.0}), low=0)


def _spans(model: Programme, known: Known, at: dict[Name, int]) -> None:
    for _, rule in known.world.rules("executive_span")[-1:]:
        for leader, span in spanning(known.world).items():
            mine = {number: 1.0 for name, number in at.items() if name[0] == leader}
            used, least = model.add(0.0, 0, 1), float(rule["minimum"])
            model.row(mine | {used: -float(span)}, high=0)
            short = {}
            if rule["price"] is not None:
                short = {model.add(-of_price(rule["price"]), 0, least): 1.0}
            model.row(mine | {used: -least} | short, low=0)


def _pupils(model: Programme, known: Known, at: dict[Name, int]) -> None:
    """In each year the leaders of a school take shares of its pupils: at most their own, at most all together."""
    for urn in {pair.school["urn"] for pair in known.pairs.values()}:
        mine = [name for name in at if known.pairs[name].school["urn"] == urn]
        for year in {year for name in mine for year in known.worths[name].gains}:
            gains = {name: known.worths[name].gains.get(year, (0.0, 1)) for name in mine}
            shared = {}
            for name, (gain, units) in gains.items():
                if gain > 0:
                    weight = known.worths[name].weight
                    model.worth[at[name]] -= weight * gain
                    taken = model.add(weight * gain, 0, 1, whole=False)  # of the leader's own units
                    model.row({taken: 1.0, at[name]: -1.0}, high=0)
                    shared[taken] = units / WHOLE
            if shared:
                model.row(shared, high=1)


def _worst_draws(model: Programme, tail: Tail, at: dict[Name, int]) -> None:
    """Rockafellar and Uryasev: a threshold, and by how much each draw lies below it."""
    draws = len(next(iter(tail.draws.values())))
    bound = sum(max(abs(one) for one in values) for values in tail.draws.values())
    threshold = model.add(tail.weight, -bound, bound, whole=False)
    for draw in range(draws):
        below = model.add(-tail.weight / tail.worst, 0, 2 * bound, whole=False)
        weights = {at[name]: values[draw] for name, values in tail.draws.items()}
        model.row(weights | {threshold: -1.0, below: 1.0}, low=0)
