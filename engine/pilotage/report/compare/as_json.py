"""A comparison of two runs as one JSON object."""

from __future__ import annotations

from typing import Any

from pilotage.domain.findings.comparison import Attribution, Comparison, LeaderChange, Pair
from pilotage.report.compare import words

SCHEMA_VERSION = 1  # of what `pilotage compare --json` prints
Json = dict[str, Any]


def comparison_json(found: Comparison) -> Json:
    """Return a comparison as one object."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": found.before.folder,
        "after": found.after.folder,
        "audit_failed": words.failure(found),
        "warnings": words.warnings(found),
        "figures": {each.figure.value: {"before": each.before, "after": each.after} for each in found.figures},
        "settings": [vars(each) | {"words": vars(each.words)} for each in found.settings],
        "leaders": [change_facts(each) for each in found.leaders],
        "lists": {
            each.name.value: {"in": list(each.came), "out": list(each.went), "first": each.top} for each in found.lists
        },
        "attribution": None if found.attribution is None else _attribution(found.attribution),
        "no_attribution": list(found.why_not),
    }


def change_facts(change: LeaderChange) -> Json:
    """Return what became of a leader as one object."""
    return {
        "leader_id": change.leader_id,
        "change": change.change.value,
        "before": [vars(post) for post in change.before],
        "after": [vars(post) for post in change.after],
        "made_by": list(change.made_by),
    }


def _attribution(made: Attribution) -> Json:
    effects = [
        {
            "key": each.setting.key,
            "alone": each.alone.value,
            "benefit": each.benefit,
            "proven": each.proven,
            "changes_nothing": each.changes_nothing,
            "gained": _pairs(each.gained),
            "lost": _pairs(each.lost),
        }
        for each in made.effects
    ]
    parts = {"together": made.together, "rest": made.rest, "reproduced": made.reproduced}
    return {"unit": "pupil-months", "total": made.total, "settings": effects} | parts


def _pairs(pairs: frozenset[Pair]) -> list[list[str]]:
    return [list(pair) for pair in sorted(pairs)]
