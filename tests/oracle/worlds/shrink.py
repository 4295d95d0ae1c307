"""Make a world smaller while product and model still differ in the same way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.oracle.worlds.compare import Verdict, same_kind, verdict
from tests.oracle.worlds.tables import Row, World

SECONDS = 60.0


def shrunk(said: Verdict, seconds: float = SECONDS) -> Verdict:
    """Return the verdict of the smallest world found in a given time by leaving out one thing at a time."""
    deadline, smaller = time.monotonic() + seconds, True
    while smaller and time.monotonic() < deadline:
        smaller = False
        for world in _smaller(said.world):
            if time.monotonic() > deadline:
                break
            if (less := _verdict(world)) is not None and same_kind(less, said):
                said, smaller = less, True
                break
    return said


def _verdict(world: World) -> Verdict | None:
    try:
        return verdict(world)
    except Exception:  # a world that lacks what another part names is no smaller example
        return None


def _smaller(world: World) -> Iterator[World]:
    """Yield the world without one leader, post, rule, pin, ban, known pair, or whole part of the scenario."""
    keys = world.keys
    for number, leader in enumerate(world.leaders):
        if len(world.leaders) > 1:
            yield _without(replace(world, leaders=_left(world.leaders, number)), "leader_id", leader["leader_id"])
    for number, post in enumerate(world.posts):
        if len(world.posts) > 1:
            yield _without(replace(world, posts=_left(world.posts, number)), "post_id", post["post_id"])
    for part in ("rules", "pins", "bans"):
        for name in keys[part]:
            yield world.with_keys(**{part: {other: value for other, value in keys[part].items() if other != name}})
    for number in range(len(world.pairs)):
        yield replace(world, pairs=_left(world.pairs, number))
    for number, school in enumerate(world.schools):
        if school["urn"] not in {post["urn"] for post in world.posts} and len(world.schools) > 1:
            forecast = tuple(row for row in world.forecast if row["urn"] != school["urn"])
            beside = world.beside and tuple(row for row in world.beside if row["urn"] != school["urn"])
            yield replace(world, schools=_left(world.schools, number), forecast=forecast, beside=beside)
    plain: Row = {"objective": {"equity_weights": {"deprivation_fifths": {}, "areas": {}}}}
    plain |= {"impact": keys["impact"] | {"parameters": {}}, "interventions": {"place": True, "support": None}}
    plain["time"] = {"years": 1, "term_years": 3, "discount_rate": 0.0}
    yield from (world.with_keys(**{name: value}) for name, value in plain.items() if keys[name] != value)
    if world.draws:
        yield replace(world, draws={})


def _left(rows: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    return rows[:number] + rows[number + 1 :]


def _without(world: World, field: str, name: str) -> World:
    """Return a world in which nothing names a leader or a post that is gone."""
    place = ("leader_id", "post_id").index(field)
    parts = {
        part: {key: row for key, row in world.keys[part].items() if row.get(field) != name} for part in ("pins", "bans")
    }
    pairs = tuple(row for row in world.pairs if row[field] != name)
    earlier = tuple(pair for pair in world.earlier if pair[place] != name)
    return replace(world, pairs=pairs, earlier=earlier, keys=world.keys | parts)
