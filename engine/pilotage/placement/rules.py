"""The decision in integers: one function per linear rule. Rules that bar pairs are in ``eligibility``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import AreaMinimum, Budget, Cap, Pin, Scenario
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.domain.plan import PlacementProblem, Row, Sense
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.eligibility import open_posts

SCALE = 1000
CAP_COLUMNS = {"authority_cap": "authority", "trust_cap": "trust", "region_cap": "region"}


def placement_problem(
    impact: ImpactMatrix, panel: SchoolPanel, pool: LeaderPool, posts: Posts, scenario: Scenario
) -> PlacementProblem:
    """Return the problem whose pairs are the rows of ``impact.pairs``, in the same order.

    Raises
    ------
    ScenarioError
        For pins and bans that name nobody, pins that contradict each other or a ban, and pins of barred pairs.
    """
    table, pairs = open_posts(panel, posts), impact.pairs
    _check_names(scenario, pool, posts)
    rows = [
        *(row for name, rule in scenario.rules.items() for row in _rows(name, rule, table, pairs, len(pool.leaders))),
        *_pins(scenario.pins, impact, pool, table),
    ]
    return PlacementProblem(
        leader_ids=tuple(pool.leaders["leader_id"]),
        post_ids=tuple(table["post_id"]),
        urns=table["urn"].to_numpy(dtype=np.int64),
        leader=pairs["leader_index"].to_numpy(dtype=np.int32),
        post=pairs["post_index"].to_numpy(dtype=np.int32),
        benefit=np.rint(pairs["benefit"].to_numpy() * SCALE).astype(np.int64),
        scale=SCALE,
        rows=tuple(rows),
    )


def _rows(name: str, rule: object, table: pd.DataFrame, pairs: pd.DataFrame, leaders: int) -> Iterator[Row]:
    if isinstance(rule, AreaMinimum):
        yield area_minimum(name, rule, table, pairs, leaders)
    elif isinstance(rule, Cap):
        yield from caps(name, rule, table, pairs)
    elif isinstance(rule, Budget):
        yield budget(name, rule, pairs)


def area_minimum(name: str, rule: AreaMinimum, table: pd.DataFrame, pairs: pd.DataFrame, leaders: int) -> Row:
    """At least ``count`` placements in the areas, or ``share`` of the placements made or of the pool."""
    area = table["area"]
    inside = (area.isin(rule.areas) if rule.areas else area.notna()).to_numpy()[pairs["post_index"].to_numpy()]
    where = ", ".join(rule.areas) or "the areas of the list"
    if rule.share is not None and rule.of == "placements":
        part = Fraction(rule.share).limit_denominator(10_000)
        weights = np.where(inside, part.denominator - part.numerator, -part.numerator)
        label = f"at least {rule.share:.0%} of placements in {where}"
        return _row(name, rule.rule, label, ">=", 0, np.arange(len(pairs)), weights)
    count = rule.count if rule.count is not None else math.ceil(Fraction(str(rule.share)) * leaders)
    label = f"at least {count} placements in {where}"
    return _row(name, rule.rule, label, ">=", count, np.flatnonzero(inside))


def caps(name: str, rule: Cap, table: pd.DataFrame, pairs: pd.DataFrame) -> Iterator[Row]:
    """At most ``count`` placements in each authority, trust or region; only those that could exceed it get a row."""
    group = table[CAP_COLUMNS[rule.rule]].to_numpy()[pairs["post_index"].to_numpy()]
    frame = pd.DataFrame({"group": group, "post": pairs["post_index"].to_numpy(), "leader": pairs["leader_index"]})
    reach = frame.groupby("group")[["post", "leader"]].nunique().min(axis=1)
    for value in reach.index[reach > rule.count]:
        label = f"at most {rule.count} placements in {value}"
        yield _row(f"{name}: {value}", rule.rule, label, "<=", rule.count, np.flatnonzero(group == value))


def budget(name: str, rule: Budget, pairs: pd.DataFrame) -> Row:
    """The total cost of the placements stays within ``total_gbp``."""
    cost = pairs["cost_gbp"].to_numpy(dtype=np.int64)
    label = f"total cost at most £{rule.total_gbp:,}"
    return _row(name, rule.rule, label, "<=", rule.total_gbp, np.arange(len(pairs)), cost)


def _row(
    name: str,
    rule: str,
    label: str,
    sense: Sense,
    rhs: int,
    members: NDArray[np.int64],
    weights: NDArray[np.int64] | None = None,
) -> Row:
    ones = np.ones(len(members), dtype=np.int64)
    return Row(name, rule, label, sense, int(rhs), members.astype(np.int64), ones if weights is None else weights)


def _pins(pins: dict[str, Pin], impact: ImpactMatrix, pool: LeaderPool, table: pd.DataFrame) -> list[Row]:
    leaders, posts = list(pool.leaders["leader_id"]), list(table["post_id"])
    problems, rows = _contradictions(pins), []
    for name, pin in pins.items():
        leader, post = leaders.index(pin.leader_id), posts.index(pin.post_id)
        match = (impact.pairs["leader_index"] == leader) & (impact.pairs["post_index"] == post)
        member = np.flatnonzero(match)
        if not len(member):
            found = f"{pin.leader_id} may not take {pin.post_id}: {_why_barred(impact, post)}"
            problems.append(Problem(f"pins.{name}", found, "an eligible pair", "remove the pin, or loosen the rule"))
        label = f"{pin.leader_id} takes {pin.post_id} (pinned by {pin.author}: {pin.reason})"
        rows.append(_row(f"pins.{name}", "pin", label, "=", 1, member))
    raise_all(ScenarioError, problems)
    return rows


def _why_barred(impact: ImpactMatrix, post: int) -> str:
    reasons = impact.ineligible.set_index("post_index")["reason"]
    return str(reasons.get(post, "a rule on level, phase, travel or availability, or a ban, bars the pair"))


def _contradictions(pins: dict[str, Pin]) -> list[Problem]:
    problems, seen = [], dict[tuple[str, str], str]()
    for name, pin in pins.items():
        for key in (("leader", pin.leader_id), ("post", pin.post_id)):
            first = seen.setdefault(key, name)
            if first != name:
                found = f"{key[0]} {key[1]} is pinned by pins.{first} too"
                problems.append(
                    Problem(f"pins.{name}", found, "one post per leader, one leader per post", "remove one")
                )
    return problems


def _check_names(scenario: Scenario, pool: LeaderPool, posts: Posts) -> None:
    known = {
        "leader_id": set(pool.leaders["leader_id"]),
        "post_id": set(posts.posts["post_id"]),
        "urn": set(posts.posts["urn"]),
    }
    named = [(f"pins.{name}", pin) for name, pin in scenario.pins.items()]
    entries = [*named, *((f"bans.{name}", ban) for name, ban in scenario.bans.items())]
    problems = []
    for where, entry in entries:
        for field in known:
            value = getattr(entry, field, None)
            if value is not None and value not in known[field]:
                near = get_close_matches(str(value), [str(one) for one in known[field]], 1)
                hint = f"did you mean {near[0]!r}?" if near else "mend it"
                allowed = f"one of the {len(known[field]):,} in the tables"
                problems.append(Problem(f"{where}.{field}", f"no such {field} {str(value)!r}", allowed, hint))
    raise_all(ScenarioError, problems)
