"""Draw what planners know of schools: support, posts advertised again, refusals of bodies, conflicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.oracle.worlds.tables import Row, World

SUPPORTERS = ["RISE", "Ambition", "rise; Ambition", "Hub"]


def with_known_schools(dice: Random, world: World) -> World:
    """Return the world with what is known of some schools, and perhaps a rule that leaves supported ones out."""
    if dice.random() < 0.5:
        return world
    rows = tuple(_row(dice, urn, world) for urn in world.scope if dice.random() < 0.6)
    every = [(leader["leader_id"], urn) for leader in world.leaders for urn in world.scope]
    conflicts = tuple(dice.sample(every, min(len(every), dice.choice([0, 0, 1, 3]))))
    rules = {}
    if dice.random() < 0.7:
        what, by = dice.choice(["place", "support", "both"]), dice.choice([[], ["Rise"], ["hub", "AMBITION"]])
        rules = {"supported": {"rule": "leave_out_supported", "what": what, "by": by}}
    keys = {"pool": world.keys["pool"] | {"schools": "schools.csv"}, "rules": world.keys["rules"] | rules}
    return replace(world, known_schools=rows, conflicts=conflicts).with_keys(**keys)


def _row(dice: Random, urn: int, world: World) -> Row:
    supporter = dice.choice([None, *SUPPORTERS])
    last_days = [None, world.as_of - timedelta(days=1), world.as_of, world.as_of + timedelta(days=400)]
    return {
        "urn": urn,
        "supported_by": supporter,
        "supported_until": None if supporter is None else dice.choice(last_days),
        "readvertised": dice.choice([None, None, "no", "head", "senior;executive", "middle;senior;head;executive"]),
        "consent_of_body": dice.choice([None, None, None, "asked", "agreed", "refused", "withdrawn"]),
    }
