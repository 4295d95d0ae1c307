"""Draw what leaders may ask for: worlds in which chances bind, worlds in which asks share pupils, and any worlds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from tests.oracle.worlds.tables import Row, World

Asks = Literal["any", "many", "shared"]
FEWER = 0.4  # of the rules: the more there are, the fewer asks are worth while


@dataclass(frozen=True)
class Size:
    """Least and most schools and leaders of a world, fields that all its leaders have, and their levels.

    ``asks``: how leaders ask for prospects, if they do. ``many``: each could ask at several schools, where posts are
    likely to come open. ``shared``: leaders of several levels could ask at the same schools.
    """

    schools: tuple[int, int] = (2, 12)
    leaders: tuple[int, int] = (1, 8)
    asks: Asks | None = None
    of_leaders: Row = field(default_factory=dict)
    levels: tuple[str, ...] | None = None


WANTED = {"max_travel_km": 90.0, "willing_regions": None, "effect_mean": 0.6, "effect_sd": 0.1}
ASKING = {  # by the remainder of the seed
    0: Size((6, 12), (1, 2), "many", WANTED),  # chances of one leader add up to more than one
    1: Size(asks="any"),
    2: Size((2, 4), (3, 8), "shared"),  # leaders of several levels meet in one school
    3: Size(asks="any"),
}
SMALL = {  # few enough pairs for every plan to be tried
    0: Size((3, 6), (1, 2), "many", WANTED),
    1: Size((1, 2), (2, 3), "shared", WANTED, ("head", "executive", "senior")),
}


def with_prospects(dice: Random, world: World, asks: Asks) -> World:
    """Return the world with prospects at levels that leaders have, one planning year, and perhaps fewer posts."""
    has = sorted({leader["level"] for leader in world.leaders})
    levels = dice.sample(has, min(len(has), dice.choice([2, 3] if asks == "shared" else [1, 1, 2])))
    phases = sorted({school["phase"] for school in world.schools})
    chance = dice.choice([None, 0.03, 0.3, 0.6, 1.0, "some"] if asks == "any" else [0.8, 0.9, 1.0])
    if chance == "some":
        named = dice.sample(phases, dice.randint(1, len(phases)))
        chance = {levels[0]: {phase: round(dice.uniform(0.01, 1), 3) for phase in named}}
    most = dice.choice([1, 2, 3, 4] if asks == "any" else [4, 5, 6])
    asked = {"levels": levels, "chance_open": chance, "asks_per_leader": most}
    posts = world.posts if dice.random() < (0.0 if asks == "many" else 0.5) else world.posts[:1]
    return replace(world, posts=posts).with_keys(pool={"source": "files", "prospects": asked})


def beside_prospects(dice: Random, made: Row, asks: Asks) -> Row:
    """Return the rules that may stand beside prospects; only some of them where a world is to have many asks."""
    for rule in made.values():
        if rule["rule"] == "budget":
            rule["basis"] = dice.choice(["committed", "expected"])
    left = {name: rule for name, rule in made.items() if asks == "any" or dice.random() < FEWER}
    return {name: rule for name, rule in left.items() if rule["rule"] not in ("executive_span", "teams")}
