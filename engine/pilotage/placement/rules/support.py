"""Support of leaders in post as an alternative to placing.

Support is told in the same nouns: in the tables of leaders one row for each region that offers it (its span is how many
schools it can support), in the tables of posts one row for each school that could have it. Both have the level
``support``; so eligibility, benefit, rows and audit treat them as pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario, Support
from pilotage.domain import tables
from pilotage.domain.evidence import Evidence
from pilotage.domain.panel import LeaderPool, Posts, SchoolPanel
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.candidates import SUPPORT, Candidates
from pilotage.placement.horizon import first_september
from pilotage.placement.rules.constraint import Constraint, RowName, constraint
from pilotage.placement.rules.traits import RuleTraits

Bools = NDArray[np.bool_]
Pairs = tuple[NDArray[np.int32], NDArray[np.int32]]

RULE = "support_or_head"
HEADS = ("head", "executive")  # levels of who leads a school


def with_support(
    pool: LeaderPool,
    posts: Posts,
    scenario: Scenario,
    panel: SchoolPanel,
    urns: NDArray[np.int64],
    evidence: Evidence,
) -> tuple[LeaderPool, Posts]:
    """Return leaders and posts with what stands for support after them; unchanged where none is offered.

    Raises
    ------
    ScenarioError
        Naming regions of the capacity that no school lies in.
    """
    offer = scenario.interventions.support
    if offer is None:
        return pool, posts
    schools = panel.schools[panel.schools["urn"].isin(urns)]
    _refuse_unknown(offer, panel)
    regions = {name: count for name, count in sorted(offer.capacity.items()) if count > 0}
    cost = evidence.value("support_cost_gbp") if offer.cost_gbp is None else offer.cost_gbp
    coaches = _coaches(regions, cost, schools, scenario)
    coached = _coached(schools[schools["region"].isin(regions)], scenario)
    return (
        replace(pool, leaders=_below(pool.leaders, coaches, tables.LEADERS.columns)),
        replace(posts, posts=_below(posts.posts, coached, tables.POSTS.columns)),
    )


def _refuse_unknown(offer: Support, panel: SchoolPanel) -> None:
    known = sorted(panel.schools["region"].unique())
    problems = []
    for name in offer.capacity:
        if name not in known:
            near = get_close_matches(name, known, 1)
            do = f"did you mean {near[0]!r}?" if near else "mend the name"
            where = f"interventions.support.capacity.{name}"
            problems.append(Problem(where, "no such region", f"one of {', '.join(known)}", do))
    raise_all(ScenarioError, problems)


def _start(scenario: Scenario) -> pd.Timestamp:
    return pd.Timestamp(first_september(scenario.as_of), 9, 1)


def _coaches(regions: dict[str, int], cost: float, schools: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    # Nobody travels to support: the place is that of no person, and 0 where no school of the region has one.
    middle = schools.groupby("region")[["easting", "northing"]].mean().reindex(list(regions)).fillna(0.0)
    return pd.DataFrame(
        {
            "leader_id": [f"{SUPPORT}: {name}" for name in regions],
            "level": SUPPORT,
            "phases": "",
            "easting": middle["easting"].to_numpy(),
            "northing": middle["northing"].to_numpy(),
            "max_travel_km": 0.0,
            "willing_regions": list(regions),
            "relocates": False,
            "available_from": _start(scenario),
            "span": list(regions.values()),
            "cost_gbp": cost,
        }
    )


def _coached(schools: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    urn = schools["urn"].to_numpy()
    return pd.DataFrame(
        {
            "post_id": [f"{SUPPORT}: {one}" for one in urn],
            "urn": urn,
            "level": SUPPORT,
            "opens_on": _start(scenario),
            "consent": "yes",
            "created": False,
        }
    )


def _below(table: pd.DataFrame, more: pd.DataFrame, columns: dict[str, object]) -> pd.DataFrame:
    """Return a table with rows below it, in the table's types."""
    added = more.reindex(columns=list(columns)).astype(table.dtypes.to_dict())
    return pd.concat([table, added], ignore_index=True)


def is_support(table: pd.DataFrame) -> Bools:
    """Return which rows of leaders or posts stand for support."""
    return (table["level"] == SUPPORT).to_numpy(dtype=bool)


def support_pairs(table: pd.DataFrame, leaders: pd.DataFrame, alive: Bools) -> Pairs:
    """Return the pairs of support: each region with every school of it, sorted."""
    leader, post = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    schools, region = np.flatnonzero(alive & is_support(table)), table["region"].to_numpy()
    for position in np.flatnonzero(is_support(leaders)):
        mine = schools[region[schools] == leaders["willing_regions"][position]]
        leader.append(np.full(len(mine), position, dtype=np.int32))
        post.append(mine.astype(np.int32))
    return np.concatenate(leader), np.concatenate(post)


def support_or_head(candidates: Candidates) -> Iterator[Constraint]:
    """A school whose leader in post is supported receives no head and no executive leader."""
    table, fillable = candidates.table, candidates.fillable
    support = np.flatnonzero(is_support(table) & fillable)
    heads = np.flatnonzero(table["level"].isin(HEADS).to_numpy() & fillable)
    of_school = pd.Series(heads).groupby(table["urn"].to_numpy()[heads]).agg(list)
    for post in support.tolist():
        urn = int(table["urn"][post])
        mine = of_school.get(urn)
        if mine is not None:
            members = np.array([*mine, post], dtype=np.int64)
            weights = np.array([*[1] * len(mine), len(mine)], dtype=np.int64)
            label = "a school has its head supported or a new one placed, not both"
            named = RowName(RULE, "support", (urn,), measure="structure", unit="school")
            yield constraint(named, label, ("<=", len(mine)), members, weights, "post")


RULES = (RuleTraits((), "counts", "school", "structure", always=support_or_head),)
