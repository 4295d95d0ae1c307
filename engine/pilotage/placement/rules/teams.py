"""Teams: leaders of one team are all placed together, or none of them.

For each place and planning year, and each member m of a team with the next member n in a cycle: sum of x(m, p) over
posts p there <= sum of x(n, p). A unit of breach is one team that is split.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from pilotage.config.rules.teams import PART_OF_TEAM, Teams
from pilotage.config.scenario import Scenario
from pilotage.domain.plan import Auxiliary
from pilotage.errors import InfeasibleError, Problem, raise_all
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.horizon import planning_year, starts_on
from pilotage.placement.rules.constraint import Constraint, RowName, price_units
from pilotage.placement.rules.traits import Pairs, Pruned, PrunesPairs, RuleTraits

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Positions = NDArray[np.integer[Any]]


def members_of(leaders: pd.DataFrame) -> dict[str, Ints]:
    """Return the positions of each team's leaders, teams of two and more, by name."""
    named = leaders["team_id"].dropna()
    teams = {str(team): np.asarray(rows.index, dtype=np.int64) for team, rows in named.groupby(named, sort=True)}
    return {team: members for team, members in teams.items() if len(members) > 1}


def visits(
    rule: Teams, table: pd.DataFrame, leaders: pd.DataFrame, pairs: tuple[Positions, Positions], as_of: date
) -> NDArray[np.object_]:
    """Return where and when each pair's leader would start: (school or local authority, planning year from 1)."""
    place = table["urn" if rule.together == "school" else "authority"].to_numpy(dtype=object)[pairs[1]]
    year = planning_year(starts_on(leaders, table, *pairs), as_of) + 1
    visit = np.empty(len(place), dtype=object)
    visit[:] = list(zip(place.tolist(), year.tolist(), strict=True))
    return visit


def prune(key: str, rule: Teams, context: Context, pairs: Pairs) -> Pruned:
    """Return the pairs that are not of a team that could not go there whole in that year, each member in an own post.

    Raises
    ------
    InfeasibleError
        Naming each team that no place can take, where the rule refuses.
    """
    leaders, left, problems = context.leaders, np.ones(len(pairs[0]), dtype=bool), []
    place = visits(rule, context.table, leaders, pairs, context.scenario.as_of)
    for team, members in members_of(leaders).items():
        mine = np.flatnonzero(np.isin(pairs[0], members))
        where = pd.Series(place[mine], index=mine)
        whole = [visit for visit, here in where.groupby(where) if _fits(pairs, here.index.to_numpy(), members)]
        left[mine] = where.isin(whole)
        if not whole and rule.when_impossible == "refuse":
            problems.append(_impossible(key, rule, team, leaders.iloc[members]))
    raise_all(InfeasibleError, problems)
    return Pruned(left if rule.price is None else np.ones(len(left), dtype=bool), PART_OF_TEAM.code)


def in_teams(leaders: pd.DataFrame, scenario: Scenario) -> Bools:
    """Return which leaders are of a team, shape (leaders,)."""
    return leaders["team_id"].notna().to_numpy(dtype=bool)


def _fits(pairs: tuple[Positions, Positions], mine: Ints, members: Ints) -> bool:
    """Return whether every member finds a post of its own among the pairs of one place."""
    posts, column = np.unique(pairs[1][mine], return_inverse=True)
    row = np.searchsorted(members, pairs[0][mine])
    graph = sparse.csr_array((np.ones(len(mine)), (row, column)), shape=(len(members), len(posts)))
    return bool((maximum_bipartite_matching(graph, perm_type="column") >= 0).all())


def _impossible(name: str, rule: Teams, team: str, leaders: pd.DataFrame) -> Problem:
    who = ", ".join(f"{name} ({level})" for name, level in zip(leaders["leader_id"], leaders["level"], strict=True))
    place = "school" if rule.together == "school" else "local authority"
    nowhere = f"no {place} in reach has posts for all of {who}"
    allowed = f"a team that at least one {place} can take, each member in a post of the member's own level"
    do = "change the team in the table of leaders, or set when_impossible: leave"
    return Problem(f"rules.{name}: team {team}", nowhere, allowed, do)


def rows(named: RowName, rule: Teams, candidates: Candidates) -> Iterator[Constraint]:
    """Yield what lets a team go whole to a place in a planning year, or not at all: each member implies the next."""
    place = visits(
        rule, candidates.table, candidates.leaders, (candidates.leader, candidates.post), candidates.scenario.as_of
    )
    for team, members in members_of(candidates.leaders).items():
        mine = np.flatnonzero(np.isin(candidates.leader, members))
        of_team = named.at(team)
        split: tuple[tuple[Auxiliary, int], ...] = ()
        if rule.price is not None:
            split = ((of_team.auxiliary("breach", 1, -price_units(rule.price)), -1),)
        for visit in sorted(set(place[mine]), key=str):
            yield from _around(
                of_team.at(*visit), candidates, mine[[where == visit for where in place[mine]]], members, split
            )


def _around(
    named: RowName, candidates: Candidates, here: Ints, members: Ints, split: tuple[tuple[Auxiliary, int], ...]
) -> Iterator[Constraint]:
    leader = candidates.leader[here]
    for number, member in enumerate(members.tolist()):
        following = int(members[(number + 1) % len(members)])
        inside = here[(leader == member) | (leader == following)]
        weights = np.where(candidates.leader[inside] == member, 1, -1).astype(np.int64)
        if (weights > 0).any():
            label = f"team {named.part[0]} goes whole, or not at all"
            yield Constraint(named.at(number + 1), label, "<=", 0, inside, weights, split)


RULES = (RuleTraits((Teams,), "counts", "team", "structure", rows, prunes=PrunesPairs(1, prune), about=in_teams),)
