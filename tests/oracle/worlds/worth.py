"""What a pair is worth and costs: the equation of docs/method/plan.md, one pair and one year at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, prod

from tests.oracle.worlds.counterfactual import Heads, missing, months
from tests.oracle.worlds.pairs import Pair, deprivation, latest, spanning
from tests.oracle.worlds.places import lies_in
from tests.oracle.worlds.tables import Row, World

WHOLE = 100  # units of a school's pupils
PRIMARY = ("primary", "nursery")
Values = Mapping[str, float]


@dataclass(frozen=True)
class Worth:
    """Benefit in pupil-months as if alone in the school, cost, the school's weight, and what each year brings.

    ``gains``: by finishing year (the chance of a fall is the year None), pupil-months and units of the pupils.
    ``chance``: that the pair comes about.
    """

    benefit: float
    cost: int
    weight: float
    gains: dict[int | None, tuple[float, int]]
    chance: float = 0.0

    @property
    def thousandths(self) -> int:
        """Return the chance that the pair comes about in whole thousandths, rounded up, at least 1."""
        return max(1, ceil(self.chance * 1000 - 1e-6))


def finishers(world: World, urn: int, values: Values) -> float | None:
    """Return the disadvantaged pupils of a school who finish each year; None where they are not known."""
    school = world.school(urn)
    if school["phase"] in ("nursery", "sixteen_plus"):
        return 0.0
    pupils = latest(world, urn, "pupils")
    pupils = school["pupils"] if pupils is None else pupils
    share = deprivation(world, urn)
    if pupils is None or share is None:
        return None
    groups = school["phase"] if school["phase"] in ("primary", "secondary") else "other"
    return float(pupils * share / values[f"year_groups_{groups}"])


def valued(world: World, values: Values) -> set[int]:
    """Return the schools in scope whose disadvantaged pupils are known."""
    return {urn for urn in world.scope if finishers(world, urn, values) is not None}


def worth(world: World, pair: Pair, values: Values, heads: Heads) -> Worth:
    """Return what a pair is worth and costs; ``heads``: what is expected of each school's leadership."""
    stage = _stage(pair.school)
    risk = next(row for row in world.forecast if row["urn"] == pair.school["urn"])
    discount = (1 + world.keys["time"]["discount_rate"]) ** -pair.year
    ratio = _ratio(world, pair.leader, values)
    effect = _effect(pair, pair.school, values, ratio, heads.at(pair.school["urn"]))
    pupils = finishers(world, pair.school["urn"], values) or 0.0
    stay = values[f"stay_three_years_{pair.leader['level']}_{stage}"]
    scale = chance(world, pair, values) * discount
    gains: dict[int | None, tuple[float, int]] = {}
    total = 0.0
    for year in range(1, world.keys["impact"]["years"] + 1):
        one = scale * effect * pupils * stay ** (year / 3) * values[f"fade_in_year_{min(year, 4)}"]
        total += one
        gains[pair.year + year - 1] = max(0.0, one), _units(ratio)
    share = values["fall_ratio_support"] if pair.support else 1.0
    averted = values["fall_value_months"] * pupils * share * (risk["p_fall_if_inspected"] or 0)
    averted *= values["fall_reduction"]
    gains[None] = max(0.0, scale * averted), _units(share)
    benefit = total + scale * (averted - _loss_at_origin(world, pair, values, heads))
    return Worth(benefit, _cost(world, pair, values), _weight(world, pair.school), gains, chance(world, pair, values))


def _stage(school: Row) -> str:
    return "primary" if school["phase"] in PRIMARY else "secondary"


def _ratio(world: World, leader: Row, values: Values) -> float:
    """Return the part of a head's effect; an executive of several schools has at most one head's effect in all."""
    if leader["level"] == "head":
        return 1.0
    given = values[f"effect_ratio_{leader['level']}"]
    span = spanning(world).get(leader["leader_id"])
    return given if span is None else min(given, 1 / span)


def _units(share: float) -> int:
    return min(WHOLE, max(1, round(share * WHOLE)))


def _effect(pair: Pair, school: Row, values: Values, ratio: float, expected: tuple[float, float]) -> float:
    """Return the effect of a leader at a school in months: what the leader does, less what the next one would do."""
    if pair.support:
        return ratio * missing(expected, school["phase"], values)
    otherwise = ratio * months(values["carry_over"] * expected[0], school["phase"], values)
    return _own(pair.leader, school["phase"], values, ratio) - otherwise


def _own(leader: Row, phase: str, values: Values, ratio: float) -> float:
    """Return what a leader does against a median head: the level's, or own evidence shrunk to it."""
    mu = ratio * months(values["leader_quality"], phase, values)
    if leader["effect_mean"] is None or not leader["effect_sd"]:
        return mu
    e, s = (float(leader[name]) / values["sd_per_month"] for name in ("effect_mean", "effect_sd"))
    sigma = ratio * months(1.0, phase, values) * values["leader_quality_sd"]
    return mu + sigma**2 / (sigma**2 + s**2) * (e - mu)


def chance(world: World, pair: Pair, values: Values) -> float:
    """Return the chance that a pair comes about: of a yes, and of a prospect also that its post comes open."""
    if not pair.post.get("prospect"):
        return _acceptance(pair, values)
    given = (world.asked or {})["chance_open"]
    if isinstance(given, dict):
        given = given.get(pair.post["level"], {}).get(pair.school["phase"])
    turnover = values[f"turnover_yearly_{pair.post['level']}_{_stage(pair.school)}"]
    opens = turnover if given is None else given
    if pair.post["level"] in (world.known_of(pair.school["urn"])["readvertised"] or "").split(";"):
        opens = max(opens, values["chance_open_readvertised"])
    return _acceptance(pair, values) * opens


def _acceptance(pair: Pair, values: Values) -> float:
    if pair.support:
        return values["acceptance_support"]
    base = values[f"acceptance_consent_{pair.post['consent']}"] * values[f"acceptance_level_{pair.post['level']}"]
    if pair.moves_house:
        return base * values["acceptance_relocation"]
    limit = pair.leader["max_travel_km"]
    part = pair.km / limit if limit and pair.km is not None else 0.0
    return base * (1 - (1 - values["acceptance_at_travel_limit"]) * part)


def _loss_at_origin(world: World, pair: Pair, values: Values, heads: Heads) -> float:
    """Return what the school left loses: by its own finishers and stage; executives of a span leave it once."""
    urn = pair.leader["current_urn"]
    if urn is None or urn == pair.school["urn"]:
        return 0.0
    pupils = finishers(world, urn, values)
    school = world.school(urn)
    if pupils is None:
        alike = [finishers(world, one["urn"], values) for one in world.schools if one["phase"] == school["phase"]]
        known = [one for one in alike if one is not None]
        pupils = sum(known) / len(known) if known else 0.0
    if pair.leader["leader_id"] in spanning(world):
        pupils /= world.rules("executive_span")[-1][1]["minimum"]
    effect = _effect(pair, school, values, _ratio(world, pair.leader, values), heads.at(urn))
    return pupils * values["origin_loss_share"] * max(0.0, effect)


def _cost(world: World, pair: Pair, values: Values) -> int:
    if pair.support:
        given = world.keys["interventions"]["support"]["cost_gbp"]
        return round(values["support_cost_gbp"] if given is None else given)
    own = pair.leader["cost_gbp"]
    own = values["placement_cost_gbp"] if own is None else own
    moving = values["relocation_cost_gbp"] if pair.moves_house else 0
    return round(own + (pair.post["salary_gbp"] or 0) + moving)


def _weight(world: World, school: Row) -> float:
    given = world.keys["objective"]["equity_weights"]
    by_area = prod(weight for name, weight in given["areas"].items() if lies_in(school, [name]))
    by_need = 1 + world.keys["objective"].get("need_weight", 0) * _need(world, school)
    return float(given["deprivation_fifths"].get(fifth(world, school["urn"]), 1.0) * by_area * by_need)


def _need(world: World, school: Row) -> float:
    """Return a school's need, else the mean of its phase's schools in scope, else nothing."""
    need = {row["urn"]: row["need"] for row in world.forecast if row["need"] is not None}
    alike = [value for urn, value in need.items() if world.school(urn)["phase"] == school["phase"]]
    return float(need.get(school["urn"], sum(alike) / len(alike) if alike else 0.0))


def fifth(world: World, urn: int) -> int | None:
    """Return the school's fifth by deprivation, 5 = the most deprived; equal schools are in the higher one."""
    shares = [share for share in (deprivation(world, one) for one in world.scope) if share is not None]
    own = deprivation(world, urn)
    return None if own is None else ceil(5 * sum(share <= own for share in shares) / len(shares))
