"""Pins, bans and cases before anything is forecast: names that are in no table, and pins that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pilotage.case.case import Case
from pilotage.config.refusals.nearest import nearest
from pilotage.config.scenario import Ban, ConflictBan, Pin
from pilotage.errors import MOST_TOLD, DataError, Problem, ScenarioError, raise_all
from pilotage.placement.eligibility.known_pairs import answered_in
from pilotage.placement.formulation.capacities import capacities

DO = "remove one"
Entry = tuple[tuple[str, ...], str, Any]  # the key of an entry, the name of the field, and its value


def check_names(case: Case) -> None:
    """Refuse pins, bans and cases that name what is in no table, bans that bar nothing, and pins that contradict.

    Raises
    ------
    ScenarioError
        With a problem for each.
    DataError
        The same, where they are all pins that answers in tables make.
    """
    scenario, posts = case.scenario, case.posts.posts
    people, post_ids = case.pool.leaders["leader_id"].tolist(), posts["post_id"].tolist()
    leaders, with_posts = set(people), set(posts["urn"].tolist())
    schools, gone = set(case.panel.schools["urn"].tolist()), set(scenario.pool.leave_out)
    known = {"leader_id": leaders, "post_id": set(post_ids), "urn": schools}
    cases = [
        (("rules", name, *key.split(".")), "urn", urn)
        for name, rule in scenario.rules.items()
        for key, urn in rule.put_forward().items()
    ]
    school_of = dict(zip(post_ids, posts["urn"].tolist(), strict=True))
    in_scope = set(case.urns.tolist())
    problems = [
        *_unknown(_named("pins", scenario.pins), known, gone),
        *_out_of_scope(scenario.pins, school_of, schools - in_scope),
        *_without_posts("pins", scenario.pins, in_scope - with_posts),
        *_unknown(_named("bans", scenario.bans), known | {"leader_id": leaders | gone}, set()),
        *_unknown(cases, known, set()),
    ]
    if scenario.interventions.support is None:
        written = {name: ban for name, ban in scenario.bans.items() if not isinstance(ban, ConflictBan)}
        problems += _without_posts("bans", written, schools - with_posts)
    problems += _bars_nothing(scenario.bans, school_of)
    most = dict(zip(people, capacities(case.pool.leaders, scenario).tolist(), strict=True))
    refuse([*problems, *_contradictions(scenario.pins, most, school_of)])


def refuse(problems: Iterable[Problem]) -> None:
    """Raise the problems of pins, if there are any: of the scenario where one is about its keys, else of the data."""
    every = tuple(problems)
    raise_all(ScenarioError if any(problem.key for problem in every) else DataError, every)


def place_of(section: str, name: str, entry: Pin | Ban) -> tuple[str, tuple[str, ...]]:
    """Return where a pin or ban stands, and its key: file and row, and no key, where an answer in a table makes it."""
    place = answered_in(entry)
    return (f"{section}.{name}", (section, name)) if place is None else (place, ())


def _named(section: str, entries: Mapping[str, Pin | Ban]) -> Iterator[Entry]:
    """Yield each name that the scenario's own pins or bans give; tables of answers are checked as they are read."""
    for name, entry in entries.items():
        if answered_in(entry) is not None:
            continue
        for field in ("leader_id", "post_id", "urn"):
            value = getattr(entry, field)
            if value is not None:
                yield (section, name, field), field, value


def _unknown(entries: Iterable[Entry], known: dict[str, set[Any]], gone: set[str]) -> Iterator[Problem]:
    """Yield a problem for each name that is in no table; ``gone``: leaders of pool.leave_out. The first have hints."""
    words = cache(lambda field: sorted(str(name) for name in known[field]))
    told = 0
    for key, field, value in entries:
        where = ".".join(key)
        if field == "leader_id" and value in gone:
            do = "take the leader out of pool.leave_out, or remove the pin"
            yield Problem(where, f"pool.leave_out leaves {value} out", "a leader of this run", do, key=key)
        elif value not in known[field]:
            told += 1
            allowed = f"one of the {len(known[field]):,} in the tables"
            hint = nearest(str(value), words(field)) if told <= MOST_TOLD else "correct it"
            yield Problem(where, f"no such {field} {str(value)!r}", allowed, hint, key=key)


def _out_of_scope(pins: Mapping[str, Pin], school_of: Mapping[str, int], outside: set[int]) -> Iterator[Problem]:
    """Yield a problem for each pin of a school, or of a post at a school, that the data has and the scope has not."""
    for name, pin in pins.items():
        field, urn = ("urn", pin.urn) if pin.post_id is None else ("post_id", school_of.get(pin.post_id))
        if urn in outside:
            where, key = place_of("pins", name, pin)
            where, key, do = (f"{where}.{field}", (*key, field), "pin") if key else (where, key, "row")
            do = f"widen the scope, or remove the {do}"
            yield Problem(where, f"school {urn} is out of scope", "a school in scope", do, key=key)


def _without_posts(section: str, entries: Mapping[str, Pin | Ban], without: set[int]) -> Iterator[Problem]:
    """Yield a problem for each pin or ban of a school that has no post."""
    noun = section.removesuffix("s")
    for name, entry in entries.items():
        if entry.urn in without:
            do = f"add its post to the table of posts, or remove the {noun}"
            key = (section, name, "urn")
            yield Problem(".".join(key), f"school {entry.urn} has no post", "a school with a post", do, key=key)


def _bars_nothing(bans: Mapping[str, Ban], school_of: Mapping[str, int]) -> Iterator[Problem]:
    """Yield a problem for each ban of a post at a school where the post is not."""
    for name, ban in bans.items():
        at = None if ban.post_id is None else school_of.get(ban.post_id)
        if ban.urn is not None and at is not None and at != ban.urn:
            what = f"post {ban.post_id} is at school {at}, not {ban.urn}: the ban bars nothing"
            do = "give the post or the school, or correct one"
            yield Problem(f"bans.{name}", what, "a post and its own school", do, key=("bans", name))


def _contradictions(
    pins: Mapping[str, Pin], most: Mapping[str, int], school_of: Mapping[str, int]
) -> Iterator[Problem]:
    """Yield a problem for each pin beyond what its leader or its post can take; ``most``: posts by leader."""
    by_leader = dict[str, dict[str, Pin]]()
    for name, pin in pins.items():
        by_leader.setdefault(pin.leader_id, {})[name] = pin
    for leader, mine in by_leader.items():
        yield from beyond(leader, {name: pins[name] for name in _needed(mine, school_of)}, most.get(leader, len(mine)))
    yield from _one_post_for_two(pins)


def _needed(pins: Mapping[str, Pin], school_of: Mapping[str, int]) -> list[str]:
    """Return the pins of a leader that need a placement each: pins of posts, then pins of schools without one of these.

    One placement satisfies two pins on one post, and a pin on a school together with one on a post there.
    """
    by_post, by_school = dict[str, str](), dict[int, str]()
    for name, pin in pins.items():
        if pin.post_id is not None:
            by_post.setdefault(pin.post_id, name)
        elif pin.urn is not None:
            by_school.setdefault(pin.urn, name)
    with_one = {school_of.get(post) for post in by_post}
    return [*by_post.values(), *(name for urn, name in by_school.items() if urn not in with_one)]


def beyond(leader: str, needed: Mapping[str, Pin], most: int) -> Iterator[Problem]:
    """Yield a problem for each pin that a leader cannot take beside the first ones; ``needed``: a placement each."""
    placed = [place_of("pins", name, pin) for name, pin in needed.items()]
    first = ", ".join(where for where, _ in placed[:most])
    for where, key in placed[most:]:
        yield Problem(where, f"leader {leader} is pinned by {first} too", f"at most {most} per leader", DO, key=key)


def _one_post_for_two(pins: Mapping[str, Pin]) -> Iterator[Problem]:
    """Yield the pins of a post that is pinned for another leader too."""
    first = dict[str, str]()
    for name, pin in pins.items():
        before = name if pin.post_id is None else first.setdefault(pin.post_id, name)
        if pins[before].leader_id != pin.leader_id:
            (where, key), (other, _) = (place_of("pins", each, pins[each]) for each in (name, before))
            yield Problem(where, f"post {pin.post_id} is pinned by {other} too", "one leader per post", DO, key=key)
