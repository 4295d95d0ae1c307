"""What the JSON files of a run hold."""

from __future__ import annotations

import sys
from typing import Any

from pilotage.case.places import folder_facts, input_facts
from pilotage.case.record import RunRecord
from pilotage.config.rules.catalogue import BARS
from pilotage.domain.findings.explanation import Baseline, RuleState
from pilotage.report.lists.bands import need_bands
from pilotage.report.lists.counted import alternative_benefits, expected_benefit
from pilotage.report.lists.supply_by_area import supply_by_area
from pilotage.report.run.accuracy import accuracy_facts
from pilotage.report.run.data import data_facts
from pilotage.report.run.empty_plan import nobody_words
from pilotage.report.run.expected import expected_facts
from pilotage.report.run.hangs_on import hangs_on_facts
from pilotage.report.run.objective import objective_measure, objective_unit, value_unit
from pilotage.report.run.proof import proof_facts
from pilotage.report.run.rule_words import asks, in_order, rule_name, standing
from pilotage.report.run.what_if import what_if_facts
from pilotage.report.words import asks as asks_of
from pilotage.report.words import banner, interventions, pupil_months, synthetic

Json = dict[str, Any]


def plan_facts(record: RunRecord) -> Json:
    """Return plan.json: status, objective and proven bound (pupil-months, and the integers solved), rules, gains.

    ``benefit`` is the plan's expected benefit, unweighted; ``objective``, ``bound`` and what baselines reach are in
    ``objective_unit``.

    ``gap`` is relative: 0 = no plan is better. A gain that is not corrected for the winner's curse (a plan is scored
    on the figures that chose it) is ``raw``; ``corrected`` and ``null_world`` are null until something makes them.
    """
    plan = record.plan
    return {
        "status": plan.status.value,
        "synthetic": synthetic(record),
        "banner": banner(record),
        "grade_proxy": record.panel.grade_proxy,
        "data": data_facts(record),
        "unit": "pupil-months of progress of disadvantaged pupils, modelled",
        "benefit": round(expected_benefit(record), 6),
        "objective_measure": objective_measure(record),
        "objective_unit": objective_unit(record),
        "objective": pupil_months(record, plan.objective),
        "bound": pupil_months(record, plan.bound),
        "bound_lp": pupil_months(record, plan.bound_lp),
        "gap": plan.gap,
        "proof": proof_facts(record),
        "integers": {"scale": record.problem.scale, "objective": plan.objective, "bound": plan.bound},
        "placements": len(interventions(record)[0]),
        "supported": len(interventions(record)[1]),
        **({"asks": len(asks_of(record))} if record.scenario.pool.prospects else {}),
        "leaders": _leaders(record),
        "nobody_placed": nobody_words(record),
        "held_back": _held_back(record),
        "areas": [vars(each) for each in supply_by_area(record, need_bands(record))],
        "pairs_considered": len(record.problem.benefit),
        "rules": [_rule(record, state) for state in in_order(record.rule_states)],
        "baselines": [_baseline(record, peer) for peer in record.baselines],
        "gain": {peer.name: _gain(record, peer) for peer in record.baselines},
        "worst_draws": _worst_draws(record),
        "alternatives": _alternatives(record),
        "expected": expected_facts(record),
        "hangs_on": hangs_on_facts(record),
        "what_if": what_if_facts(record),
        "measured_accuracy": accuracy_facts(record),
        "null_world": {"corrected": None, "low": None, "high": None, "passes": None},
        "seed": record.scenario.solver.seed,
    }


def _leaders(record: RunRecord) -> Json:
    """Return how many leaders are placed, only ask, or do neither; together they are all leaders."""
    placed = {int(record.problem.leader[pair]) for pair in interventions(record)[0]}
    asking = {int(record.problem.leader[pair]) for pair in asks_of(record)} - placed
    return {"placed": len(placed), "asking": len(asking), "unplaced": len(record.unplaced)}


def _held_back(record: RunRecord) -> list[Json]:
    """Return the posts that lots held back as a trial's comparison group."""
    barred = record.impact.ineligible
    by_lot = [code for code, bar in BARS.items() if bar.by_lot]
    drawn = barred.loc[barred["reason"].isin(by_lot), "post_index"]
    problem = record.problem
    return [{"post_id": problem.post_ids[post], "urn": int(problem.urns[post])} for post in drawn.astype(int)]


def _rule(record: RunRecord, state: RuleState) -> Json:
    """Return a rule's state; ``label`` says what it asks, ``standing`` how it stands, in words."""
    names = (
        *("key", "rule", "acts", "measure", "unit", "sense", "activity", "limit", "whole", "share", "share_limit"),
        *("binding", "can_bind", "hard", "breach_price", "breach", "barred_alone", "closed_posts", "price"),
    )
    basis = None if state.price is None else "plan" if state.price_of_plan else "linear optimum"
    words = {"name": rule_name(state), "label": asks(state, record.scenario), "standing": standing(state)}
    return words | {"part": list(state.part)} | {name: getattr(state, name) for name in names} | {"price_of": basis}


def _worst_draws(record: RunRecord) -> Json | None:
    """Return the mean and the worst draws of the plan and of the plan of highest expected benefit."""
    cvar = record.cvar
    if cvar is None:
        return None
    return {
        "draws": cvar.draws,
        "worst": cvar.worst,
        "cvar_weight": cvar.weight,
        "unit": value_unit(record),
        "plan": {"mean": cvar.mean, "cvar": cvar.worst_mean},
        "expected_benefit_plan": {"mean": cvar.expected_plan_mean, "cvar": cvar.expected_plan_worst_mean},
    }


def _alternatives(record: RunRecord) -> list[Json]:
    benefit = alternative_benefits(record)
    return [
        {
            "number": number,
            "status": plan.status.value,
            "placements": int((~record.impact.asks(plan.chosen)).sum()),
            "new_schools": plan.new_schools,
            "most_new_schools": plan.most_new_schools,
            "gap": plan.gap,
            "benefit": round(benefit[number - 1], 6),
            "objective": pupil_months(record, plan.objective),
            "audit_clean": plan.audit.clean,
        }
        for number, plan in enumerate(record.alternatives.plans, start=1)
    ]


def _baseline(record: RunRecord, peer: Baseline) -> Json:
    return {
        "name": peer.name,
        "label": peer.label,
        "placements": peer.placements,
        "objective": pupil_months(record, peer.objective),
        "unmet": list(peer.unmet),
    }


def _gain(record: RunRecord, peer: Baseline) -> Json:
    return {"raw": raw_gain(record, peer), "corrected": None, "low": None, "high": None, "basis": "assumed"}


def raw_gain(record: RunRecord, peer: Baseline) -> float | None:
    """Return by how many pupil-months the plan's score exceeds a baseline's, not corrected."""
    objective = record.plan.objective
    return None if objective is None else pupil_months(record, objective - peer.objective)


def audit_facts(record: RunRecord) -> Json:
    """Return audit.json: whether all is well, and each check."""
    checks = [{"name": check.name, "holds": check.holds, "detail": check.detail} for check in record.audit.checks]
    names = ("audit_proven_gap", "audit_proven_how")
    return {"clean": record.audit.clean, **{name: proof_facts(record)[name] for name in names}, "checks": checks}


def manifest_facts(record: RunRecord) -> Json:
    """Return manifest.json: what went in."""
    return {
        "scenario": record.scenario.name,
        "why": record.scenario.why,
        "as_of": record.scenario.as_of.isoformat(),
        "synthetic": synthetic(record),
        "banner": banner(record),
        "grade_proxy": record.panel.grade_proxy,
        "notes": list(record.panel.notes),
        "versions": dict(sorted(record.versions.items())),
        "folders": folder_facts(record.folders),
        "inputs": input_facts(record.inputs, record.folders),
        "outcomes": {name: vars(state) for name, state in record.forecast.outcomes.items()},
    }


def timing_facts(record: RunRecord, report_seconds: float) -> Json:
    """Return timings.json: seconds of each step, and the peak memory in MB (null on Windows)."""
    own = {"audit_alone": round(record.audit.seconds, 3), "report": round(report_seconds, 3)}
    return {"seconds": record.timings | own, "peak_memory_mb": peak_memory_mb()}


def peak_memory_mb() -> float | None:
    """Return the peak memory of this process in MB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
