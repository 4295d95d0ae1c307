"""What a plan hangs on: it is made again with equal risks, without the need floor, and with each assumption moved.

Every parameter of the evidence that has a range (``low`` to ``high``) is tried at both ends, one at a time. A plan that
hardly changes rests on the rules and the map; one that changes much rests on the assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.record import RunRecord
from pilotage.config.overlay import Resolved
from pilotage.config.rules.need import NeedThreshold
from pilotage.domain.evidence import Evidence
from pilotage.domain.findings.hangs_on import Assumed, Doubt, Flag, HangsOn, Trial
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.panel import phases_of
from pilotage.errors import InfeasibleError, NoPlanInTimeError
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.solver.solve import AT_ONCE
from pilotage.placement.valuation.benefit import valued_pairs
from pilotage.sources.evidence import load_evidence
from pilotage.study.counted import counted_benefit
from pilotage.study.equal_risks import with_equal_risks

Ints = NDArray[np.int64]
Asked = tuple[Case, RiskForecast, Trial]  # what a trial is made from, and what it is

MOST_PAIRS = 10_000  # with more, only KEY parameters are tried, and plans need be best only within LOOSE
LOOSE = 0.005  # relative gap
KEY = ("inspection_validity", "carry_over", "leader_quality")
TOP = 0.2  # of a phase, by need
UNLIKELY = 0.3  # chance of a yes


@dataclass(frozen=True)
class Plan:
    """The plan that is tried: its pairs (leader, post), and the schools in the top fifth of their phase.

    ``eligible``: the pairs under its rules; no parameter of the evidence that is tried changes them. ``resolved``: its
    scenario, with the gap at which trials stop.
    """

    resolved: Resolved
    case: Case
    forecast: RiskForecast
    impact: ImpactMatrix
    pairs: pd.MultiIndex
    top_fifth: frozenset[int]
    eligible: Eligible


def with_hangs_on(resolved: Resolved, record: RunRecord, say: Callable[[str], None]) -> RunRecord:
    """Return a record with what its plan hangs on, where the scenario asks for that."""
    if not record.scenario.report.hangs_on or record.plan.objective is None:
        return record
    say("Trying the plan against other assumptions")
    return replace(record, hangs_on=hangs_on(resolved, record))


def hangs_on(resolved: Resolved, record: RunRecord) -> HangsOn:
    """Return what the plan of a record hangs on."""
    plan = _plan(resolved, record)
    tried, left_out = _parameters(plan)
    asked = [*_of_forecast(plan), *(each for name in tried for each in _of_parameter(plan, name))]
    with ThreadPoolExecutor(AT_ONCE if _small(plan.impact) else 1) as beside:  # several large ones need much memory
        trials = beside.map(lambda each: _tried(plan, *each), asked)
    share = _in_top_fifth(plan, plan.impact, record.plan.chosen)
    return HangsOn(share, tuple(trials), tuple(_flags(record)), left_out, plan.resolved.scenario.solver.gap)


def _plan(resolved: Resolved, record: RunRecord) -> Plan:
    evidence = load_evidence(dict(record.scenario.impact.parameters))
    case = Case(record.scenario, record.panel, record.urns, record.pool, record.posts, evidence)
    pairs = _named(record.impact, record.plan.chosen)
    eligible = valued_pairs(case, record.forecast)
    return Plan(_loosened(resolved, record), case, record.forecast, record.impact, pairs, _top_fifth(record), eligible)


def _loosened(resolved: Resolved, record: RunRecord) -> Resolved:
    """Return the scenario with the gap at which trials stop: a large decision would take minutes to prove each time."""
    solver = record.scenario.solver
    if not _small(record.impact):
        solver = solver.model_copy(update={"gap": max(solver.gap, LOOSE)})
    return replace(resolved, scenario=record.scenario.model_copy(update={"solver": solver}))


def _small(impact: ImpactMatrix) -> bool:
    return len(impact.pairs) <= MOST_PAIRS


def _named(impact: ImpactMatrix, chosen: Ints) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(impact.pairs.iloc[chosen][["leader_index", "post_index"]])


def _top_fifth(record: RunRecord) -> frozenset[int]:
    """Return the schools in the fifth of their phase at highest need."""
    table = record.forecast.table
    phase = phases_of(record.panel, table["urn"]).to_numpy(dtype=object)
    rank = table["need"].astype(float).groupby(phase).rank(pct=True, ascending=False, method="min")
    return frozenset(table.loc[rank.le(TOP).to_numpy(), "urn"].tolist())


def _parameters(plan: Plan) -> tuple[list[str], tuple[str, ...]]:
    """Return the parameters to try, and those left out."""
    ranged = [name for name, each in plan.case.parameters_used.items() if each.low is not None]
    small = _small(plan.impact) and plan.case.scenario.objective.measure == "expected_benefit"
    tried = ranged if small else [name for name in ranged if name in KEY]
    return tried, tuple(name for name in ranged if name not in tried)


def _of_forecast(plan: Plan) -> Iterator[Asked]:
    """Yield the trials of what the forecast and the need floor do."""
    rules = plan.case.scenario.rules
    others = {key: rule for key, rule in rules.items() if not isinstance(rule, NeedThreshold)}
    scenario = plan.case.scenario.model_copy(update={"rules": others})
    open_case = replace(plan.case, scenario=scenario)
    equal = with_equal_risks(plan.forecast, plan.case.panel)
    yield open_case, equal, Trial(Assumed.EQUAL_RISKS)
    if len(others) < len(rules):
        yield open_case, plan.forecast, Trial(Assumed.NO_NEED_FLOOR)


def _of_parameter(plan: Plan, name: str) -> Iterator[Asked]:
    """Yield the trials of one parameter at the ends of its range, the value in use left out."""
    parameter = plan.case.evidence.parameters[name]
    for value in (parameter.low, parameter.high):
        if value is not None and value != parameter.value:
            changed = Evidence(plan.case.evidence.parameters | {name: replace(parameter, value=value)})
            case = replace(plan.case, evidence=changed)
            yield case, plan.forecast, Trial(Assumed.PARAMETER, name, value, title=parameter.title)


def _tried(plan: Plan, case: Case, forecast: RiskForecast, trial: Trial) -> Trial:
    """Return a trial with what the best plan under it is."""
    known = plan.eligible if trial.assumed is Assumed.PARAMETER else valued_pairs(case, forecast)
    stated = pipeline.state(case, forecast, known)
    need_moved = trial.assumed is Assumed.EQUAL_RISKS and case.scenario.objective.need_weight > 0
    if not need_moved and _same_benefits(plan.impact, stated.impact):
        chosen = _positions(plan, stated.impact)
        return _measured(plan, stated, chosen, trial)
    try:
        decided = pipeline.decide(plan.resolved, stated)
    except (InfeasibleError, NoPlanInTimeError):
        return replace(trial, solved=False)
    return _measured(plan, replace(stated, problem=decided.problem), decided.plan.chosen, trial)


def _same_benefits(one: ImpactMatrix, other: ImpactMatrix) -> bool:
    """Return whether the pairs and their benefits are the same: then so is the plan."""
    columns = ["leader_index", "post_index", "benefit"]
    return one.pairs[columns].equals(other.pairs[columns])


def _measured(plan: Plan, stated: pipeline.Stated, chosen: Ints, trial: Trial) -> Trial:
    named = _named(stated.impact, chosen)
    return replace(
        trial,
        placements=len(chosen),
        differing=int((~named.isin(plan.pairs)).sum()),
        benefit=counted_benefit(stated, chosen),
        benefit_of_plan=counted_benefit(stated, _positions(plan, stated.impact)),
        in_top_fifth=_in_top_fifth(plan, stated.impact, chosen),
    )


def _positions(plan: Plan, impact: ImpactMatrix) -> Ints:
    """Return where the plan's pairs stand in another matrix, those that are in it."""
    every = pd.MultiIndex.from_frame(impact.pairs[["leader_index", "post_index"]])
    position = every.get_indexer(plan.pairs)
    return np.asarray(position[position >= 0], dtype=np.int64)


def _in_top_fifth(plan: Plan, impact: ImpactMatrix, chosen: Ints) -> float | None:
    schools = _schools(plan.case, impact, chosen)
    return sum(urn in plan.top_fifth for urn in schools) / len(schools) if schools else None


def _schools(case: Case, impact: ImpactMatrix, chosen: Ints) -> list[int]:
    """Return the school of each chosen pair."""
    urns = case.posts.posts["urn"].tolist()
    if impact.support is not None:
        urns += impact.support.schools["urn"].tolist()
    return [int(urns[post]) for post in impact.pairs["post_index"].to_numpy()[chosen].tolist()]


def _flags(record: RunRecord) -> Iterator[Flag]:
    """Yield the placements that are hard to believe in, and why."""
    placed = ~record.impact.supports(record.plan.chosen) & ~record.impact.asks(record.plan.chosen)
    chosen = record.plan.chosen[placed]
    pairs = record.impact.pairs.iloc[chosen]
    limits = record.pool.leaders["max_travel_km"].to_numpy()[pairs["leader_index"].to_numpy()]
    urns = pd.Series(record.posts.posts["urn"].to_numpy()[pairs["post_index"].to_numpy()])
    doubts = {
        Doubt.BEYOND_LIMIT: pairs["travel_km"].to_numpy() > limits,
        Doubt.UNLIKELY_YES: pairs["acceptance"].to_numpy() < UNLIKELY,
        Doubt.SEVERAL_LEADERS: urns.duplicated(keep=False).to_numpy(),
        Doubt.NO_ADDED_VALUE: pairs["effect_months"].to_numpy() < 0,
    }
    for number, pair in enumerate(chosen.tolist()):
        mine = tuple(doubt for doubt, holds in doubts.items() if holds[number])
        if mine:
            yield Flag(pair, mine)
