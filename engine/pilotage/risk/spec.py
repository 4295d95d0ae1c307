"""The specs of models/<outcome>/spec.yaml: what is forecast, for whom, from what, how."""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.risk.features import FEATURES
from pilotage.risk.gap_spec import GapSpec


class Part(BaseModel):
    """A closed, frozen part of a spec."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimator(Part):
    """Settings of explainable boosting; ``resamples`` are its outer bags, from which draws and intervals come."""

    resamples: Annotated[int, Field(ge=2, le=500)]
    bins: Annotated[int, Field(ge=4, le=1024)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    smallest_leaf: Annotated[int, Field(ge=1)]


class Calibration(Part):
    """Platt scaling on forecasts of held-out schools; monotone on the logit, so that reasons stay exact."""

    method: Literal["platt"]
    folds: Annotated[int, Field(ge=2, le=20)]
    resamples: Annotated[int, Field(ge=2, le=100)]


class LeadershipSpec(Part):
    """A forecast of the next leadership grade."""

    outcome: Literal["leadership_fall", "leadership_stuck"]
    population: Literal["good_or_better", "below_good"]
    label: str
    features: tuple[str, ...]
    estimator: Estimator
    calibration: Calibration
    smallest_training: Annotated[int, Field(ge=20)]
    interval: Annotated[float, Field(gt=0, lt=1)]


Spec = LeadershipSpec | GapSpec
KINDS: dict[str, type[LeadershipSpec] | type[GapSpec]] = {
    "leadership_fall": LeadershipSpec,
    "leadership_stuck": LeadershipSpec,
    "gap_widening": GapSpec,
}


def load_specs(folder: Path) -> dict[str, Spec]:
    """Return the spec of each outcome.

    Raises
    ------
    ScenarioError
        For every key that is unknown or of a wrong type, and every feature that does not exist.
    """
    specs = {name: _load(folder / name / "spec.yaml", kind) for name, kind in KINDS.items()}
    unknown = [
        problem for name, spec in specs.items() for problem in _unknown_features(folder / name / "spec.yaml", spec)
    ]
    raise_all(ScenarioError, unknown)
    return specs


def _load(path: Path, kind: type[LeadershipSpec] | type[GapSpec]) -> Spec:
    try:
        content: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return kind.model_validate(content)
    except OSError as error:
        raise ScenarioError(Problem(str(path), f"cannot be read ({error.strerror})", "a spec", "restore it")) from None
    except YAMLError as error:
        raise ScenarioError(Problem(str(path), f"is not YAML: {error}", "YAML", "mend the line")) from None
    except ValidationError as error:
        raise ScenarioError([_problem(path, one, kind) for one in error.errors()]) from None


def _problem(path: Path, error: Any, kind: type[BaseModel]) -> Problem:
    where = ".".join(str(part) for part in error["loc"])
    near = get_close_matches(where, kind.model_fields, 1)
    hint = f"did you mean {near[0]!r}?" if near and error["type"] == "extra_forbidden" else "mend the key"
    return Problem(f"{path}, {where}", error["msg"], ", ".join(kind.model_fields), hint)


def _unknown_features(path: Path, spec: Spec) -> list[Problem]:
    problems = []
    for name in getattr(spec, "features", ()):
        if name not in FEATURES:
            near = get_close_matches(name, FEATURES, 1)
            hint = f"did you mean {near[0]!r}?" if near else "remove it"
            problems.append(Problem(f"{path}, features", f"no feature {name!r}", ", ".join(FEATURES), hint))
    return problems


def spec_hash(spec: Spec) -> str:
    """Return the short hash of a spec."""
    return hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:16]
