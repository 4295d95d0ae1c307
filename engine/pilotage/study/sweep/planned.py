"""Plan one scenario of a sweep: state, solve, audit. It reads no file, so that it runs on any machine."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.versions import versions
from pilotage.config.overlay import Resolved
from pilotage.domain.findings.explanation import Audit
from pilotage.domain.findings.sweep import Came, Chosen, Does, Result, SweptPlan
from pilotage.domain.forecast import ImpactMatrix, RiskForecast
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.plan import Status
from pilotage.errors import InfeasibleError, NoPlanInTimeError, Problem
from pilotage.placement.audit.audit import audit
from pilotage.report.run.expected import expected_of
from pilotage.study.counted import counted_benefit

CAME = {Status.OPTIMAL: Came.OPTIMAL, Status.FEASIBLE: Came.FEASIBLE}


@dataclass(frozen=True, eq=False)
class Shared:
    """What the scenarios of a group have in common; ``versions``: what every worker must have."""

    panel: SchoolPanel
    forecast: RiskForecast
    versions: dict[str, str]


@dataclass(frozen=True, eq=False)
class Task:
    """One scenario to plan: its key among finished ones, and its case without the schools, which the group shares."""

    key: str
    resolved: Resolved
    case: Case


class OtherVersionError(Exception):
    """A worker has other versions than the command; the message says which."""


def task_of(key: str, resolved: Resolved, case: Case) -> Task:
    """Return the task of a scenario, the rows of its panel left out."""
    tables = ("schools", "inspections", "school_years", "results", "absences", "visits")
    bare = {name: getattr(case.panel, name).head(0) for name in tables}
    return Task(key, resolved, replace(case, panel=replace(case.panel, **bare)))


def plan_task(shared: Shared, task: Task) -> Result:
    """Return what comes of a scenario, the same whatever the machine, the cores and what runs beside.

    Raises
    ------
    OtherVersionError
        Where this process has other versions than the one that asks.
    """
    _expect_versions(shared.versions)
    case = replace(task.case, panel=shared.panel)
    with threadpool_limits(limits=1):
        try:
            return _planned(task.resolved, case, shared.forecast)
        except InfeasibleError as error:
            return Result(Came.INFEASIBLE, problems=error.problems)
        except NoPlanInTimeError as error:
            return Result(Came.NO_PLAN_IN_TIME, problems=error.problems)


def _planned(resolved: Resolved, case: Case, forecast: RiskForecast) -> Result:
    stated = pipeline.state(case, forecast)
    decided = pipeline.decide(resolved, stated)
    checked = audit(pipeline.audit_case(case, forecast, stated), decided.problem, decided.plan)
    if not checked.clean:
        return Result(Came.AUDIT_FAILED, problems=_failed(checked))
    chosen, solved = decided.plan.chosen, replace(stated, problem=decided.problem)
    expected = expected_of(stated.impact, chosen)
    pairs = _pairs(solved, chosen)
    plan = SweptPlan(
        benefit=counted_benefit(solved, chosen),
        gap=decided.plan.gap,
        placed=len({each.leader_id for each in pairs if each.does is Does.PLACE}),
        accepted=round(expected.yes, 6),
        committed_gbp=expected.committed_gbp,
        spent_gbp=round(expected.spent_gbp, 6),
        chosen=pairs,
        eligible=tuple(np.unique(solved.problem.urns[solved.problem.post]).tolist()),
    )
    return Result(CAME[decided.plan.status], plan)


def _pairs(stated: pipeline.Stated, chosen: NDArray[np.int64]) -> tuple[Chosen, ...]:
    problem, does = stated.problem, _does(stated.impact, chosen)
    rows = zip(problem.leader[chosen].tolist(), problem.post[chosen].tolist(), does, strict=True)
    return tuple(
        sorted(
            Chosen(problem.leader_ids[leader], problem.post_ids[post], int(problem.urns[post]), what)
            for leader, post, what in rows
        )
    )


def _does(impact: ImpactMatrix, chosen: NDArray[np.int64]) -> list[Does]:
    asks, supports = impact.asks(chosen).tolist(), impact.supports(chosen).tolist()
    return [
        Does.ASK if ask else Does.SUPPORT if support else Does.PLACE
        for ask, support in zip(asks, supports, strict=True)
    ]


def _failed(checked: Audit) -> tuple[Problem, ...]:
    failed = (check for check in checked.checks if not check.holds)
    return tuple(Problem(f"audit, {check.name}", check.detail, "what the rules say") for check in failed)


def _expect_versions(wanted: dict[str, str]) -> None:
    own = versions()
    if own != wanted:
        differing = sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))
        raise OtherVersionError(", ".join(f"{name} {own.get(name)}, not {wanted.get(name)}" for name in differing))
