"""Draw a world: schools, leaders, posts, what is known of pairs, a forecast and a scenario, from one seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.worlds.asking import ASKING, Size, beside_prospects, with_prospects
from tests.oracle.worlds.knowing import with_known_schools
from tests.oracle.worlds.pairs import eligible, first_september
from tests.oracle.worlds.rules import rules
from tests.oracle.worlds.tables import Row, World, values_of
from tests.oracle.worlds.worth import valued

REGIONS = {"North West": ["Bolton", "Bury"], "London": ["Camden", "Barnet"], "East Midlands": ["Derby"]}
DAYS = (date(2016, 8, 31), date(2016, 8, 31), date(2019, 1, 15), date(2020, 10, 2))
PHASES = ["primary"] * 8 + ["secondary"] * 6 + ["all_through", "special", "nursery"]
LEVELS = ["head"] * 5 + ["senior"] * 3 + ["middle"] * 2 + ["executive"] * 3
STAGES = ("primary", "secondary")
SIGNALS = ("usual", "usual", "usual", "gaps as chances", "one chance", "nobody below good", "one gap", "one share")
WEIGHTS: list[dict[str, float]] = [  # by place; a school may lie in several
    *({}, {"Coast": 1.7}, {"London": 0.5, "trust: Ark": 2.0}),
    {"list: education_investment_areas": 1.25, "area: Hills": 0.0, "district: Hill Town": 3.0},
]
TALENTS = ["faith", "music", "send"]
PARAMETERS: dict[str, list[float]] = {
    "fall_value_months": [2.0, 8.0, 120.0],
    "inspection_validity": [0.0, 0.1, 0.45, 0.6],
    "carry_over": [0.0, 0.2, 0.8, 1.0],
    "leader_quality": [0.0, 0.3, 1.0],
    "leader_quality_sd": [0.0, 0.4, 3.0],
    "support_quality": [0.0, 0.2, 1.0],
    **{f"months_per_sd_{stage}_{side}": [0.0, 0.7, 3.0, 12.0] for stage in STAGES for side in ("below", "above")},
    "origin_loss_share": [0.0, 1.0, 2.0],
    "effect_ratio_senior": [0.0, 0.75, 1.5],
    "effect_ratio_middle": [0.333, 1.0],
    "effect_ratio_executive": [0.5, 1.0],
    "effect_ratio_support": [0.0, 0.6, 1.0],
    "fade_in_year_1": [-0.5, 0.4],
    "fall_ratio_support": [0.0, 1.0],
    "acceptance_relocation": [0.0, 0.9],
    "acceptance_at_travel_limit": [0.0, 1.0],
    "acceptance_consent_no": [0.0],
    "acceptance_level_head": [0.3, 1.0],
    "acceptance_level_middle": [0.0, 0.7],
    "placement_cost_gbp": [0.0, 12345.6],
    "year_groups_primary": [4.0],
}

TRIES = 3
FEW = 5  # pairs; a world with fewer proves little


def drawn(seed: int) -> World:
    """Return the world of a seed: one that is not refused and has some pairs, if a few tries find one."""
    for attempt in range(TRIES):
        world = _drawn(seed, Random(f"{seed} {attempt}"), Size())
        reading = eligible(world, valued(world, values_of(world)))
        if len(reading.pairs) >= FEW and not reading.refused:
            break
    return world


def drawn_with_prospects(seed: int, sizes: Mapping[int, Size] = ASKING, least: int = FEW) -> World:
    """Return the world of a seed in which leaders may ask for prospects, if a few tries find one with some.

    ``sizes``: by the remainder of the seed. ``least``: how many pairs of prospects are some.
    """
    for attempt in range(TRIES):
        dice = Random(f"{seed} prospects {attempt}")
        world = _drawn(seed, dice, sizes[seed % len(sizes)])
        reading = eligible(world, valued(world, values_of(world)))
        if sum(bool(pair.post.get("prospect")) for pair in reading.pairs) >= least and not reading.refused:
            break
    return world


def _drawn(seed: int, dice: Random, size: Size) -> World:
    """Return a world; its theme makes what is rare likelier."""
    as_of, theme = dice.choice(DAYS), dice.choice(["plain", "plain", "spans", "teams", "terms"])
    regions = dice.sample(list(REGIONS), 1 if theme == "teams" else dice.randint(1, 3))
    schools = [_school(dice, number, regions) for number in range(dice.randint(*size.schools))]
    years = [row for school in schools for row in _years(dice, school["urn"], as_of)]
    theme = "plain" if size.asks else theme
    time = _time(dice, theme) | ({"years": 1} if size.asks else {})
    teams = dice.random() < (0.9 if theme == "teams" else 0.2) and not size.asks
    least, most = (1, 3) if theme == "terms" else size.leaders
    levels = ["executive"] * 4 + ["head"] * 2 if theme == "spans" else LEVELS
    levels, when = list(size.levels or levels), (as_of, time["years"])
    leaders = [_leader(dice, number, schools, levels, when, teams) for number in range(dice.randint(least, most))]
    leaders = [leader | size.of_leaders for leader in leaders]
    posts = _posts(dice, schools, leaders, when, theme)
    signals = dice.choice(SIGNALS)
    forecast = [_forecast(dice, school["urn"], signals) for school in schools if dice.random() < 0.95]
    forecast = forecast or [_forecast(dice, schools[0]["urn"], signals)]
    keys = _keys(dice, schools, as_of, time)
    world = World(seed, tuple(schools), tuple(years), tuple(leaders), tuple(posts), (), (), tuple(forecast), {}, keys)
    if dice.random() < 0.7:
        world = _with_schools_beside(dice, world, signals)
    if dice.random() < 0.5:
        world = _with_draws(dice, world)
    if size.asks:
        world = with_prospects(dice, world, size.asks)
    made = rules(dice, world, teams=teams)
    world = world.with_keys(rules=beside_prospects(dice, made, size.asks) if size.asks else made)
    return _with_known_pairs(dice, with_known_schools(Random(f"{seed} known schools"), world))


def _maybe(dice: Random, chance: float, made: Any) -> Any:
    return made if dice.random() < chance else None


def _school(dice: Random, number: int, regions: list[str]) -> Row:
    region = dice.choice(regions)
    placed = dice.random() < 0.98
    return {
        **{"urn": 900001 + number, "name": f"School {number}", "phase": dice.choice(PHASES), "region": region},
        **{"authority": dice.choice(REGIONS[region]), "trust": _maybe(dice, 0.7, dice.choice(["Ark", "Oak", "Elm"]))},
        **{"area": _maybe(dice, 0.6, dice.choice(["Coast", "Hills"])), "place_source": "sample", "sponsor_led": False},
        "district": dice.choice([None, "Hill Town", "Vale"]),
        **{"easting": 1000.0 * dice.randint(0, 45) if placed else None, "pupils": dice.choice([60.0, 420.0, 1300.0])},
        **{"northing": 1000.0 * dice.randint(0, 45) if placed else None},
    }


def _years(dice: Random, urn: int, as_of: date) -> list[Row]:
    """Return what is published of a school: some of it only after the day, some of it missing."""
    rows = []
    for back in (3, 2, 1, 0):
        if dice.random() < 0.8:
            known_on = date(as_of.year - back, 2, 1) + timedelta(days=0 if back else 330)
            row = {"urn": urn, "year": as_of.year - back - 1, "known_on": known_on}
            row |= {"pupils": _maybe(dice, 0.8, float(dice.randint(50, 1400)))}
            row |= {"fsm6_share": _maybe(dice, 0.6, dice.choice([0.0, 0.15, 0.3, 0.45, dice.random()]))}
            rows.append(row | {"fsm_share": _maybe(dice, 0.9, dice.choice([0.1, 0.2, 0.4]))})
    return rows


def _time(dice: Random, theme: str) -> Row:
    years = dice.choice([2, 3, 3] if theme == "terms" else [1, 1, 1, 2, 2, 3])
    terms = [1, 1, 2] if theme == "terms" else [1, 2, 3]
    return {"years": years, "term_years": dice.choice(terms), "discount_rate": dice.choice([0.0, 0.035, 0.25])}


def _opening(dice: Random, as_of: date, years: int) -> date:
    """Return a day of one of the plan's years; now and then before it, or after it."""
    first = first_september(as_of)
    year = dice.choice([*range(years)] * 4 + [years])
    day = date(first.year + year, 9, 1) + timedelta(days=dice.choice([0, 0, 0, 0, 122, 230, 360]))
    return day if dice.random() < 0.9 else first - timedelta(days=dice.choice([1, 120, 300]))


def _leader(
    dice: Random, number: int, schools: list[Row], levels: list[str], when: tuple[date, int], teams: bool
) -> Row:
    home, level = dice.choice(schools), dice.choice(levels)
    own = dice.random() < 0.25
    east, north = ((home[axis] or 0.0) + 1000.0 * dice.randint(-8, 8) for axis in ("easting", "northing"))
    works = dice.choice(schools)
    return {
        **{"leader_id": f"L{number}", "level": level, "easting": east, "northing": north},
        "phases": dice.choice(
            ["primary", "primary;secondary", *["primary; secondary;special;all_through;nursery"] * 2]
        ),
        "subjects": dice.choice([None, "Maths", "maths; English", "English"]),
        "max_travel_km": dice.choice([0.0, 10.0, 25.0, 40.0, 60.0, 90.0, 90.0]),
        "willing_regions": dice.choice([None, None, None, home["region"], f"{home['region']}; London"]),
        "relocates": dice.random() < 0.4,
        "available_from": min(_opening(dice, *when) for _ in range(dice.choice([1, 3, 6]))),
        "span": _maybe(dice, 0.6, dice.choice([1, 2, 2, 3, 3, 4, 4])) if level == "executive" else None,
        "current_urn": _maybe(dice, 0.5, works["urn"]),
        "effect_mean": round(dice.uniform(-0.1, 0.8), 2) if own else None,
        "effect_sd": dice.choice([0.05, 0.2]) if own else None,
        "team_id": _maybe(dice, 0.6, dice.choice(["A", "B"])) if teams else None,
        "meets": dice.choice([None, "faith", "faith; music", "send;music;faith"]),
        "cost_gbp": _maybe(dice, 0.6, dice.choice([0.0, 2500.0, 9999.5, 20000.0])),
    }


def _posts(dice: Random, schools: list[Row], leaders: list[Row], when: tuple[date, int], theme: str) -> list[Row]:
    """Return posts, several of them in the same few schools, at levels that leaders have."""
    few = dice.sample(schools, min(len(schools), dice.randint(1, {"teams": 4, "spans": 12}.get(theme, 5))))
    levels = [leader["level"] for leader in leaders]
    count = dice.randint(6, 14) if theme != "plain" else dice.randint(1, 14)
    return [
        {
            **{"post_id": f"P{number:02d}", "urn": dice.choice(few if dice.random() < 0.75 else schools)["urn"]},
            "level": dice.choice(levels if dice.random() < 0.92 else LEVELS),
            "subject": dice.choice([None, "Maths", " english"]),
            "opens_on": _opening(dice, *when),
            "requires": dice.choice([None] * 9 + ["faith", "music; faith"]),
            "consent": dice.choice(["yes"] * 6 + ["unknown"] * 2 + ["no"]),
            "created": False,
            "job_share": True,
            "salary_gbp": _maybe(dice, 0.3, dice.choice([3000.0, 8000.5])),
        }
        for number in range(count)
    ]


def _forecast(dice: Random, urn: int, signals: str) -> Row:
    need = dice.choice([0.2, 0.5, round(dice.random(), 3)])
    fall = dice.choice([0.0, 0.1, 0.3, round(dice.random(), 3)])
    known = {"urn": urn, "need": _maybe(dice, 0.9, need), "p_fall_if_inspected": _maybe(dice, 0.75, fall)}
    return known | _signals(dice, signals)


def _signals(dice: Random, signals: str) -> Row:
    """Return what tells the quality of a school's leadership, in the way in which a world's schools differ."""
    chance, gap, spread = dice.choice([0.1, 0.4, dice.random()]), dice.uniform(-3, 14), dice.uniform(0, 4)
    if signals == "gaps as chances":
        gap, spread = 20 * chance + dice.uniform(-0.5, 0.5), dice.choice([0.0, spread])
    chance = {"one chance": 0.3, "nobody below good": 0.0}.get(signals, chance)
    gap, spread = (7.3, 0.0) if signals == "one gap" else (gap, spread)
    return {
        "p_below_good": _maybe(dice, 0.9, chance),
        "gap_months_at_horizon": _maybe(dice, 0.85, gap),
        "gap_sd_months_at_horizon": _maybe(dice, 0.8, spread),
    }


def _with_schools_beside(dice: Random, world: World, signals: str) -> World:
    """Return the world with 10 to 30 more schools of two phases, out of scope, which those in scope are compared with.

    Leaders may come from them. In a world of one share all have the same.
    """
    phases, regions = dice.sample(sorted(set(PHASES)), 2), [school["region"] for school in world.schools]
    many = [_school(dice, 100 + number, regions) for number in range(dice.randint(10, 30))]
    many = [school | {"phase": dice.choice([*phases, world.schools[0]["phase"]])} for school in many]
    years = [*world.years, *(row for school in many for row in _years(dice, school["urn"], world.as_of))]
    if signals == "one share":
        years = [row | {name: row[name] and 0.3 for name in ("fsm_share", "fsm6_share")} for row in years]
    beside = tuple({"urn": school["urn"]} | _signals(dice, signals) for school in many)
    moved = [leader | {"current_urn": dice.choice(many)["urn"]} for leader in world.leaders]
    leaders = tuple(dice.choice([leader, leader, other]) for leader, other in zip(world.leaders, moved, strict=True))
    return replace(world, schools=(*world.schools, *many), years=tuple(years), leaders=leaders, beside=beside)


def _with_draws(dice: Random, world: World) -> World:
    count = dice.choice([5, 12])
    draws = {urn: [round(dice.random(), 2) for _ in range(count)] for urn in world.scope}
    return World(**{name: getattr(world, name) for name in world.__dataclass_fields__} | {"draws": draws})


def _keys(dice: Random, schools: list[Row], as_of: date, time: Row) -> Row:
    objective: Row = {"equity_weights": {"deprivation_fifths": {}, "areas": {}}}
    if dice.random() < 0.3:
        objective |= {"measure": "mean_less_cvar", "draws": dice.choice([6, 10, 15])}
        objective |= {
            "cvar_share": dice.choice([0.2, 0.4, 1.0]),
            "cvar_weight": dice.choice([0.0, 0.3, 0.5, 0.85, 1.0]),
        }
    if dice.random() < 0.3:
        fifths = {number: dice.choice([0.0, 0.5, 1.3, 3.0]) for number in dice.sample(range(1, 6), 3)}
        objective["equity_weights"] = {"deprivation_fifths": fifths, "areas": dice.choice(WEIGHTS)}
    if dice.random() < 0.3:
        objective["need_weight"] = dice.choice([0.5, 2.0, 10.0])
    support = None
    if dice.random() < 0.35:
        regions = sorted({school["region"] for school in schools})
        capacity = {region: dice.choice([0, 1, 1, 2]) for region in regions if dice.random() < 0.8}
        support = {"capacity": capacity or {regions[0]: 1}, "cost_gbp": _maybe(dice, 0.6, 2200)}
    often = dice.choice([0.12, 0.12, 0.5])
    parameters = {name: dice.choice(values) for name, values in PARAMETERS.items() if dice.random() < often}
    return {
        **{"name": "world", "why": "a test", "as_of": as_of, "data": {"source": "sample"}, "time": time},
        **{"outcomes": {"leadership_fall": {}}, "pool": {"source": "files"}, "rules": {}, "pins": {}, "bans": {}},
        "impact": {"years": dice.choice([1, 2, 3, 4, 6]), "parameters": parameters},
        "interventions": {"place": support is None or dice.random() < 0.95, "support": support},
        "objective": objective,
        "solver": {"seed": dice.randint(1, 9), "time_limit_seconds": 60.0},
    }


def _with_known_pairs(dice: Random, world: World) -> World:
    """Return the world with pins, bans and known pairs, and an earlier plan; most of them of eligible pairs."""
    values = values_of(world)
    names = [pair.name for pair in eligible(world, valued(world, values)).pairs if not pair.support]
    every = [(leader["leader_id"], post["post_id"]) for leader in world.leaders for post in world.posts]
    record = {"reason": "r", "author": "a"}
    pins, bans, pairs = {}, {}, []
    if names and dice.random() < 0.25:
        leader, post = dice.choice(names)
        urn = next(row["urn"] for row in world.every_post if row["post_id"] == post)
        pins["first"] = {"leader_id": leader} | dice.choice([{"post_id": post}, {"urn": urn}]) | record
    for number in range(dice.choice([0, 0, 0, 1, 2])):
        leader, post = dice.choice(every)
        keys = dice.choice([{"leader_id": leader, "post_id": post}, {"post_id": post}, {"urn": world.posts[0]["urn"]}])
        bans[f"ban {number}"] = keys | record
    for leader, post in dice.sample(every, min(len(every), dice.choice([0, 0, 1, 2]))):
        state = dice.choice(["refused", "refused", "preferred", "offered", "interviewed"])
        pairs.append({"leader_id": leader, "post_id": post, "state": state})
    if names and dice.random() < 0.12:
        leader, post = dice.choice(names)
        if (leader, post) not in [(row["leader_id"], row["post_id"]) for row in pairs]:
            pairs.append({"leader_id": leader, "post_id": post, "state": dice.choice(["accepted", "started"])})
    source = names if names and dice.random() < 0.8 else every
    earlier = tuple(sorted(dice.sample(source, min(len(source), dice.randint(0, 4)))))
    changed = {"pairs": tuple(pairs), "earlier": earlier, "keys": world.keys | {"pins": pins, "bans": bans}}
    return World(**{name: getattr(world, name) for name in world.__dataclass_fields__} | changed)
