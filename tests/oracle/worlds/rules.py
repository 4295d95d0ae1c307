"""Draw the rules of a world: those that bar pairs, most of them usual, and some that count, hard or at a price."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle.worlds.places import MEANINGS, SINGLE
from tests.oracle.worlds.tables import Row, World

PRICES = [0.002, 0.25, 0.25, 1.5, 1.5, 6.0, 20.0, 75.25]
SHARES = [0.0, 0.2, 0.25, 0.3333, 0.5, 0.66667, 1.0]
COUNTING = (
    *("area_minimum", "area_maximum", "authority_cap", "trust_cap", "region_cap", "budget", "phase_balance"),
    *("deprived_share", "case_quota", "moves"),
)


def rules(dice: Random, world: World, *, teams: bool) -> dict[str, Row]:
    """Return rules by name; every key that the schema has is given."""
    strict = dice.choice([0.3, 0.6, 1.0])
    chosen = {kind: _price(dice, 0.3) for kind in BARRING if dice.random() < BARRING[kind] * strict}
    made = {kind: {"rule": kind, "price": price} | _barring(dice, kind) for kind, price in chosen.items()}
    for kind in dice.sample(COUNTING, dice.choice([0, 1, 1, 2, 2, 3, 4])):
        made[f"my {kind}"] = {"rule": kind, "price": _price(dice, 0.45)} | _counting(dice, kind, world)
    if any(leader["level"] == "executive" for leader in world.leaders) and dice.random() < 0.75:
        made["span"] = {"rule": "executive_span", "price": _price(dice, 0.4)} | _span(dice)
    if teams and dice.random() < 0.8:
        together, leave = dice.choice(["school", "authority", "authority"]), dice.choice(["leave"] * 8 + ["refuse"])
        made["teams"] = {"rule": "teams", "price": _price(dice, 0.4), "together": together, "when_impossible": leave}
    if dice.random() < 0.08:
        made["trial"] = {"rule": "hold_back", "posts": dice.choice([1, 1, 2]), "seed": dice.randint(1, 5)}
    names = list(made)
    dice.shuffle(names)
    return {name: made[name] for name in names}


#: How often each rule that bars pairs is there.
BARRING = {
    **{"consent": 0.8, "phase": 0.8, "level": 0.7, "travel": 0.8, "availability": 0.8, "subject": 0.8},
    **{"requirement": 0.8, "need_threshold": 0.4},
}


def _price(dice: Random, chance: float) -> float | None:
    return dice.choice(PRICES) if dice.random() < chance else None


def _barring(dice: Random, kind: str) -> Row:
    if kind == "consent":
        return {"accept_unknown": dice.random() < 0.6}
    if kind == "travel":
        return {"max_km": dice.choice([None, None, 20.0, 50.0]), "relocation": dice.random() < 0.7}
    if kind == "availability":
        return {"grace_days": dice.choice([0, 0, 60, 366])}
    if kind == "need_threshold":
        unknown = dice.choice(["bar", "keep"])
        limits = [{"minimum": 0.3, "top_share": None}, {"minimum": None, "top_share": dice.choice([0.34, 0.7, 1.0])}]
        return dice.choice(limits) | {"unknown": unknown, "within": dice.choice(["phase", "all"])}
    return {}


def _span(dice: Random) -> Row:
    when = dice.choice(["reduce"] * 14 + ["refuse"])
    minimum, blank = dice.choice([(1, 2), (2, 2), (2, 3), (3, 3), (2, 4)])
    return {"minimum": minimum, "span_when_blank": blank, "one_trust": dice.random() < 0.4, "when_short": when}


def _counts(dice: Random) -> str:
    return dice.choice(["place", "place", "support", "both"])


def _counting(dice: Random, kind: str, world: World) -> Row:
    most = min(len(world.leaders), len(world.posts))
    if kind in ("area_minimum", "area_maximum"):
        limits: list[Row] = [
            {"count": dice.randint(0, max(1, most // 3)), "share": None},
            {"count": None, "share": dice.choice(SHARES)},
        ]
        each = dice.random() < 0.25
        areas = dice.sample(SINGLE, dice.choice([1, 2, 3])) if each else _places(dice)
        of = dice.choice(["placements", "placements", "pool"])
        return dice.choice(limits) | {"areas": areas, "each": each, "of": of, "counts": _counts(dice)}
    if kind.endswith("_cap"):
        named = {"trusts": dice.choice([[], ["Ark"], ["Ark", "Oak"]])} if kind == "trust_cap" else {}
        areas = _places(dice) if dice.random() < 0.3 else []
        return {"count": dice.randint(0, 2), "counts": _counts(dice), "areas": areas} | named
    return OTHERS[kind](dice, world)


def _places(dice: Random) -> list[str]:
    """Return some names of places of all kinds, or none."""
    return dice.sample(sorted(MEANINGS), dice.choice([0, 1, 1, 2]))


def _budget(dice: Random, _world: World) -> Row:
    return {"total_gbp": dice.choice([7000, 12000, 20000, 33333]), "per_year": dice.random() < 0.5}


def _phases(dice: Random, _world: World) -> Row:
    low, high = sorted(dice.sample(SHARES, 2))
    shares = {"primary": {"minimum": low, "maximum": high}}
    if dice.random() < 0.3:
        shares["secondary"] = {"minimum": 0.0, "maximum": dice.choice(SHARES[1:])}
    return {"shares": shares, "counts": _counts(dice)}


def _deprived(dice: Random, _world: World) -> Row:
    return {"share": dice.choice([0.2, 0.33335, 0.6, 1.0]), "most_deprived": dice.choice([0.2, 0.4, 0.75])}


def _cases(dice: Random, world: World) -> Row:
    urns = dice.sample([school["urn"] for school in world.schools], min(3, len(world.schools)))
    cases = {f"case {urn}": {"urn": urn, "reason": "r", "author": "a"} for urn in urns}
    limits: dict[str, Any] = {
        **{"minimum_count": dice.choice([0, 1, 2]), "maximum_count": dice.randint(0, 3)},
        **{"minimum_share": dice.choice(SHARES), "maximum_share": dice.choice(SHARES)},
    }
    for of in ("count", "share"):  # a minimum above its maximum is refused before anything is planned
        limits[f"maximum_{of}"] = max(limits[f"minimum_{of}"], limits[f"maximum_{of}"])
    given = dice.sample(sorted(limits), dice.randint(1, 2))
    return {"cases": cases, "counts": _counts(dice)} | {name: limits[name] for name in given}


def _moves(dice: Random, _world: World) -> Row:
    return {"earlier_plan": "placements.csv", "count": dice.randint(0, 3)}


OTHERS = {
    "budget": _budget,
    "phase_balance": _phases,
    "deprived_share": _deprived,
    "case_quota": _cases,
    "moves": _moves,
}
