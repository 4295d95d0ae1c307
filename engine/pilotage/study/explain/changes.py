"""The smallest change of a setting that would bring a school in, and what the best plan would be under it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pilotage.case.case import Case
from pilotage.config.rules.consent import REFUSED, UNKNOWN
from pilotage.config.rules.match import Availability
from pilotage.config.rules.need import NeedThreshold
from pilotage.config.rules.travel import Travel
from pilotage.domain.findings.explained import BarKind, Barrier, Change, Option
from pilotage.domain.panel import phases_of
from pilotage.domain.plan import PlacementProblem, Status
from pilotage.placement.analysis.why_not.forced_in import with_one_of
from pilotage.placement.formulation.coefficients import Weights, activities
from pilotage.study.explain.opened import Opened, forced, solver_of, under

Ints = NDArray[np.int64]

MOST = 3  # changes that are named
TRIES = 6  # of each setting, the smallest change first: one that opens nothing, another thing barring it, is not named
CONSENT = "consent"  # the column of the posts
STEP_KM = 0.1
STEP_SHARE = 1e-6


def changes_of_bars(opened: Opened, urn: int, options: Sequence[Option]) -> tuple[Change, ...]:
    """Return the smallest change of each setting that alone bars somebody from a school where nobody may go.

    ``options``: the barred pairs at the school. Each change is tried: the plan is made again under it, and with the
    school forced in. A change under which still nobody may go there is left out.
    """
    alone = [option for option in options if len(option.barriers) == 1]
    asked = [change for option in alone for change in _of_barrier(opened, option, option.barriers[0])]
    by_setting = dict[str, set[Change]]()
    for change in asked:
        by_setting.setdefault(change.key, set()).add(change)
    found = (_smallest(opened, urn, changes) for changes in by_setting.values())
    return tuple(islice((change for change in found if change is not None), MOST))


def _smallest(opened: Opened, urn: int, changes: set[Change]) -> Change | None:
    """Return the smallest change that lets somebody go to the school, tried; None where none of the smallest does."""
    ordered = sorted(changes, key=lambda change: (_size(change), str(change.leader_id)))
    tried = (_tried(opened, urn, change) for change in ordered[:TRIES])
    return next((change for change in tried if change is not None), None)


def _size(change: Change) -> float:
    now, needed = change.now, change.needed
    return 0.0 if isinstance(now, str) or isinstance(needed, str) else abs(needed - now)


def _of_barrier(opened: Opened, option: Option, barrier: Barrier) -> Iterator[Change]:
    """Yield the change that lifts a barrier, where it is a figure of the scenario or the school's own answer."""
    key = barrier.rule.removeprefix("rules.")
    rule = opened.case.scenario.rules.get(key)
    if barrier.kind is BarKind.DISTANCE and isinstance(rule, Travel):
        yield _of_distance(opened, option, barrier, key)
    elif barrier.kind is BarKind.NEED and isinstance(rule, NeedThreshold):
        yield _of_need(opened, option.urn, barrier, key, rule)
    elif barrier.kind is BarKind.FREE and isinstance(rule, Availability):
        late = date.fromisoformat(str(barrier.found)) - date.fromisoformat(str(barrier.wanted))
        yield Change(f"rules.{key}.grace_days", rule.grace_days, rule.grace_days + late.days)
    elif barrier.code in (REFUSED.code, UNKNOWN.code):
        yield Change(CONSENT, "no" if barrier.code == REFUSED.code else "unknown", "yes")


def _of_distance(opened: Opened, option: Option, barrier: Barrier, key: str) -> Change:
    """Return the leader's own limit that is needed, or the rule's ceiling where that is the lower one."""
    needed, now = math.ceil(float(barrier.found or 0) / STEP_KM) * STEP_KM, float(barrier.wanted or 0)
    leaders = opened.case.pool.leaders
    own = float(leaders.loc[leaders["leader_id"] == option.leader_id, "max_travel_km"].iloc[0])
    if own > now:
        return Change(f"rules.{key}.max_km", now, round(needed, 1))
    return Change("max_travel_km", now, round(needed, 1), option.leader_id)


def _of_need(opened: Opened, urn: int, barrier: Barrier, key: str, rule: NeedThreshold) -> Change:
    if rule.top_share is None:
        return Change(f"rules.{key}.minimum", float(rule.minimum or 0), float(barrier.found or 0))
    need = opened.run.forecast.need
    phases = phases_of(opened.case.panel, need.index.to_series()).to_numpy(dtype=object)
    among = need[phases == phases[need.index.get_loc(urn)]] if rule.within == "phase" else need
    share = int((among >= need[urn]).sum()) / int(among.notna().sum())
    return Change(f"rules.{key}.top_share", rule.top_share, math.ceil(share / STEP_SHARE) * STEP_SHARE)


def _changed(case: Case, urn: int, change: Change) -> Case:
    """Return the case under the new value of a setting, or with the school's consent."""
    if change.key == CONSENT:
        posts = case.posts.posts
        consent = posts["consent"].where(posts["urn"] != urn, change.needed)
        return replace(case, posts=replace(case.posts, posts=posts.assign(consent=consent)))
    if change.leader_id is not None:
        leaders = case.pool.leaders.copy()
        leaders.loc[leaders["leader_id"] == change.leader_id, change.key] = change.needed
        return replace(case, pool=replace(case.pool, leaders=leaders))
    _, key, field = change.key.split(".")
    whole = field == "grace_days"
    rule = case.scenario.rules[key].model_copy(update={field: int(change.needed) if whole else change.needed})
    scenario = case.scenario.model_copy(update={"rules": {**case.scenario.rules, key: rule}})
    return replace(case, scenario=scenario)


def _tried(opened: Opened, urn: int, change: Change) -> Change | None:
    """Return a change with what the best plan does under it; None where still nobody may go to the school."""
    stated = under(opened, _changed(opened.case, urn, change))
    problem = stated.problem
    there = np.flatnonzero(problem.urns[problem.post] == urn)
    if not len(there):
        return None
    best = solver_of(opened, stated)(problem)
    cost = forced(opened, with_one_of(problem, there), stated)
    if best.objective is None:
        return replace(change, forced=cost)
    return _judged(opened, replace(change, forced=cost), there, best.chosen, best.objective)


def _judged(opened: Opened, change: Change, there: Ints, chosen: Ints, objective: int) -> Change:
    gain = (objective - (opened.plan.objective or 0)) / opened.scale
    return replace(change, chosen=bool(np.isin(chosen, there).any()), gain_months=gain)


def changes_of_limits(opened: Opened, there: Ints) -> tuple[Change, ...]:
    """Return the limits that the best pair of a school would break if it were added to the plan, each loosened alone.

    ``there``: the pairs of the school.
    """
    problem = opened.problem
    best = there[np.lexsort((there, -problem.benefit[there]))][:1]
    numbers = np.flatnonzero(_broken(problem, opened, best))
    return tuple(_loosened(opened, there, best, number) for number in numbers[:MOST].tolist())


def _broken(problem: PlacementProblem, opened: Opened, pair: Ints) -> NDArray[np.bool_]:
    """Return which hard limits of the scenario a pair more would break."""
    rules = opened.case.scenario.rules
    hard = [
        row.key in rules and row.sense == "<=" and row.measure == "number" and not len(row.auxiliaries)
        for row in problem.rows
    ]
    if not any(hard):
        return np.zeros(len(problem.rows), dtype=bool)
    more = _weights(problem, pair) + _activity(problem, opened)
    limit = np.array([row.rhs for row in problem.rows])
    return np.asarray(np.array(hard, dtype=bool) & (more > limit), dtype=bool)


def _weights(problem: PlacementProblem, pair: Ints) -> Ints:
    return np.asarray(Weights(problem).of_pairs(pair).toarray(), dtype=np.int64)[:, 0]


def _activity(problem: PlacementProblem, opened: Opened) -> Ints:
    auxiliary = opened.plan.auxiliary[: len(problem.auxiliaries)]
    return np.asarray(activities(problem, opened.plan.chosen, auxiliary), dtype=np.int64)


def _loosened(opened: Opened, there: Ints, pair: Ints, number: int) -> Change:
    problem, row = opened.problem, opened.problem.rows[number]
    needed = int(_activity(problem, opened)[number] + _weights(problem, pair)[number])
    rows = list(problem.rows)
    rows[number] = replace(row, rhs=needed)
    looser = replace(problem, rows=tuple(rows))
    best = solver_of(opened)(looser)
    change = Change(row.asked_by, row.rhs, needed, forced=forced(opened, with_one_of(looser, there)))
    if best.objective is None or best.status is Status.INFEASIBLE:
        return change
    return _judged(opened, change, there, best.chosen, best.objective)
