"""A sweep as one JSON object."""

from __future__ import annotations

import json
from typing import Any

from pilotage.domain.findings.sweep import Does, Moves, Often, Sweep, Swept, SweptPlan
from pilotage.report.sweep import words

Json = dict[str, Any]


def sweep_json(sweep: Sweep) -> Json:
    """Return a sweep as one object: scenarios, schools and keys, without placements, which placements.csv has."""
    counts = words.often(sweep)
    return {
        "scenario": sweep.scenario,
        "as_of": sweep.as_of.isoformat(),
        "synthetic": sweep.synthetic,
        "unit": "pupil-months of progress of disadvantaged pupils, modelled",
        "plans": len(sweep.plans),
        "scenarios": [_scenario(each) for each in sweep.scenarios],
        "schools": {often.value: counts[often] for often in Often},
        "moves": [_moves(each) for each in sweep.moves],
    }


def _scenario(each: Swept) -> Json:
    return {
        "scenario": each.number,
        "settings": {key: _plain(value) for key, value in each.settings.items()},
        "removed": [key for key, value in each.settings.items() if value is None],
        "drawn": each.drawn,
        "came": each.came.value,
        "plan": None if each.plan is None else _plan(each.plan),
        "reasons": [vars(reason) for reason in each.reasons],
    }


def _plan(plan: SweptPlan) -> Json:
    return {
        "benefit": plan.benefit,
        "gap": plan.gap,
        "leaders_placed": plan.placed,
        "asks": len(plan.of(Does.ASK)),
        "supported": len(plan.of(Does.SUPPORT)),
        "accepted": plan.accepted,
        "committed_gbp": plan.committed_gbp,
        "spent_gbp": plan.spent_gbp,
    }


def _moves(each: Moves) -> Json:
    means = [
        {
            "value": _plain(mean.value),
            **({} if mean.highest is None else {"highest": _plain(mean.highest)}),
            "plans": mean.plans,
            "benefit": mean.benefit,
        }
        for mean in each.means
    ]
    named = ("key", "range", "largest", "changed", "pairs", "balanced")
    return {name: getattr(each, name) for name in named} | {"means": means}


def _plain(value: str | None) -> Any:
    return None if value is None else json.loads(value)
