"""The specs of models/<outcome>/spec.yaml: what is forecast, for whom, from what, how."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pilotage.domain.checksums import Checksum
from pilotage.domain.outcomes import OUTCOMES
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.risk.features.declared import problems
from pilotage.risk.spec.gap import GapSpec
from pilotage.risk.spec.leadership import LeadershipSpec

Spec = LeadershipSpec | GapSpec
SPEC_OF_KIND: dict[str, type[LeadershipSpec] | type[GapSpec]] = {"leadership": LeadershipSpec, "gap": GapSpec}


def load_specs(folder: Path) -> dict[str, Spec]:
    """Return the spec of each outcome.

    Raises
    ------
    ScenarioError
        For every key that is unknown or of a wrong type, and every feature that does not exist.
    """
    specs = {name: _load(folder / name / "spec.yaml", SPEC_OF_KIND[outcome.kind]) for name, outcome in OUTCOMES.items()}
    raise_all(
        ScenarioError,
        [problem for name, spec in specs.items() for problem in _undeclared(folder / name / "spec.yaml", spec)],
    )
    return specs


def _load(path: Path, kind: type[LeadershipSpec] | type[GapSpec]) -> Spec:
    try:
        content: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return kind.model_validate(content)
    except OSError as error:
        raise ScenarioError(Problem(str(path), f"cannot be read ({error.strerror})", "a spec", "restore it")) from None
    except YAMLError as error:
        raise ScenarioError(Problem(str(path), f"is not YAML: {error}", "YAML", "correct the line")) from None
    except ValidationError as error:
        raise ScenarioError([_problem(path, entry, kind) for entry in error.errors()]) from None


def _problem(path: Path, error: Any, kind: type[BaseModel]) -> Problem:
    where = ".".join(str(part) for part in error["loc"])
    near = get_close_matches(where, kind.model_fields, 1)
    hint = f"did you mean {near[0]!r}?" if near and error["type"] == "extra_forbidden" else "correct the key"
    return Problem(f"{path}, {where}", error["msg"], ", ".join(kind.model_fields), hint)


def _undeclared(path: Path, spec: Spec) -> list[Problem]:
    declared = spec.features if isinstance(spec, LeadershipSpec) else spec.transition.features
    return [problem for name, feature in declared.items() for problem in problems(str(path), name, feature)]


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
