"""Teams: leaders of one team are all placed together, or none of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from pilotage.config.rules import Teams
from pilotage.domain.plan import Auxiliary
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.placement.drafts import BREACH, Draft, price_units
from pilotage.placement.ground import Ground

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Positions = NDArray[np.int32]

PART_OF_TEAM = "only part of a team could go there"


def members_of(leaders: pd.DataFrame) -> dict[str, Ints]:
    """Return the positions of each team's leaders, teams of two and more, by name."""
    named = leaders["team_id"].dropna()
    teams = {str(team): np.asarray(rows.index, dtype=np.int64) for team, rows in named.groupby(named, sort=True)}
    return {team: members for team, members in teams.items() if len(members) > 1}


def places_of(rule: Teams, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return what stands for a place of each post: its school, or its local authority."""
    return table["urn" if rule.together == "school" else "authority"].to_numpy(dtype=object)


def whole_teams(
    name: str, rule: Teams, table: pd.DataFrame, leaders: pd.DataFrame, pairs: tuple[Positions, Positions]
) -> Bools:
    """Return which pairs are not of a team that could not go to that place whole, each member in a post of its own.

    Raises
    ------
    ScenarioError
        Naming each team that no place can take, where the rule refuses.
    """
    keep, problems = np.ones(len(pairs[0]), dtype=bool), []
    place = places_of(rule, table)
    for team, members in members_of(leaders).items():
        mine = np.flatnonzero(np.isin(pairs[0], members))
        where = place[pairs[1][mine]]
        whole = [one for one in sorted(set(where)) if _fits(pairs, mine[where == one], members)]
        keep[mine] = np.isin(where, whole)
        if not whole and rule.when_impossible == "refuse":
            problems.append(_impossible(name, rule, team, leaders.iloc[members]))
    raise_all(ScenarioError, problems)
    return keep if rule.price is None else np.ones(len(pairs[0]), dtype=bool)


def _fits(pairs: tuple[Positions, Positions], mine: Ints, members: Ints) -> bool:
    """Return whether every member finds a post of its own among the pairs of one place."""
    posts, column = np.unique(pairs[1][mine], return_inverse=True)
    row = np.searchsorted(members, pairs[0][mine])
    graph = sparse.csr_array((np.ones(len(mine)), (row, column)), shape=(len(members), len(posts)))
    return bool((maximum_bipartite_matching(graph, perm_type="column") >= 0).all())


def _impossible(name: str, rule: Teams, team: str, leaders: pd.DataFrame) -> Problem:
    who = ", ".join(f"{one} ({level})" for one, level in zip(leaders["leader_id"], leaders["level"], strict=True))
    place = "school" if rule.together == "school" else "local authority"
    found = f"no {place} in reach has posts for all of {who}"
    allowed = f"a team that at least one {place} can take, each member in a post of the member's own level"
    do = "change the team in the table of leaders, or set when_impossible: leave"
    return Problem(f"rules.{name}: team {team}", found, allowed, do)


def teams(name: str, rule: Teams, ground: Ground) -> Iterator[Draft]:
    """Of a team either every member goes to a place or none: around the team, each implies the next."""
    place = places_of(rule, ground.table)[ground.post]
    for team, members in members_of(ground.leaders).items():
        mine = np.flatnonzero(np.isin(ground.leader, members))
        split: tuple[tuple[Auxiliary, int], ...] = ()
        if rule.price is not None:
            split = ((Auxiliary(f"{name}: {team}{BREACH}", 1, -price_units(rule.price)), -1),)
        for number, one in enumerate(sorted(set(place[mine]), key=str)):
            here = mine[place[mine] == one]
            label = f"team {team} goes whole, or not at all"
            yield from _around(f"{name}: {team}, place {number + 1}", rule, label, ground, here, members, split)


def _around(
    name: str,
    rule: Teams,
    label: str,
    ground: Ground,
    here: Ints,
    members: Ints,
    split: tuple[tuple[Auxiliary, int], ...],
) -> Iterator[Draft]:
    leader = ground.leader[here]
    for number, member in enumerate(members.tolist()):
        following = int(members[(number + 1) % len(members)])
        inside = here[(leader == member) | (leader == following)]
        weights = np.where(ground.leader[inside] == member, 1, -1).astype(np.int64)
        if (weights > 0).any():
            yield Draft(f"{name}, {number + 1}", rule.rule, label, "<=", 0, inside, weights, split)
