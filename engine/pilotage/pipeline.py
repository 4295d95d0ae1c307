"""The story, without logic: scenario -> panel -> forecast -> impact -> problem -> plan -> audit -> record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pilotage import assets
from pilotage.case.clock import Clock
from pilotage.config.overlay import Resolved
from pilotage.config.refusals.located import located
from pilotage.errors import InfeasibleError, NoPlanInTimeError, Problem, beside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pilotage.assets import Store
    from pilotage.case.case import Case
    from pilotage.case.record import RunRecord
    from pilotage.config.scenario import Scenario
    from pilotage.domain.findings.accuracy import Accuracy
    from pilotage.domain.findings.explanation import Alternatives, Audit, Baseline
    from pilotage.domain.findings.sharing import Sharing
    from pilotage.domain.forecast import ImpactMatrix, RiskForecast
    from pilotage.domain.inputs import Inputs
    from pilotage.domain.panel import SchoolPanel
    from pilotage.domain.plan import PlacementPlan, PlacementProblem
    from pilotage.domain.statistics.cvar import Cvar, CvarState
    from pilotage.placement.audit.case import AuditCase
    from pilotage.placement.eligibility.pairs import Eligible

Say = Callable[[str], None]
Known = Callable[["Inputs"], None]  # told of every file of a run once all are read, before the work begins


def _silent(_message: object) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Stated:
    """The decision stated: what each pair is worth, the problem in integers, and the worst draws if they count.

    ``answered``: file and row of each pin that an answer in a table makes, by the key of its row.
    """

    impact: ImpactMatrix
    problem: PlacementProblem
    worst_draws: Cvar | None = None
    answered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decided:
    """The decision made: the problem as solved, its plan, and what the worst draws make of it."""

    problem: PlacementProblem
    plan: PlacementPlan
    worst_draws: CvarState | None = None


@dataclass(frozen=True)
class Foreseen:
    """A forecast of the schools in scope, and how well forecasts like it did where they were tested."""

    forecast: RiskForecast
    accuracy: Accuracy


def read_panel(resolved: Resolved, say: Say = _silent) -> SchoolPanel:
    """Read all that is known of the schools of a scenario, whatever its scope."""
    from pilotage.sources import assemble

    with located(resolved.leaves):
        return assemble.load_panel(resolved.scenario, cache=assets.cache(), say=say)


def schools(resolved: Resolved, say: Say = _silent) -> tuple[SchoolPanel, NDArray[np.int64]]:
    """Read the schools of a scenario; return them and the URNs in scope."""
    from pilotage.sources import assemble

    panel = read_panel(resolved, say)
    with located(resolved.leaves):
        return panel, assemble.scope_urns(panel, resolved.scenario)


def gather(resolved: Resolved, say: Say = _silent) -> Case:
    """Read the schools, the leaders and the posts of a scenario."""
    return gather_pool(resolved, read_panel(resolved, say))


def gather_pool(resolved: Resolved, panel: SchoolPanel) -> Case:
    """Read the leaders and the posts of a scenario whose panel is read already."""
    with located(resolved.leaves):
        return _case(resolved.scenario, panel)


def _case(scenario: Scenario, panel: SchoolPanel) -> Case:
    from pilotage.case.case import Case
    from pilotage.placement.eligibility.answered import with_answers, with_opened_posts
    from pilotage.placement.eligibility.known_pairs import with_known_pairs
    from pilotage.placement.formulation.names import check_names
    from pilotage.placement.prospects import with_prospects
    from pilotage.sources import assemble, evidence
    from pilotage.sources.pool import left_out, tables, unused_values
    from pilotage.sources.schools.decidable import expect_decidable

    parameters = evidence.load_evidence(dict(scenario.impact.parameters))
    urns = assemble.scope_urns(panel, scenario)
    with beside(assemble.part_of_england(scenario, panel)):
        expect_decidable(panel, urns)
        leaders, posts = tables.load_pool(scenario, panel, urns)
    unused = unused_values.notes(leaders.leaders, posts.posts, parameters)
    read = (*leaders.notes, *posts.notes)
    panel = replace(panel, notes=(*panel.notes, *read, *left_out.notes(scenario.pool.leave_out), *unused))
    known = with_known_pairs(scenario, posts.pairs, posts.answers)
    case = with_answers(with_prospects(with_opened_posts(Case(known, panel, urns, leaders, posts, parameters))))
    check_names(case)
    return case


def foresee(resolved: Resolved, case: Case, say: Say = _silent, store: Store | None = None) -> RiskForecast:
    """Forecast every outcome for the schools in scope, with what the store holds of it already."""
    return foresee_schools(resolved, case.panel, case.urns, say, store)


def foresee_schools(
    resolved: Resolved, panel: SchoolPanel, urns: NDArray[np.int64], say: Say = _silent, store: Store | None = None
) -> RiskForecast:
    """Forecast every outcome for some schools, without leaders and posts.

    Raises
    ------
    DataError
        Also where a file is no longer as it was read.
    """
    from pilotage.domain.inputs import expect_unchanged
    from pilotage.risk.forecast import forecast_risk
    from pilotage.risk.spec.load import load_specs, with_labels_from

    specs = with_labels_from(load_specs(assets.models()), resolved.scenario.risk.labels_from)
    forecast = forecast_risk(panel, resolved.scenario, urns, specs=specs, store=store or assets.store(), say=say)
    expect_unchanged(panel.inputs)
    return forecast


class NoPlanKeepsError(InfeasibleError):
    """The hard rules cannot hold together; ``case`` and ``forecast``: what the decision was stated from."""

    def __init__(self, error: InfeasibleError, case: Case, forecast: RiskForecast) -> None:
        super().__init__(error.problems)
        self.case, self.forecast = case, forecast


def state(case: Case, forecast: RiskForecast, known: Eligible | None = None) -> Stated:
    """Value every eligible pair and state the problem in integers.

    ``known``: the eligible pairs of another statement under the same rules; the ranges of benefits are then left out.
    """
    from pilotage.placement.analysis.impossible import refuse_impossible
    from pilotage.placement.formulation.equity import pair_weights, weighted
    from pilotage.placement.formulation.pins import answered_rows
    from pilotage.placement.formulation.problem import placement_problem
    from pilotage.placement.valuation.benefit import impact_matrix, valued_pairs

    eligible = valued_pairs(case, forecast) if known is None else known
    impact = impact_matrix(case, forecast, eligible, ranges=known is None)
    problem = placement_problem(case, impact, eligible.tables_of(case))
    answered = answered_rows(case.scenario)
    refuse_impossible(problem, answered)
    weight = pair_weights(case, problem, forecast.need)
    return Stated(impact, weighted(problem, impact, weight), _worst_draws(case, forecast, impact, weight), answered)


def _worst_draws(case: Case, forecast: RiskForecast, impact: ImpactMatrix, weight: NDArray[np.float64]) -> Cvar | None:
    """Draw the benefits, where the objective looks at the worst draws."""
    from pilotage.domain.statistics.cvar import Cvar
    from pilotage.placement.candidates import SCALE
    from pilotage.placement.formulation.equity import expected
    from pilotage.placement.valuation.benefit_draws import benefit_draws

    objective = case.scenario.objective
    if objective.measure != "mean_less_cvar":
        return None
    draws = benefit_draws(case, forecast, impact, SCALE * weight)
    return Cvar(draws, expected(impact, SCALE, weight), objective.worst, objective.weight)


def decide(resolved: Resolved, stated: Stated) -> Decided:
    """Solve the problem.

    Raises
    ------
    InfeasibleError
        No plan satisfies the rules.
    NoPlanInTimeError
        None was found within ``solver.time_limit_seconds``.
    """
    from pilotage.domain.plan import Status
    from pilotage.placement.analysis.conflicts import no_plan
    from pilotage.placement.solver.cvar import cvar_state, solve_cvar
    from pilotage.placement.solver.solve import solve

    solver = resolved.scenario.solver
    seconds, problem = solver.time_limit_seconds, stated.problem
    if stated.worst_draws is None:
        decided = Decided(problem, solve(problem, time_limit_seconds=seconds, seed=solver.seed, gap=solver.gap))
    else:
        proof = solve_cvar(problem, stated.worst_draws, time_limit_seconds=seconds, seed=solver.seed)
        decided = Decided(proof.problem, proof.plan, cvar_state(problem.scale, stated.worst_draws, proof))
    plan = decided.plan
    if plan.status is Status.INFEASIBLE:
        raise no_plan(resolved.scenario.name, problem, solver.seed, stated.answered)
    if plan.status is Status.NO_PLAN_IN_TIME:
        what = f"no plan within {solver.time_limit_seconds:g} seconds"
        raise NoPlanInTimeError(Problem("solver.time_limit_seconds", what, "a longer limit", "raise it"))
    return decided


def run(resolved: Resolved, say: Say = _silent, known: Known = _silent) -> RunRecord:
    """Tell the whole story of a scenario and return its record, nothing written."""
    clock = Clock()
    case = _gathered(resolved, clock, say)
    known(case.inputs)
    with clock.step("risk"):
        foreseen = foresee_tested(resolved, case, say)
    return plan(resolved, case, foreseen, say, clock)


def foresee_tested(resolved: Resolved, case: Case, say: Say = _silent) -> Foreseen:
    """Forecast the schools in scope of a case, and say how well forecasts like that did."""
    from pilotage.risk.evaluation.measured import measured_accuracy

    say(f"Forecasting {len(case.urns):,} schools")
    forecast = foresee(resolved, case, say)
    return Foreseen(forecast, measured_accuracy(case, forecast, assets.models()))


def plan(
    resolved: Resolved, case: Case, foreseen: Foreseen, say: Say = _silent, clock: Clock | None = None
) -> RunRecord:
    """Tell the story from a forecast on: value, solve and audit, and return the record of it all, nothing written."""
    forecast = foreseen.forecast
    case = replace(case, panel=replace(case.panel, notes=(*case.panel.notes, *forecast.notes)))
    return replace(_planned(resolved, case, forecast, clock or Clock(), say), accuracy=foreseen.accuracy)


def place(resolved: Resolved, file: Path, say: Say = _silent, known: Known = _silent) -> RunRecord:
    """Tell the story with the forecast of a file in the place of Pilotage's own."""
    from pilotage.domain.findings.accuracy import Accuracy
    from pilotage.sources.forecast_file import read_forecast

    clock = Clock()
    case = _gathered(resolved, clock, say)
    say(f"Reading the forecast {file.name}")
    with clock.step("risk"):
        given = read_forecast(file, resolved.scenario, case.panel, case.urns)
    panel = replace(case.panel, notes=case.panel.notes + given.notes, inputs=(*case.panel.inputs, *given.inputs))
    case = replace(case, panel=panel)
    known(case.inputs)
    record = _planned(resolved, case, given.forecast, clock, say)
    return replace(record, accuracy=Accuracy(own_file=True))


def _gathered(resolved: Resolved, clock: Clock, say: Say) -> Case:
    say("Reading schools, leaders and posts")
    with clock.step("sources"):
        return gather(resolved, say)


def _planned(resolved: Resolved, case: Case, forecast: RiskForecast, clock: Clock, say: Say) -> RunRecord:
    """Value, solve and audit: the story once the risks are known. A file that changed since it was read is refused."""
    from pilotage.domain.inputs import expect_unchanged
    from pilotage.placement.audit.audit import audit

    stated, decided = _decided(resolved, case, forecast, clock, say)
    say("Auditing the plan")
    with clock.step("audit"):
        to_audit = audit_case(case, forecast, stated)
        checked = audit(to_audit, decided.problem, decided.plan)
        peers = _peers(stated, forecast, resolved.scenario.solver.seed)
    with clock.step("explain"):
        record = _record(resolved, case, forecast, stated, decided)
    with clock.step("alternatives"):
        near_best = _alternatives(to_audit, decided, say)
    expect_unchanged(case.inputs)
    return replace(
        record,
        audit=checked,
        baselines=peers,
        alternatives=near_best,
        alternatives_sharing=tuple(_sharing(stated, decided, other.chosen) for other in near_best.plans),
        timings=clock.seconds,
    )


def _decided(resolved: Resolved, case: Case, forecast: RiskForecast, clock: Clock, say: Say) -> tuple[Stated, Decided]:
    try:
        say("Valuing every eligible pair")
        with clock.step("impact"), located(resolved.leaves):
            stated = state(case, forecast)
        say(f"Solving over {len(stated.problem.benefit):,} pairs")
        with clock.step("solve"), located(resolved.leaves):
            return stated, decide(resolved, stated)
    except InfeasibleError as error:
        raise NoPlanKeepsError(error, case, forecast) from None


def _record(resolved: Resolved, case: Case, forecast: RiskForecast, stated: Stated, decided: Decided) -> RunRecord:
    """Return the record of a plan and of what explains it, before it is audited and compared."""
    from pilotage.case.places import folders_of
    from pilotage.case.record import RunRecord
    from pilotage.case.versions import versions
    from pilotage.domain.findings.explanation import Audit
    from pilotage.placement.analysis.asking import asking
    from pilotage.placement.analysis.plan_case import PlanCase
    from pilotage.placement.analysis.reserves import reserve_names, reserve_pairs
    from pilotage.placement.analysis.shadow_prices import rule_states
    from pilotage.placement.analysis.unplaced import unplaced
    from pilotage.placement.analysis.value_if_asked.values import ask_values
    from pilotage.placement.context import context_of

    context = context_of(case, forecast.need)
    explained = PlanCase(decided.problem, decided.plan, stated.impact, context)
    reserves = reserve_pairs(decided.problem, decided.plan)
    return RunRecord(
        scenario=case.scenario,
        resolved_yaml=resolved.yaml,
        panel=case.panel,
        urns=case.urns,
        forecast=forecast,
        pool=case.pool,
        posts=case.posts,
        impact=stated.impact,
        problem=decided.problem,
        plan=decided.plan,
        audit=Audit(()),
        baselines=(),
        rule_states=rule_states(explained),
        reserves=reserve_names(decided.problem, reserves),
        assumptions=stated.impact.assumptions,
        inputs=case.inputs,
        versions=versions(),
        timings={},
        cvar=decided.worst_draws,
        ask_values=ask_values(case, forecast, explained, worst_draws=decided.worst_draws is not None),
        unplaced=unplaced(explained),
        sharing=_sharing(stated, decided, decided.plan.chosen),
        folders=folders_of(resolved),
        asking=asking(decided.problem, decided.plan, stated.impact, reserves, case.scenario.solver.seed),
    )


def _sharing(stated: Stated, decided: Decided, chosen: NDArray[np.int64]) -> Sharing:
    """Return what the placements of a plan lose to other leaders of their school."""
    from pilotage.placement.analysis.pupils_counted import sharing

    return sharing(stated.impact, decided.problem, chosen)


def audit_case(case: Case, forecast: RiskForecast, stated: Stated) -> AuditCase:
    """Return what the audit starts from."""
    from pilotage.placement.audit.case import AuditCase

    return AuditCase.of(case, forecast, stated.impact, stated.worst_draws)


def _alternatives(case: AuditCase, decided: Decided, say: Say) -> Alternatives:
    """Look for the alternatives that the scenario asks for, and audit each."""
    from pilotage.placement.analysis.alternatives import Effort, alternatives
    from pilotage.placement.audit.audit import audit_alternative

    problem, plan = decided.problem, decided.plan
    solver, wanted = case.scenario.solver, case.scenario.report.alternatives
    if wanted.count:
        say("Looking for other plans that are nearly as good")

    def auditor(other: PlacementPlan) -> Audit:
        return audit_alternative(case, problem, other, plan.objective or 0)

    effort = Effort(solver.time_limit_seconds, solver.seed)
    return alternatives(problem, plan, case.cvar, wanted, auditor, effort)


def _peers(stated: Stated, forecast: RiskForecast, seed: int) -> tuple[Baseline, ...]:
    """Place in simpler ways, and score them as the plan is scored."""
    from pilotage.placement.analysis.baselines import baselines
    from pilotage.placement.solver.cvar import rescored

    made = baselines(stated.problem, _need_of_pairs(forecast, stated.problem), seed)
    asks = [int(stated.impact.asks(peer.chosen).sum()) for peer in made]
    peers = tuple(replace(peer, placements=peer.placements - ask) for peer, ask in zip(made, asks, strict=True))
    return peers if stated.worst_draws is None else tuple(rescored(stated.worst_draws, peer) for peer in peers)


def _need_of_pairs(forecast: RiskForecast, problem: PlacementProblem) -> NDArray[np.float64]:
    """Return the need of each pair's school, NaN where unknown."""
    return np.asarray(forecast.need.reindex(problem.urns[problem.post]).to_numpy(), dtype=np.float64)
