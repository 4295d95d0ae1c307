"""Who may go where: every leader against every post, rule by rule, as docs/method/rules.md says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby

from tests.oracle.worlds.pins import banned, contradictions
from tests.oracle.worlds.tables import Name, Row, World

SUPPORT = "support"


@dataclass(frozen=True)
class Pair:
    """A leader who may take a post, or a region's support for a school's leader in post.

    ``charge``: pupil-months that priced rules on pairs cost; ``year``: planning year of the start, from 0.
    """

    leader: Row
    post: Row
    school: Row
    start: date
    year: int
    km: float | None
    charge: float

    @property
    def name(self) -> Name:
        return self.leader["leader_id"], self.post["post_id"]

    @property
    def support(self) -> bool:
        return bool(self.leader["level"] == SUPPORT)

    @property
    def moves_house(self) -> bool:
        return self.km is not None and self.km > self.leader["max_travel_km"]


@dataclass(frozen=True)
class Reading:
    """The pairs that no rule bars, before lots are drawn, and why the scenario is refused, if it is."""

    pairs: tuple[Pair, ...]
    refused: tuple[str, ...]


def words(text: str | None) -> set[str]:
    """Return the words of a list separated by ``;``, in lower case."""
    return set() if text is None else {part.strip().lower() for part in text.split(";")}


def first_september(as_of: date) -> date:
    """Return the next 1 September to come."""
    this = date(as_of.year, 9, 1)
    return this if as_of <= this else date(as_of.year + 1, 9, 1)


def planning_year(day: date, as_of: date) -> int:
    """Return the planning year of a day: the first is 0, with all that lies before it."""
    september = date(day.year if day.month >= 9 else day.year - 1, 9, 1)
    return max(0, september.year - first_september(as_of).year)


def latest(world: World, urn: int, column: str) -> float | None:
    """Return the last value of a column that was known on the day."""
    rows = [row for row in world.years if row["urn"] == urn and row["known_on"] <= world.as_of]
    values = [row[column] for row in sorted(rows, key=lambda row: row["year"]) if row[column] is not None]
    return values[-1] if values else None


def deprivation(world: World, urn: int) -> float | None:
    """Return the share with free school meals in six years, else now, as last known."""
    six = latest(world, urn, "fsm6_share")
    return latest(world, urn, "fsm_share") if six is None else six


def eligible(world: World, valued: set[int]) -> Reading:
    """Return the pairs that nothing bars; ``valued``: schools in scope whose pupils are known."""
    pairs = [*_of_people(world, valued), *_of_support(world, valued)]
    pairs = [pair for pair in pairs if not banned(world, pair.name, pair.school["urn"])]
    refused: list[str] = []
    for _, rule in world.rules("teams"):
        pairs = _whole_teams(world, rule, pairs, refused)
    for _, rule in world.rules("executive_span")[-1:]:
        pairs = _long_spans(world, rule, pairs, refused)
    refused += contradictions(world, {pair.name for pair in pairs}, partial(capacity, world))
    refused += _floors_without_schools(world)
    return Reading(tuple(sorted(pairs, key=lambda pair: pair.name)), tuple(refused))


def _floors_without_schools(world: World) -> list[str]:
    """Return the hard need thresholds that let in no school in scope."""
    hard = [(name, rule) for name, rule in world.rules("need_threshold") if rule["price"] is None]
    empty = [name for name, rule in hard if not any(_needy(world, rule, urn) for urn in world.scope)]
    return [f"{name} lets in no school" for name in empty]


def _of_people(world: World, valued: set[int]) -> list[Pair]:
    if not world.keys["interventions"]["place"]:
        return []
    last = first_september(world.as_of).year + world.keys["time"]["years"]
    made = []
    for leader in world.leaders:
        for post in world.every_post:
            school = world.school(post["urn"])
            start = max(post["opens_on"], leader["available_from"])
            own = leader["current_urn"] == post["urn"] and leader["level"] == post["level"]
            if post["urn"] not in valued or school["easting"] is None or start >= date(last, 9, 1) or own:
                continue
            if world.known_of(post["urn"])["consent_of_body"] in ("refused", "withdrawn"):
                continue
            charge = None if _left_out(world, post["urn"], "place") else _charge(world, leader, post, school)
            if charge is not None:
                year = planning_year(start, world.as_of)
                made.append(Pair(leader, post, school, start, year, distance_km(leader, school), charge))
    return made


def _of_support(world: World, valued: set[int]) -> list[Pair]:
    offer, start = world.keys["interventions"]["support"], first_september(world.as_of)
    made = []
    for region, count in sorted((offer or {"capacity": {}})["capacity"].items()):
        coach = {"leader_id": f"support: {region}", "level": SUPPORT, "span": count, "current_urn": None}
        coach |= {"team_id": None, "effect_mean": None, "effect_sd": None, "max_travel_km": 0.0}
        for school in world.schools:
            charge = None if _left_out(world, school["urn"], "support") else _need_charge(world, school)
            if count and school["region"] == region and school["urn"] in valued and charge is not None:
                post = {"post_id": f"support: {school['urn']}", "urn": school["urn"], "level": SUPPORT}
                made.append(Pair(coach, post, school, start, 0, None, charge))
    return made


def _left_out(world: World, urn: int, what: str) -> bool:
    """Return whether a rule leaves a school out, since it is supported on the day by one whom the rule names."""
    known = world.known_of(urn)
    if known["supported_by"] is None or (known["supported_until"] or world.as_of) < world.as_of:
        return False
    rules = [rule for _, rule in world.rules("leave_out_supported") if rule["what"] in (what, "both")]
    return any(not rule["by"] or {name.lower() for name in rule["by"]} & words(known["supported_by"]) for rule in rules)


def _charge(world: World, leader: Row, post: Row, school: Row) -> float | None:
    """Return what priced rules charge a pair; None where a hard rule bars it."""
    total = _need_charge(world, school)
    for rule in world.keys["rules"].values():
        keeps = KEEPS.get(rule["rule"])
        if keeps is not None and not keeps(rule, leader, post, school):
            if total is None or rule["price"] is None:
                return None
            total += rule["price"]
    return total


def _need_charge(world: World, school: Row) -> float | None:
    total = 0.0
    for _, rule in world.rules("need_threshold"):
        if not _needy(world, rule, school["urn"]):
            if rule["price"] is None:
                return None
            total += rule["price"]
    return total


def _needy(world: World, rule: Row, urn: int) -> bool:
    cases = [case["urn"] for _, quota in world.rules("case_quota") for case in quota["cases"].values()]
    need = {row["urn"]: row["need"] for row in world.forecast}
    if urn in cases:
        return True
    if need.get(urn) is None:
        return bool(rule["unknown"] == "keep")
    phase = world.school(urn)["phase"]
    of_all = rule["within"] == "all"
    peers = [one for one in need if of_all or world.school(one)["phase"] == phase]
    known = sorted((need[one] for one in peers if need[one] is not None), reverse=True)
    least = rule["minimum"]
    if least is None:  # schools as needy as the last of the top share are in it
        least = known[max(1, round(rule["top_share"] * len(known))) - 1]
    return bool(need[urn] >= least)


def _consent(rule: Row, _leader: Row, post: Row, _school: Row) -> bool:
    return bool(
        post.get("prospect") or post["consent"] == "yes" or (post["consent"] == "unknown" and rule["accept_unknown"])
    )


def _subject(_rule: Row, leader: Row, post: Row, _school: Row) -> bool:
    return post["level"] != "middle" or post["subject"] is None or words(post["subject"]) <= words(leader["subjects"])


def _availability(rule: Row, leader: Row, post: Row, _school: Row) -> bool:
    latest = post.get("opens_by") or post["opens_on"]
    return bool(leader["available_from"] <= latest + timedelta(days=rule["grace_days"]))


def _travel(rule: Row, leader: Row, _post: Row, school: Row) -> bool:
    """Within the leader's limit and ``max_km``, or relocating; only in regions where the leader would work."""
    km = distance_km(leader, school)
    limit = leader["max_travel_km"] if rule["max_km"] is None else min(leader["max_travel_km"], rule["max_km"])
    willing = leader["willing_regions"] is None or school["region"].lower() in words(leader["willing_regions"])
    return willing and (km <= limit or (leader["relocates"] and rule["relocation"]))


KEEPS = {
    "consent": _consent,
    "level": lambda _rule, leader, post, _school: leader["level"] == post["level"],
    "phase": lambda _rule, leader, _post, school: school["phase"] in words(leader["phases"]),
    "subject": _subject,
    "requirement": lambda _rule, leader, post, _school: words(post["requires"]) <= words(leader["meets"]),
    "availability": _availability,
    "travel": _travel,
}


def distance_km(leader: Row, school: Row) -> float:
    """Return the straight line from the leader's base to a school."""
    return math.hypot(school["easting"] - leader["easting"], school["northing"] - leader["northing"]) / 1000


def teams(world: World) -> dict[str, list[str]]:
    """Return the leaders of each team of two and more."""
    named = sorted((leader["team_id"], leader["leader_id"]) for leader in world.leaders if leader["team_id"])
    grouped = {team: [one for _, one in rows] for team, rows in groupby(named, key=lambda row: row[0])}
    return {team: members for team, members in grouped.items() if len(members) > 1}


def place(rule: Row, pair: Pair) -> tuple[str | int, int]:
    """Return where and in which planning year a member of a team would start."""
    return (pair.school["urn"] if rule["together"] == "school" else pair.school["authority"]), pair.year


def _whole_teams(world: World, rule: Row, pairs: list[Pair], refused: list[str]) -> list[Pair]:
    for team, members in teams(world).items():
        mine = [pair for pair in pairs if pair.name[0] in members]
        whole = {one for one in {place(rule, pair) for pair in mine} if _fits(rule, one, members, mine)}
        if not whole and rule["when_impossible"] == "refuse":
            refused.append(f"team {team} fits nowhere")
        if rule["price"] is None:
            pairs = [pair for pair in pairs if pair.name[0] not in members or place(rule, pair) in whole]
    return pairs


def _fits(rule: Row, here: tuple[str | int, int], members: list[str], mine: list[Pair]) -> bool:
    """Return whether each member finds a post of its own in a place: member by member, all ways tried."""
    posts = [{pair.name[1] for pair in mine if pair.name[0] == one and place(rule, pair) == here} for one in members]

    def seated(number: int, taken: frozenset[str]) -> bool:
        return number == len(posts) or any(seated(number + 1, taken | {one}) for one in posts[number] - taken)

    return seated(0, frozenset())


def spanning(world: World) -> dict[str, int]:
    """Return the span of each executive leader who leads several schools or none; those of a team go with it."""
    rules = world.rules("executive_span")
    if not rules:
        return {}
    free = [one for one in world.leaders if not (one["team_id"] and world.rules("teams"))]
    blank = rules[-1][1]["span_when_blank"]
    return {one["leader_id"]: one["span"] or blank for one in free if one["level"] == "executive"}


def _long_spans(world: World, rule: Row, pairs: list[Pair], refused: list[str]) -> list[Pair]:
    for leader, span in spanning(world).items():
        mine = [pair for pair in pairs if pair.name[0] == leader]
        reach = {pair.name: _reach(rule, pair, mine) for pair in mine}
        most = max(reach.values(), default=0)
        if span < rule["minimum"] or (span > most and rule["when_short"] == "refuse"):
            refused.append(f"{leader} has a span of {span}, {most} schools in reach")
        least = rule["minimum"] if rule["price"] is None else 1
        pairs = [pair for pair in pairs if pair.name[0] != leader or reach[pair.name] >= least]
    return pairs


def _reach(rule: Row, pair: Pair, mine: list[Pair]) -> int:
    trust = pair.school["trust"]
    if not rule["one_trust"]:
        return len({other.school["urn"] for other in mine})
    return 0 if trust is None else len({other.school["urn"] for other in mine if other.school["trust"] == trust})


def capacity(world: World, leader: str) -> int:
    """Return how many posts a leader may take in the plan: a span, or one for each term that begins in its years."""
    terms: int = -(-world.keys["time"]["years"] // world.keys["time"]["term_years"])
    return spanning(world).get(leader, terms if world.asked is None else world.asked["asks_per_leader"])
