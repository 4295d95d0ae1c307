"""Executive leaders lead several schools or none, within reach, each school once, of one trust where asked.

For each executive leader l (in each trust g), with u in {0, 1} = whether l leads (there) at all: minimum x u <= sum of
x(l, p) <= span x u; of trusts, sum of u(g) <= 1. For the first posts singly x(l, p) <= u, which makes the linear
relaxation tight. A unit of breach is one post below the minimum.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.rules.executive_span import FEW_POSTS, LEAST, ExecutiveSpan
from pilotage.config.scenario import Scenario
from pilotage.domain.plan import Auxiliary
from pilotage.errors import InfeasibleError, Problem, raise_all
from pilotage.placement.candidates import Candidates
from pilotage.placement.context import Context
from pilotage.placement.rules.constraint import Constraint, RowName, constraint, price_units
from pilotage.placement.rules.traits import Pairs, Pruned, PrunesPairs, RuleTraits, Spans

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Positions = NDArray[np.int32]

TIED = 40  # posts of one leader that are each tied to the leader's use: more rows, but a tighter linear programme


def spans_under(key: str, rule: ExecutiveSpan, leaders: pd.DataFrame, scenario: Scenario) -> Spans:
    """Return which leaders lead several posts or none, and how many."""
    least = np.full(len(leaders), rule.minimum, dtype=np.int64)
    return Spans(key, spanning(leaders, scenario), least, spans(leaders, rule))


def spanning(leaders: pd.DataFrame, scenario: Scenario) -> Bools:
    """Return who leads several posts: executive leaders, but those of a team where a rule binds teams."""
    free = pd.Series(True, index=leaders.index)
    if any(rule.binds_teams for rule in scenario.rules.values()):
        free = leaders["team_id"].isna()
    return ((leaders["level"] == "executive") & free).to_numpy(dtype=bool)


def spans(leaders: pd.DataFrame, rule: ExecutiveSpan) -> Ints:
    """Return each leader's own span, or what the rule says where the table gives none."""
    span: Ints = leaders["span"].fillna(rule.span_when_blank).to_numpy(dtype=np.int64)
    return span


def in_reach(table: pd.DataFrame, leader: Positions, post: Positions, who: Bools, *, one_trust: bool) -> Ints:
    """Return how many schools each pair's leader could lead, its own included; of its trust where ``one_trust``."""
    frame = pd.DataFrame(
        {"leader": leader, "trust": table["trust"].to_numpy()[post], "urn": table["urn"].to_numpy()[post]}
    )
    keys = ["leader", "trust"] if one_trust else ["leader"]
    counts = frame[who[leader]].groupby(keys, dropna=True)["urn"].transform("nunique").reindex(frame.index)
    return np.where(who[leader], counts.fillna(0), 1).astype(np.int64)


def refuse_short(name: str, rule: ExecutiveSpan, leaders: pd.DataFrame, who: Bools, most: Ints) -> None:
    """Name the leaders whose span is below the minimum, or above the posts in reach.

    Raises
    ------
    InfeasibleError
        With one problem per leader; of posts in reach only where the rule refuses.
    """
    problems = []
    for position in np.flatnonzero(who):
        span, where = int(spans(leaders, rule)[position]), f"rules.{name}: leader {leaders['leader_id'][position]}"
        if span < rule.minimum:
            do = "raise the span in the table of leaders, or lower the minimum"
            problems.append(Problem(where, f"a span of {span}", f"at least the minimum, {rule.minimum}", do))
        elif span > most[position] and rule.when_short == "refuse":
            reached = f"a span of {span}, and {most[position]} posts in reach" + (
                " of one trust" if rule.one_trust else ""
            )
            do = "lower the span in the table of leaders, or set when_short: reduce"
            problems.append(Problem(where, reached, "a span within the posts in reach", do))
    raise_all(InfeasibleError, problems)


def prune(key: str, rule: ExecutiveSpan, context: Context, pairs: Pairs) -> Pruned:
    """Return the pairs that are not of an executive leader who reaches fewer posts than the minimum."""
    leaders, who = context.leaders, spanning(context.leaders, context.scenario)
    reach = in_reach(context.table, *pairs, who, one_trust=rule.one_trust)
    most = np.zeros(len(leaders), dtype=np.int64)
    np.maximum.at(most, pairs[0], reach)
    refuse_short(key, rule, leaders, who, most)
    enough = reach > 0 if rule.price is not None else reach >= rule.minimum
    return Pruned(np.asarray(~who[pairs[0]] | enough, dtype=bool), FEW_POSTS.code)


def rows(named: RowName, rule: ExecutiveSpan, candidates: Candidates) -> Iterator[Constraint]:
    """Yield what ties each executive leader's posts to whether the leader leads at all, in each trust where asked."""
    who, most = spanning(candidates.leaders, candidates.scenario), spans(candidates.leaders, rule)
    trust = candidates.table["trust"]
    for position in np.unique(candidates.leader[who[candidates.leader]]).tolist():
        mine = candidates.of_leader(position)
        name, span = str(candidates.leaders["leader_id"][position]), int(most[position])
        own = named.at(name)
        yield from _once_each(own, name, candidates, mine)
        if not rule.one_trust:
            yield from _block(own, rule, (name, span), mine)
            continue
        of_pair = trust.to_numpy()[candidates.post[mine]]
        lone = mine[pd.isna(of_pair)]
        if len(lone):
            yield constraint(own.at("no trust"), f"{name} leads schools of one trust", ("<=", 0), lone)
        trusts = sorted(set(of_pair[~pd.isna(of_pair)].tolist()))
        for group in trusts:
            yield from _block(own.at(group), rule, (name, span), mine[of_pair == group])
        if len(trusts) > 1:
            label, none = f"{name} leads schools of one trust", np.zeros(0, dtype=np.int64)
            used = tuple((own.at(group).auxiliary("used", 1), 1) for group in trusts)
            yield Constraint(own.at("one trust"), label, "<=", 1, none, none, used)


def _once_each(own: RowName, name: str, candidates: Candidates, mine: Ints) -> Iterator[Constraint]:
    """Yield a row for each school with several posts for the leader: one person leads a school once."""
    urn = candidates.of_school("urn")[mine]
    repeated = sorted({int(school) for school in urn[pd.Series(urn).duplicated().to_numpy()]})
    for school in repeated:
        label = f"{name} leads a school in one post"
        yield constraint(own.at("once in", school), label, ("<=", 1), mine[urn == school])


def _block(block: RowName, rule: ExecutiveSpan, leader: tuple[str, int], pairs: Ints) -> Iterator[Constraint]:
    """Yield the rows that tie the posts of a leader (in one trust) to whether the leader leads there at all."""
    (name, span), used, ones = leader, block.auxiliary("used", 1), np.ones(len(pairs), dtype=np.int64)
    wanted = f"{rule.minimum} to {span}" if span > rule.minimum else f"{span}"
    label = f"{name} leads {wanted} posts, or none"
    most = min(span, len(pairs))
    yield Constraint(block.at("most"), label, "<=", 0, pairs, ones, ((used, -most),))
    for number, pair in enumerate(pairs.tolist() if len(pairs) <= TIED else ()):
        yield Constraint(block.at("post", number + 1), label, "<=", 0, np.array([pair]), ones[:1], ((used, -1),))
    least: tuple[tuple[Auxiliary, int], ...] = ((used, -rule.minimum),)
    if rule.price is not None:
        least += ((block.auxiliary("breach", rule.minimum, -price_units(rule.price)), 1),)
        label = f"{label}, or {rule.price:g} pupil-months for each post below"
    yield Constraint(block.at(LEAST), label, ">=", 0, pairs, ones, least)


RULES = (
    RuleTraits(
        (ExecutiveSpan,),
        "counts",
        "post",
        "structure",
        rows,
        spans=spans_under,
        prunes=PrunesPairs(2, prune),
        about=spanning,
    ),
)
