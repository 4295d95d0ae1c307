"""What the JSON files of a run hold."""

from __future__ import annotations

import sys
from typing import Any

from pilotage.domain.explanation import Baseline, RuleState
from pilotage.report.record import RunRecord
from pilotage.report.words import banner, pupil_months, synthetic

Json = dict[str, Any]


def plan_facts(record: RunRecord) -> Json:
    """Return plan.json: status, objective and proven bound (pupil-months, and the integers solved), rules, gains.

    ``gap`` is relative: 0 = no plan is better. A gain that is not corrected for the winner's curse (a plan is scored
    on the figures that chose it) is ``raw``; ``corrected`` and ``null_world`` are null until something makes them.
    """
    plan = record.plan
    return {
        "status": plan.status.value,
        "synthetic": synthetic(record),
        "banner": banner(record),
        "grade_proxy": record.panel.grade_proxy,
        "unit": "pupil-months of progress of disadvantaged pupils, modelled",
        "objective": pupil_months(record, plan.objective),
        "bound": pupil_months(record, plan.bound),
        "bound_lp": pupil_months(record, plan.bound_lp),
        "gap": plan.gap,
        "integers": {"scale": record.problem.scale, "objective": plan.objective, "bound": plan.bound},
        "placements": len(plan.chosen),
        "pairs_considered": len(record.problem.benefit),
        "rules": [_rule(state) for state in record.rule_states],
        "baselines": [_baseline(record, peer) for peer in record.baselines],
        "gain": {peer.name: _gain(record, peer) for peer in record.baselines},
        "null_world": {"corrected": None, "low": None, "high": None, "passes": None},
        "seed": record.scenario.solver.seed,
    }


def _rule(state: RuleState) -> Json:
    names = ("name", "rule", "label", "sense", "activity", "limit", "binding")
    return {name: getattr(state, name) for name in names} | {"price": None}


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
    return {"clean": record.audit.clean, "checks": checks}


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
        "inputs": dict(sorted(record.inputs.items())),
    }


def timing_facts(record: RunRecord, report_seconds: float) -> Json:
    """Return timings.json: seconds of each step, and the peak memory in MB (null on Windows)."""
    return {"seconds": record.timings | {"report": round(report_seconds, 3)}, "peak_memory_mb": peak_memory_mb()}


def peak_memory_mb() -> float | None:
    """Return the peak memory of this process in MB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)
