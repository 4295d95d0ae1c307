"""What a plan would have changed beyond its limit on changes: it is made again without the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.record import RunRecord
from pilotage.config.overlay import Resolved
from pilotage.config.rules.moves import Moves
from pilotage.domain.findings.beyond import Beyond, Limit
from pilotage.domain.findings.comparison import LeaderChange, Post
from pilotage.domain.forecast import ImpactMatrix
from pilotage.domain.plan import PlacementProblem
from pilotage.errors import InfeasibleError, NoPlanInTimeError
from pilotage.placement.valuation.benefit import valued_pairs
from pilotage.sources.evidence import load_evidence
from pilotage.study.compare.runs import leader_changes
from pilotage.study.counted import counted_benefit

Ints = NDArray[np.int64]


def with_beyond(resolved: Resolved, record: RunRecord, say: Callable[[str], None]) -> RunRecord:
    """Return a record with what its plan would be without its limits on changes, where it has such limits."""
    rules = {key: rule for key, rule in record.scenario.rules.items() if not isinstance(rule, Moves)}
    if len(rules) == len(record.scenario.rules) or record.plan.objective is None:
        return record
    say("Planning again without the limit on changes")
    scenario = record.scenario.model_copy(update={"rules": rules})
    evidence = load_evidence(dict(scenario.impact.parameters))
    case = Case(scenario, record.panel, record.urns, record.pool, record.posts, evidence)
    limits = tuple(_limits(record))
    try:
        stated = pipeline.state(case, record.forecast, valued_pairs(case, record.forecast))
        decided = pipeline.decide(replace(resolved, scenario=scenario), stated)
    except (InfeasibleError, NoPlanInTimeError):
        return replace(record, beyond=Beyond(limits, solved=False))
    return replace(record, beyond=_beyond(record, limits, stated, decided))


def _beyond(record: RunRecord, limits: tuple[Limit, ...], stated: pipeline.Stated, decided: pipeline.Decided) -> Beyond:
    """Return the plan without limits beside the plan of a record."""
    mine, plan = record.plan, decided.plan
    before = _posts(record.impact, record.problem, mine.chosen)
    changes = tuple(leader_changes(before, _posts(stated.impact, decided.problem, plan.chosen)))
    asked = _asks(record.impact, record.problem, mine.chosen) ^ _asks(stated.impact, decided.problem, plan.chosen)
    of_plan = pipeline.Stated(record.impact, record.problem)
    return Beyond(
        limits=limits,
        solved=True,
        benefit=counted_benefit(replace(stated, problem=decided.problem), plan.chosen),
        benefit_of_plan=counted_benefit(of_plan, mine.chosen),
        more=round((plan.objective or 0) / decided.problem.scale - (mine.objective or 0) / record.problem.scale, 6),
        gap=plan.gap,
        leaders=changes,
        asks=len(asked),
        schools=_names(record, changes),
    )


def _limits(record: RunRecord) -> Iterator[Limit]:
    """Yield each limit on changes, with how many of the earlier plan's placements and asks the plan gives up."""
    problem = record.problem
    chosen = record.plan.chosen.tolist()
    made = {(problem.leader_ids[problem.leader[pair]], problem.post_ids[problem.post[pair]]) for pair in chosen}
    for key, rule in record.scenario.rules.items():
        if isinstance(rule, Moves):
            earlier = record.posts.earlier[key]
            pairs = set(zip(earlier["leader_id"].tolist(), earlier["post_id"].tolist(), strict=True))
            yield Limit(key, len(pairs), len(pairs - made), rule.count)


def _posts(impact: ImpactMatrix, problem: PlacementProblem, chosen: Ints) -> dict[str, tuple[Post, ...]]:
    """Return the posts of each leader who is placed, in the order of their ids."""
    placed = chosen[~impact.asks(chosen) & ~impact.supports(chosen)]
    named = sorted(_named(problem, pair) for pair in placed.tolist())
    posts: dict[str, tuple[Post, ...]] = {}
    for leader, post, urn in named:
        posts[leader] = (*posts.get(leader, ()), Post(post, urn))
    return posts


def _asks(impact: ImpactMatrix, problem: PlacementProblem, chosen: Ints) -> set[tuple[str, str, int]]:
    return {_named(problem, pair) for pair in chosen[impact.asks(chosen)].tolist()}


def _named(problem: PlacementProblem, pair: int) -> tuple[str, str, int]:
    post = int(problem.post[pair])
    return problem.leader_ids[problem.leader[pair]], problem.post_ids[post], int(problem.urns[post])


def _names(record: RunRecord, changes: tuple[LeaderChange, ...]) -> tuple[tuple[int, str], ...]:
    """Return the name of each school that a change speaks of."""
    urns = {post.urn for change in changes for post in (*change.before, *change.after)}
    schools = record.panel.schools[record.panel.schools["urn"].isin(urns)]
    return tuple(sorted(zip(schools["urn"].tolist(), schools["name"].astype(str), strict=True)))
