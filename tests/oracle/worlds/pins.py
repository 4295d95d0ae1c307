"""Pins, bans and known pairs: what must be placed, what must not be, and which pins contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

from tests.oracle.worlds.tables import Name, Row, World

BINDING = ("accepted", "started")


def pins_and_bans(world: World) -> tuple[list[Name], list[Row]]:
    """Return the pairs that must be placed and the placements that must not be: the planner's, and what is known."""
    pins = [(pin["leader_id"], pin["post_id"]) for pin in world.keys["pins"].values() if "post_id" in pin]
    pins += [(row["leader_id"], row["post_id"]) for row in world.pairs if row["state"] in BINDING]
    bans = [*world.keys["bans"].values(), *(row for row in world.pairs if row["state"] == "refused")]
    return pins, bans


def school_pins(world: World, names: Iterable[Name]) -> list[tuple[Row, list[Name]]]:
    """Return each pin of a leader to a school, with the pairs of which one must be placed.

    These are the leader's eligible pairs there, known posts and prospects; only those of the leader's own level, if
    there are any.
    """
    post, every = {row["post_id"]: row for row in world.every_post}, sorted(names)
    level = {leader["leader_id"]: leader["level"] for leader in world.leaders}
    made = []
    for pin in world.keys["pins"].values():
        if "urn" in pin:
            mine = [
                one for one in every if one[0] == pin["leader_id"] and post.get(one[1], {}).get("urn") == pin["urn"]
            ]
            made.append((pin, [one for one in mine if post[one[1]]["level"] == level[one[0]]] or mine))
    return made


def banned(world: World, name: Name, urn: int) -> bool:
    """Return whether a ban, a refusal or a conflict of interest bars a leader from a post of a school."""
    names = {"leader_id": name[0], "post_id": name[1], "urn": urn}
    _, bans = pins_and_bans(world)
    return (name[0], urn) in world.conflicts or any(
        all(ban.get(key) is None or ban[key] == value for key, value in names.items()) for ban in bans
    )


def contradictions(world: World, names: set[Name], most: Callable[[str], int]) -> list[str]:
    """Return the pins that are barred, name one post for two leaders, or need more posts than ``most`` of a leader."""
    pins = set(pins_and_bans(world)[0])
    ways = [{pin} for pin in pins] + [set(allowed) for _, allowed in school_pins(world, names) if allowed]
    wrong = [f"pin {pin} is barred" for pin in pins if pin not in names]
    wrong += [f"pin {pin} is barred" for pin, allowed in school_pins(world, names) if not allowed]
    posts = [post for _, post in pins]
    wrong += [f"{post} is pinned twice" for post in set(posts) if posts.count(post) > 1]
    for leader in {leader for way in ways for leader, _ in way}:
        mine = [way for way in ways if leader in {one for one, _ in way}]
        if _fewest(mine) > most(leader):
            wrong.append(f"{leader} is pinned often")
    return wrong


def _fewest(ways: list[set[Name]]) -> int:
    """Return the fewest pairs that satisfy each of some pins."""
    every = sorted(set().union(*ways))
    return next(n for n in range(len(every) + 1) if any(_satisfy(ways, some) for some in combinations(every, n)))


def _satisfy(ways: list[set[Name]], chosen: tuple[Name, ...]) -> bool:
    return all(way & set(chosen) for way in ways)
