"""The spec of an outcome of the gap: models/<outcome>/spec.yaml."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pilotage.risk.features.declared import Feature, Part
from pilotage.risk.spec.outcome import of_kind


class Conversion(Part):
    """How pupil SD become months of progress; named and versioned, since other studies convert differently."""

    name: Literal["linear"]
    version: int
    sd_per_month: Annotated[float, Field(gt=0)]


class GapFeature(Feature):
    """One feature of a transition: what every spec declares of one, and the shape in which it enters the regression.

    ``curved`` enters as itself and its square, ``log`` as its logarithm, ``kinds`` (of a nominal one) as one column for
    each kind that ``smallest_kind`` schools have. What is missing is the mean, with a column that flags it. No reason
    names it: of the gap a reason says the gap itself.
    """

    shape: Literal["straight", "curved", "log", "kinds"] = "straight"

    @model_validator(mode="after")
    def _in_shape(self) -> Self:
        if (self.kind == "nominal") != (self.shape == "kinds"):
            raise ValueError("a nominal feature has the shape kinds, and no other has")
        return self


class OwnGap(Part):
    """The gap now itself, shrunk, against the mean school: always a feature, the first."""

    shape: Literal["straight", "curved"] = "curved"


class Transition(Part):
    """How the gap some years on follows from what is known now, learnt from schools with gaps of both years."""

    trend_needs_years: Annotated[int, Field(ge=2, le=20)]
    learn_from: tuple[Literal["disadvantaged", "all"], ...]
    gap: OwnGap = OwnGap()
    features: dict[str, GapFeature]
    penalties: tuple[Annotated[float, Field(gt=0)], ...]
    folds: Annotated[int, Field(ge=2, le=50)]
    smallest_kind: Annotated[int, Field(ge=2)]


class GapSpec(Part):
    """A forecast of the change of the disadvantage gap."""

    outcome: Annotated[str, AfterValidator(partial(of_kind, "gap"))]
    population: Literal["published_results"]
    label: str
    pooled_years: Annotated[int, Field(ge=2, le=20)]
    pool_by: tuple[Literal["key_stage", "area", "region"], ...]
    pupil_sd: Annotated[float, Field(gt=0)]
    widens_by_months: float
    conversion: Conversion
    transition: Transition
    resamples: Annotated[int, Field(ge=2, le=500)]
    smallest_training: Annotated[int, Field(ge=20)]
    interval: Annotated[float, Field(gt=0, lt=1)]
