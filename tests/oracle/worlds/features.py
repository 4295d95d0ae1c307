"""What a world asks for, and what its best plan makes use of."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.worlds.compare import Verdict
from tests.oracle.worlds.pairs import spanning
from tests.oracle.worlds.pins import pins_and_bans
from tests.oracle.worlds.tables import World


def features(world: World) -> Iterator[str]:
    """Yield what a world has; ``(priced)`` after a rule that has a price."""
    for rule in world.keys["rules"].values():
        yield rule["rule"]
        if rule["price"] is not None if "price" in rule else False:
            yield f"{rule['rule']} (priced)"
    yield from ("one trust" for _, rule in world.rules("executive_span") if rule["one_trust"])
    yield from ("budget per year" for _, rule in world.rules("budget") if rule["per_year"])
    yield from ("each place" for _, rule in world.rules("area_minimum", "area_maximum") if rule["each"])
    yield from ("named trusts" for _, rule in world.rules("trust_cap") if rule["trusts"])
    yield from (f"named {kind}" for kind in _kinds(world))
    pins, bans = pins_and_bans(world)
    objective, time = world.keys["objective"], world.keys["time"]
    weights = objective["equity_weights"]
    there = {
        "pins": pins,
        "pins of schools": [pin for pin in world.keys["pins"].values() if "urn" in pin],
        "bans": bans,
        "support": world.keys["interventions"]["support"],
        "several years": time["years"] > 1,
        "repeated terms": time["years"] > time["term_years"],
        "discount": time["years"] > 1 and time["discount_rate"],
        "worst draws": "measure" in objective,
        "worst draws alone": objective.get("cvar_weight") == 1.0,
        "equity by fifths": weights["deprivation_fifths"],
        "equity by areas": weights["areas"],
        "need weight": objective.get("need_weight"),
        "own evidence": any(leader["effect_mean"] is not None for leader in world.leaders),
        "schools compared": world.beside is not None,
        "a fall of worth": world.keys["impact"]["parameters"].get("fall_value_months"),
        "prospects": world.asked,
        "own school": any(leader["current_urn"] in _urns(world) for leader in world.leaders),
    }
    yield from (name for name, value in there.items() if value)


def _kinds(world: World) -> set[str]:
    """Return the kinds of place that rules and weights name; ``bare`` of a name without its kind."""
    named = [name for rule in world.keys["rules"].values() for name in rule.get("areas", [])]
    named += world.keys["objective"]["equity_weights"]["areas"]
    return {name.partition(": ")[0] if ": " in name else "bare" for name in named}


def _urns(world: World) -> set[int]:
    return {post["urn"] for post in world.posts}


def uses(said: Verdict) -> Iterator[str]:
    """Yield what the best plan of a world makes use of."""
    chosen = sorted(said.plan or ())
    leaders, urns = [one for one, _ in chosen], {post["post_id"]: post["urn"] for post in said.world.every_post}
    schools = [urns.get(post, 0) or int(post.removeprefix("support: ")) for _, post in chosen]
    spans, supported = spanning(said.world), [one for one in leaders if one.startswith("support: ")]
    again = [one for one in set(leaders) if leaders.count(one) > 1 and one not in supported]
    team = {leader["leader_id"]: leader["team_id"] for leader in said.world.leaders}
    there = {
        "a placement": chosen,
        "several leaders at one school": len(set(schools)) < len(schools),
        "support": supported,
        "a span of several": [one for one in again if one in spans],
        "a second term": [one for one in again if one not in spans and not said.world.asked],
        "asks": [post for _, post in chosen if post.startswith("ask: ")],
        "several asks of one leader": [one for one in again if said.world.asked],
        "a team": said.world.rules("teams") and any(team.get(one) for one in leaders),
        "an executive below the minimum": [one for one in spans if leaders.count(one) == 1],
        "fractional linear optimum": said.answer.fractional,
    }
    yield from (f"plan with {name}" for name, value in there.items() if value)
