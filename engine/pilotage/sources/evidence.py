"""The evidence parameters from data/reference/evidence.yaml, with a scenario's replacements."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from ruamel.yaml import YAML

from pilotage import assets
from pilotage.domain.evidence import Evidence, Parameter
from pilotage.errors import Problem, ScenarioError, raise_all

KEY = "impact.parameters"
RETIRED = {  # parameters of earlier versions -> what has taken their place
    "responsiveness_slope": "inspection_validity and carry_over say how the effect depends on the school",
    "fall_value_pupil_months": "fall_value_months is the worth of a fall averted to each disadvantaged pupil",
    "effect_head_primary_months": "months_per_sd_primary_below, months_per_sd_primary_above and leader_quality",
    "effect_head_secondary_months": "months_per_sd_secondary_below, months_per_sd_secondary_above and leader_quality",
    "effect_sd_ratio": "leader_quality_sd is the spread of leaders' quality",
}


def load_evidence(overrides: dict[str, float]) -> Evidence:
    """Return the parameters, those of ``overrides`` replaced.

    Raises
    ------
    ScenarioError
        For each name that is not a parameter, and each value out of its range.
    """
    known = _parameters((assets.reference() / "evidence.yaml").read_text(encoding="utf-8"))
    raise_all(ScenarioError, (problem for name, value in overrides.items() for problem in _wrong(name, value, known)))
    changed = {name: replace(known[name], value=value, changed=True) for name, value in overrides.items()}
    return Evidence(known | changed)


@cache
def _parameters(text: str) -> dict[str, Parameter]:
    """Return the parameters of a text, by name; not to be changed."""
    return {name: Parameter(name=name, **entry) for name, entry in YAML(typ="safe").load(text).items()}


def _wrong(name: str, value: float, known: dict[str, Parameter]) -> list[Problem]:
    key = (*KEY.split("."), name)
    if name in RETIRED:
        return [Problem(f"{KEY}.{name}", "no longer a parameter", f"instead: {RETIRED[name]}", "replace it", key=key)]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "see data/reference/evidence.yaml"
        return [Problem(f"{KEY}.{name}", "no such parameter", "a name in data/reference/evidence.yaml", hint, key=key)]
    limits = known[name]
    if not limits.minimum <= value <= limits.maximum:
        allowed = f"{limits.minimum:,.9g} to {limits.maximum:,.9g} {limits.unit}"
        return [Problem(f"{KEY}.{name}", f"found {value:,.9g}", allowed, "change the value", key=key)]
    return []
