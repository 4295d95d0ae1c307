"""models/<outcome>/spec.yaml -> Spec: what an outcome is and how it is estimated, frozen and closed."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pilotage.config.scenario import OutcomeName
from pilotage.errors import Problem, ScenarioError, raise_all
from pilotage.risk.features import REGISTRY


class Part(BaseModel):
    """A closed, frozen part of a spec."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class Population(Part):
    """Which schools the outcome is forecast for."""

    leadership_grades: tuple[Annotated[int, Field(ge=1, le=4)], ...] = ()
    """Leadership grades in force; empty = any."""
    pupil_group: Literal["disadvantaged", "persistently_disadvantaged"] | None = None
    """Pupil group whose results the school must publish; empty = none needed."""


class Label(Part):
    """What is forecast."""

    event: Literal["next_leadership_grade_at_least", "gap_change_months_above"]
    """The event."""
    threshold: float
    """The grade, or the months, of the event."""
    window: Literal["next_graded_inspection", "horizon"]
    """When it may happen."""


class FeatureUse(Part):
    """One feature, and what is done to it before it is estimated on."""

    name: str
    """A name of the registry in `risk/features.py`."""
    transformation: Literal["none", "log"] = "none"
    """`log`: the natural logarithm of one more than the value."""
    imputation: Literal["keep_missing", "median"] = "keep_missing"
    """`keep_missing`: missing is a value of its own. `median`: that of the training rows."""


class AdditiveBoosting(Part):
    """An explainable booster: one curve per feature, summed on the logit; one model per bootstrap of schools."""

    kind: Literal["additive_boosting"]
    bags: Annotated[int, Field(ge=2, le=1000)] = 100
    """Bootstraps of schools, each a draw of the forecast; the schools left out of one stop its boosting."""
    max_bins: Annotated[int, Field(ge=3, le=1024)] = 64
    """Most bins of a numeric feature."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.04
    """Size of a boosting step."""
    max_rounds: Annotated[int, Field(ge=1)] = 2000
    """Most boosting rounds."""
    early_stopping_rounds: Annotated[int, Field(ge=1)] = 50
    """Rounds without gain on the schools left out after which boosting stops."""
    min_samples_leaf: Annotated[int, Field(ge=1)] = 20
    """Fewest training rows on either side of a step of a curve."""


class PartialPooling(Part):
    """A level and a trend for each school, both shrunk to those of all schools by empirical Bayes."""

    kind: Literal["partial_pooling"]
    level_years: Annotated[int, Field(ge=1, le=10)] = 3
    """Newest years in which a school must have published, and over which its unshrunk gap is pooled."""
    trend_years: Annotated[int, Field(ge=2, le=20)] = 6
    """Newest years over which trends are estimated."""
    pupil_sd: Annotated[float, Field(gt=0)] = 1.0
    """Standard deviation of one pupil's progress: 1 by the definition of its unit."""
    minimum_schools: Annotated[int, Field(ge=10)] = 30
    """Fewest schools of a key stage with results."""
    draws: Annotated[int, Field(ge=2, le=1000)] = 100
    """Draws of the parameters."""


class Calibration(Part):
    """How probabilities are brought to the rates observed, on rows that a bag had left out."""

    method: Literal["platt", "none"] = "platt"
    """`platt`: a straight line on the logit, so that contributions stay exact."""
    minimum_rows: Annotated[int, Field(ge=50)] = 500
    """With fewer training rows, or fewer than 50 of either class, no line is fitted."""


class Hazard(Part):
    """How often schools are inspected."""

    window_months: Annotated[int, Field(ge=6, le=240)] = 36
    """Months before the date of the forecast that are counted."""
    publication_lag_days: Annotated[int, Field(ge=0, le=365)] = 45
    """Days by which the counted months end before that date, since inspections are published late."""
    age_edges_months: tuple[float, ...] = (6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 72)
    """Edges of the months since the last inspection."""
    minimum_events: Annotated[int, Field(ge=1)] = 50
    """Fewest inspections in the window."""


class Conversion(Part):
    """From standard deviations of pupil progress to months."""

    name: Literal["linear"]
    version: int
    """Version of the conversion."""
    sd_per_month: Annotated[float, Field(gt=0)]
    """Standard deviations in one month of progress."""


class Spec(Part):
    """One outcome."""

    outcome: OutcomeName
    version: Annotated[int, Field(ge=1)]
    """Raised with every change of meaning."""
    says: str
    """The outcome in a sentence."""
    population: Population
    label: Label
    horizon_months: Annotated[int, Field(ge=1, le=60)] = 24
    """Horizon where a scenario gives none."""
    interval: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Level of the intervals."""
    minimum_rows: Annotated[int, Field(ge=50)] = 200
    """Fewest labelled rows; with fewer the outcome is unavailable."""
    features: tuple[FeatureUse, ...] = ()
    estimator: Annotated[AdditiveBoosting | PartialPooling, Field(discriminator="kind")]
    calibration: Calibration = Calibration()
    hazard: Hazard | None = None
    conversion: Conversion | None = None

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the names of the features, in order."""
        return tuple(use.name for use in self.features)

    @property
    def sha256(self) -> str:
        """Return the hash of all settings."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


PARTS: dict[str, tuple[type[Part], ...]] = {
    "population": (Population,),
    "label": (Label,),
    "features": (FeatureUse,),
    "estimator": (AdditiveBoosting, PartialPooling),
    "calibration": (Calibration,),
    "hazard": (Hazard,),
    "conversion": (Conversion,),
}


def load_specs(folder: Path) -> dict[str, Spec]:
    """Return the spec of every outcome of a folder of outcomes.

    Raises
    ------
    ScenarioError
        With one problem per unknown key, unknown feature, wrong value or misplaced outcome, each naming its file.
    """
    problems: list[Problem] = []
    specs = [_load(path, problems) for path in sorted(folder.glob("*/spec.yaml"))]
    if not specs:
        problems.append(Problem(str(folder), "no outcome", "folders with a spec.yaml", "check the installation"))
    raise_all(ScenarioError, problems)
    return {spec.outcome: spec for spec in specs if spec is not None}


def _load(path: Path, problems: list[Problem]) -> Spec | None:
    where = f"{path.parent.name}/{path.name}"
    try:
        spec = Spec.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    except (YAMLError, UnicodeDecodeError) as error:
        problems.append(Problem(where, f"not YAML: {str(error).splitlines()[0]}", "YAML in UTF-8", "mend the file"))
        return None
    except ValidationError as error:
        problems.extend(_problem(dict(item), where) for item in error.errors())
        return None
    problems.extend(_misplaced(spec, path, where))
    return spec


def _problem(item: dict[str, Any], where: str) -> Problem:
    loc = tuple(str(part) for part in item["loc"])
    place = f"{where}, key {'.'.join(loc)}"
    if item["type"] == "extra_forbidden":
        allowed = _siblings(loc)
        return Problem(place, f"unknown key {loc[-1]!r}", ", ".join(allowed), _nearest(loc[-1], allowed))
    return Problem(place, f"found {item['input']!r}", item["msg"][0].lower() + item["msg"][1:], "mend the value")


def _siblings(loc: Sequence[str]) -> list[str]:
    parts = PARTS.get(loc[0], (Spec,)) if len(loc) > 1 else (Spec,)
    return sorted({name for part in parts for name in part.model_fields})


def _nearest(word: str, allowed: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else "remove it"


def _misplaced(spec: Spec, path: Path, where: str) -> list[Problem]:
    found = [
        Problem(
            f"{where}, key features.{position}.name",
            f"unknown feature {name!r}",
            ", ".join(sorted(REGISTRY)),
            _nearest(name, REGISTRY),
        )
        for position, name in enumerate(spec.feature_names)
        if name not in REGISTRY
    ]
    if spec.outcome != path.parent.name:
        found.append(
            Problem(f"{where}, key outcome", f"found {spec.outcome!r}", repr(path.parent.name), "move or rename it")
        )
    return found
