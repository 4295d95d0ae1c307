"""The constraints on single leaders, teams, schools and pins, derived from the tables and the problem's pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pilotage.config.rules.executive_span import ExecutiveSpan
from pilotage.config.rules.teams import Teams
from pilotage.domain.plan import Part
from pilotage.placement.audit.case import Ints
from pilotage.placement.audit.expected import Expected, Identity, Stated, Variable, units_of_price
from pilotage.placement.audit.support_tables import SUPPORT

TIED = 40  # posts of a leader that are each tied to the leader's use
HEADS = ("head", "executive")


def _ones(members: Ints) -> Ints:
    return np.ones(len(members), dtype=np.int64)


def spans(stated: Stated, name: str, rule: ExecutiveSpan) -> Iterator[Expected]:
    """Yield the rows of executive leaders: each school once, from minimum to span posts or none, of one trust if so."""
    case, problem = stated.case, stated.claim.problem
    most, trusts = case.capacities, case.sites["trust"].to_numpy(dtype=object)[problem.post]
    leaders = np.unique(problem.leader)
    for leader in leaders[case.several_schools[leaders]].tolist():
        mine, who = stated.of_leader(leader), problem.leader_ids[leader]
        urn = problem.urns[problem.post[mine]]
        schools, counts = np.unique(urn, return_counts=True)
        for school in schools[counts > 1].tolist():
            yield _at_most((rule.rule, name, (who, "once in", school)), 1, mine[urn == school])
        if not rule.one_trust:
            yield from _block(rule, name, (who,), mine, int(most[leader]))
            continue
        of_pair = trusts[mine]
        lone = pd.isna(of_pair)
        if lone.any():
            yield _at_most((rule.rule, name, (who, "no trust")), 0, mine[lone])
        groups = sorted(set(of_pair[~lone].tolist()))
        for group in groups:
            yield from _block(rule, name, (who, group), mine[of_pair == group], int(most[leader]))
        if len(groups) > 1:
            used = {Variable("used", name, (who, group)): 1 for group in groups}
            nobody = np.zeros(0, dtype=np.int64)
            yield Expected((rule.rule, name, (who, "one trust")), "<=", 1, nobody, nobody, "pair", used)


def _at_most(identity: Identity, limit: int, members: Ints) -> Expected:
    return Expected(identity, "<=", limit, members, _ones(members))


def _block(rule: ExecutiveSpan, name: str, part: Part, pairs: Ints, span: int) -> Iterator[Expected]:
    used, most = Variable("used", name, part), min(span, len(pairs))
    yield Expected((rule.rule, name, (*part, "most")), "<=", 0, pairs, _ones(pairs), "pair", {used: -most})
    for number in range(len(pairs) if len(pairs) <= TIED else 0):
        one = pairs[number : number + 1]
        identity = (rule.rule, name, (*part, "post", number + 1))
        yield Expected(identity, "<=", 0, one, _ones(one), "pair", {used: -1}, needed=False)
    least = {used: -rule.minimum}
    if rule.price is not None:
        least[Variable("breach", name, part, -units_of_price(rule.price), rule.minimum)] = 1
    yield Expected((rule.rule, name, (*part, "least")), ">=", 0, pairs, _ones(pairs), "pair", least)


def teams(stated: Stated, name: str, rule: Teams) -> Iterator[Expected]:
    """Yield the rows of teams: to a place in a planning year each member goes only with the next one, in a circle."""
    case, problem = stated.case, stated.claim.problem
    named = case.pool.leaders["team_id"].dropna()
    place = case.sites["urn" if rule.together == "school" else "authority"].to_numpy(dtype=object)
    for team, rows in named.groupby(named, sort=True):
        members = rows.index.tolist()
        if len(members) < 2:
            continue
        split: dict[Variable, int] = {}
        if rule.price is not None:
            split[Variable("breach", name, (str(team),), -units_of_price(rule.price))] = -1
        mine = np.concatenate([stated.of_leader(member) for member in members])
        visits = pd.Series(list(zip(place[problem.post[mine]], (stated.year[mine] + 1).tolist(), strict=True)), mine)
        for visit, pairs in visits.groupby(visits, sort=False):
            here = np.sort(pairs.index.to_numpy(dtype=np.int64))
            yield from _circle(stated, (rule.rule, name, (str(team), *visit)), here, members, split)


def _circle(
    stated: Stated, identity: Identity, here: Ints, members: list[int], split: dict[Variable, int]
) -> Iterator[Expected]:
    rule, name, part = identity
    leader = stated.claim.problem.leader[here]
    for number, member in enumerate(members):
        following = members[(number + 1) % len(members)]
        weights = (leader == member).astype(np.int64) - (leader == following)
        kept = np.flatnonzero(weights)
        if (weights > 0).any():
            yield Expected((rule, name, (*part, number + 1)), "<=", 0, here[kept], weights[kept], "pair", split)


def terms(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of terms: of the starts within any term's length, a leader makes at most one."""
    for leader, mine in _with_several_terms(stated):
        own = stated.starts.iloc[mine]
        for number, last in enumerate(sorted(own.unique())):
            first = pd.Timestamp(last) - pd.DateOffset(years=stated.case.scenario.time.term_years)
            members = mine[((own > first) & (own <= last)).to_numpy(dtype=bool)]
            yield _at_most(("term", "term", (leader, number + 1)), 1, members)


def own_posts(stated: Stated) -> Iterator[Expected]:
    """Yield one row for each leader, school and level with several posts: the leader takes at most one of them."""
    problem, level = stated.claim.problem, stated.case.posts.posts["level"].to_numpy(dtype=object)
    for leader, mine in _with_several_terms(stated):
        held: dict[tuple[int, str], list[int]] = {}
        for pair in mine.tolist():
            held.setdefault((int(problem.urns[problem.post[pair]]), str(level[problem.post[pair]])), []).append(pair)
        for (urn, name), pairs in held.items():
            if len(pairs) > 1:
                yield _at_most(("own_post", "own_post", (leader, urn, name)), 1, np.array(pairs, dtype=np.int64))


def _with_several_terms(stated: Stated) -> Iterator[tuple[str, Ints]]:
    """Yield each leader who may start more than once, but executives of several schools, and the leader's pairs."""
    case, time, problem = stated.case, stated.case.scenario.time, stated.claim.problem
    support = (case.pool.leaders["level"] == SUPPORT).to_numpy(dtype=bool)
    leaders = np.unique(problem.leader) if time.years > time.term_years else np.zeros(0, dtype=np.int64)
    for leader in leaders[~case.several_schools[leaders] & ~support[leaders]].tolist():
        yield problem.leader_ids[leader], stated.of_leader(leader)


def support_or_head(stated: Stated) -> Iterator[Expected]:
    """Yield the rows of schools that can have their head supported or a new one placed."""
    level, urn = stated.case.posts.posts["level"], stated.claim.problem.urns
    support = (level == SUPPORT).to_numpy(dtype=bool) & stated.fillable
    head = level.isin(HEADS).to_numpy(dtype=bool) & stated.fillable
    for school in np.unique(urn[support]).tolist() if head.any() else ():
        heads = np.flatnonzero(head & (urn == school))
        for post in np.flatnonzero(support & (urn == school)).tolist() if len(heads) else ():
            weights = np.zeros(len(urn), dtype=np.int64)
            weights[heads], weights[post] = 1, len(heads)
            yield stated.on_posts(("support_or_head", "support", (school,)), ("<=", len(heads)), weights)


def pins(stated: Stated) -> Iterator[Expected]:
    """Yield one row for each pin."""
    problem = stated.claim.problem
    for name, pin in stated.case.scenario.pins.items():
        mine = stated.of_leader(problem.leader_ids.index(pin.leader_id))
        members = mine[problem.post[mine] == problem.post_ids.index(pin.post_id)]
        yield Expected(("pin", f"pins.{name}", ()), "=", 1, members, _ones(members))
