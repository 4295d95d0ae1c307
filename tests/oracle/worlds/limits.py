"""Every rule that limits a sum over placements, as whole numbers: what each placement weighs, and what a breach is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.worlds.pairs import Pair, deprivation
from tests.oracle.worlds.places import lies_in
from tests.oracle.worlds.tables import Name, Row, World
from tests.oracle.worlds.worth import Worth

UNITS = 1000  # integer units in a pupil-month


@dataclass(frozen=True)
class Limit:
    """The weights of the placements add up to at most ``most``, or miss it by breaches of ``unit`` at ``price``.

    ``doubt``: how far rounded benefits may move a placement's weight.
    """

    name: str
    weights: dict[Name, int]
    most: int
    unit: int
    price: float | None
    doubt: int = 0

    def breaches(self, chosen: frozenset[Name], slack: int) -> int:
        """Return the whole units by which a plan misses the limit; ``slack`` times the doubt is forgiven."""
        held = [name for name in chosen if name in self.weights]
        over = sum(self.weights[name] for name in held) - self.most - slack * self.doubt * len(held)
        return max(0, math.ceil(Fraction(over, self.unit)))


@dataclass(frozen=True)
class Known:
    """The pairs that may be placed, with what each is worth and costs."""

    world: World
    pairs: dict[Name, Pair]
    worths: dict[Name, Worth]

    def units(self, name: Name) -> int:
        """Return the benefit of a pair in integer units."""
        return round(self.worths[name].benefit * UNITS)

    def counted(self, rule: Row) -> list[Pair]:
        kinds = {"place": (False,), "support": (True,), "both": (False, True)}[rule["counts"]]
        return [pair for pair in self.pairs.values() if pair.support in kinds]


def limits(known: Known) -> Iterator[Limit]:
    """Yield the limits of all rules that count."""
    for name, rule in known.world.keys["rules"].items():
        kind = rule["rule"]
        if kind.endswith("_cap"):
            yield from _caps(name, rule, known)
        elif kind in MAKERS:
            yield from MAKERS[kind](name, rule, known)


def _number(name: str, rule: Row, inside: list[Pair], least: int | None, most: int | None) -> Iterator[Limit]:
    if least is not None:
        yield Limit(name, {pair.name: -1 for pair in inside}, -least, 1, rule["price"])
    if most is not None:
        yield Limit(name, {pair.name: 1 for pair in inside}, most, 1, rule["price"])


def _part(name: str, rule: Row, sets: tuple[list[Pair], list[Pair]], sides: Row) -> Iterator[Limit]:
    """Yield limits of the share of the placements counted that lie inside, whatever their number."""
    counted, inside = sets[0], {pair.name for pair in sets[1]}
    for side, given in sides.items():
        if given is not None:
            share, sign = _fraction(given), -1 if side == "least" else 1
            weigh = {True: share.denominator - share.numerator, False: -share.numerator}
            weights = {pair.name: sign * weigh[pair.name in inside] for pair in counted}
            yield Limit(name, weights, 0, share.denominator, rule["price"])


def _fraction(share: float) -> Fraction:
    """Return a share as the nearest fraction with a denominator up to 10,000."""
    return Fraction(str(share)).limit_denominator(10_000)


def _area(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    own = ["list: opportunity_areas_2016"]
    for places in [[place] for place in rule["areas"]] if rule["each"] else [rule["areas"] or own]:
        yield from _area_limit(f"{name} {', '.join(places)}", rule, known, places)


def _area_limit(name: str, rule: Row, known: Known, places: list[str]) -> Iterator[Limit]:
    counted = known.counted(rule)
    inside = [one for one in counted if lies_in(one.school, places)]
    least = rule["rule"] == "area_minimum"
    if rule["share"] is not None and rule["of"] == "placements":
        yield from _part(name, rule, (counted, inside), {"least" if least else "most": rule["share"]})
        return
    people = len(known.world.leaders)
    exact = Fraction(rule["count"]) if rule["share"] is None else _fraction(rule["share"]) * people
    limit = math.ceil(exact) if least else math.floor(exact)
    yield from _number(name, rule, inside, limit if least else None, None if least else limit)


def _caps(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    column, counted = rule["rule"].removesuffix("_cap"), known.counted(rule)
    if rule["areas"]:
        counted = [one for one in counted if lies_in(one.school, rule["areas"])]
    for group in sorted({one.school[column] for one in counted} - {None}):
        if group in (rule.get("trusts") or [group]):
            inside = [one for one in counted if one.school[column] == group]
            yield from _number(f"{name} {group}", rule, inside, None, rule["count"])


def _phases(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    counted = known.counted(rule)
    for phase, between in rule["shares"].items():
        inside = [one for one in counted if one.school["phase"] == phase]
        sides = {"least": between["minimum"], "most": between["maximum"]}
        yield from _part(f"{name} {phase}", rule, (counted, inside), sides)


def _cases(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    counted, urns = known.counted(rule), [case["urn"] for case in rule["cases"].values()]
    inside = [one for one in counted if one.school["urn"] in urns]
    yield from _number(name, rule, inside, rule.get("minimum_count"), rule.get("maximum_count"))
    sides = {"least": rule.get("minimum_share"), "most": rule.get("maximum_share")}
    yield from _part(name, rule, (counted, inside), sides)


def _budget(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    years = range(known.world.keys["time"]["years"]) if rule["per_year"] else [None]
    for year in years:
        mine = [pair for pair in known.pairs if year in (None, known.pairs[pair].year)]
        costs = {pair: _cost(known, pair, rule) for pair in mine}
        yield Limit(f"{name} {year}", costs, rule["total_gbp"], 1000, rule["price"])


def _cost(known: Known, name: Name, rule: Row) -> int:
    """Return what a placement costs; an ask on the basis of its chance: in whole pounds, rounded up."""
    cost = known.worths[name].cost
    if rule.get("basis") == "expected" and known.pairs[name].post.get("prospect"):
        return math.ceil(Fraction(cost * known.worths[name].thousandths, 1000))
    return cost


def _deprived(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    """The benefit is the one reported, unweighted, as if each leader were alone in the school."""
    most = most_deprived(known.world, rule["most_deprived"])
    share = _fraction(rule["share"])
    weigh = {True: share.numerator - share.denominator, False: share.numerator}
    weights = {one: known.units(one) * weigh[pair.school["urn"] in most] for one, pair in known.pairs.items()}
    doubt = share.denominator
    yield Limit(name, weights, 0, share.denominator * UNITS, rule["price"], doubt)


def most_deprived(world: World, part: float) -> set[int]:
    """Return the most deprived part of the schools in scope whose deprivation is known; of equals the lower URN."""
    known = [(-share, urn) for urn in world.scope if (share := deprivation(world, urn)) is not None]
    return {urn for _, urn in sorted(known)[: round(part * len(known))]}


def _moves(name: str, rule: Row, known: Known) -> Iterator[Limit]:
    earlier = known.world.earlier
    kept = {pair: -1 for pair in known.pairs if pair in earlier}
    yield Limit(name, kept, -max(0, len(earlier) - rule["count"]), 1, rule["price"])


MAKERS = {
    "area_minimum": _area,
    "area_maximum": _area,
    "phase_balance": _phases,
    "case_quota": _cases,
    "budget": _budget,
    "deprived_share": _deprived,
    "moves": _moves,
}
