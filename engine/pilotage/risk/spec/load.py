"""The specs of models/<outcome>/spec.yaml: what is forecast, for whom, from what, how."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from pilotage.config.leaf import tree_of
from pilotage.config.refusals.faults import validated
from pilotage.config.written.fault import short
from pilotage.config.written.file import line_of, parsed
from pilotage.config.written.leaves import leaves_of
from pilotage.domain.checksums import Checksum
from pilotage.domain.outcomes import OUTCOMES
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.risk.features.declared import problems
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec

RESTORE = "restore it, or write the spec of the outcome"
Spec = LeadershipSpec | GapSpec
SPEC_OF_KIND: dict[str, type[LeadershipSpec] | type[GapSpec]] = {"leadership": LeadershipSpec, "gap": GapSpec}


def load_specs(folder: Path) -> dict[str, Spec]:
    """Return the spec of each outcome.

    Raises
    ------
    ScenarioError
        For every key that is unknown or of a wrong type, and every feature that does not exist, of all specs.
    """
    specs, wrong = dict[str, Spec](), list[Problem]()
    for name in OUTCOMES:
        try:
            specs[name] = load_spec(folder, name)
        except ScenarioError as error:
            wrong += error.problems
    raise_all(ScenarioError, wrong)
    return specs


def load_spec(folder: Path, name: str) -> Spec:
    """Return the spec of one outcome.

    Raises
    ------
    ScenarioError
        As ``load_specs``, of this outcome alone.
    """
    shown = f"{name}/spec.yaml"
    leaves = leaves_of(parsed(folder / name / "spec.yaml", RESTORE, shown), partial(line_of, shown))
    spec = validated(SPEC_OF_KIND[OUTCOMES[name].kind], tree_of(leaves), leaves, shown)
    if spec.outcome != name:
        where = f"{leaves['outcome',].origin}: outcome"
        raise ScenarioError(Problem(where, f"found {spec.outcome}", name, "write the name of the folder"))
    raise_all(ScenarioError, _undeclared(shown, spec))
    return spec


def _undeclared(where: str, spec: Spec) -> list[Problem]:
    declared = spec.features if isinstance(spec, LeadershipSpec) else spec.transition.features
    return [problem for name, feature in declared.items() for problem in problems(where, short(name), feature)]


def with_labels_from(specs: dict[str, Spec], first: date | None) -> dict[str, Spec]:
    """Return specs whose labels are of inspections from a day on (null: as they are); earlier pairs are then none."""
    if first is None:
        return specs
    return {name: _from(spec, first) if isinstance(spec, LeadershipSpec) else spec for name, spec in specs.items()}


def _from(spec: LeadershipSpec, first: date) -> LeadershipSpec:
    starts = max(first, spec.label_window.starts or first)
    window = spec.label_window.model_copy(update={"starts": starts})
    return spec.model_copy(update={"label_window": window, "earlier_pairs": None})


def spec_hash(spec: Spec) -> str:
    """Return the short hash of a spec."""
    return Checksum().text(spec.model_dump_json()).hex[:16]
