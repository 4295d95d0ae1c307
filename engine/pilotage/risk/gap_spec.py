"""The spec of the gap: models/gap_widening/spec.yaml."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pilotage.domain import tables

OF_RESULTS = ("gap", "progress", "cohort")
OF_SCHOOLS = ("region", "school_type", "phase")
NOT_FIGURES = ("urn", "year", "known_on")


class Part(BaseModel):
    """A closed, frozen part of a spec."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Conversion(Part):
    """How pupil SD become months of progress; named and versioned, since others convert differently."""

    name: Literal["linear"]
    version: int
    sd_per_month: Annotated[float, Field(gt=0)]


class GapFeature(Part):
    """One feature of a transition: what it is ``of``, how it is made, and the shape in which it enters.

    ``of`` is the gap itself (``gap``, shrunk, against the mean school), all pupils' ``progress``, the ``cohort``, a
    column of the yearly tables, or a school's ``region``, ``school_type`` or ``phase``. ``latest`` is the last value
    known on the day, ``change`` the latest less that of ``years`` before. ``curved`` enters as itself and its square,
    ``log`` as its logarithm, ``kinds`` as one column for each kind that ``smallest_kind`` schools have. A missing
    value is the mean, with a column that flags it. ``words`` names a value in a reason.
    """

    of: str
    make: Literal["latest", "change"] = "latest"
    years: Annotated[int, Field(ge=1, le=10)] = 2
    shape: Literal["straight", "curved", "log", "kinds"] = "straight"
    missing: Literal["mean_and_flag"] = "mean_and_flag"
    words: str = ""
    unit: Literal["number", "share", "points", "ratio", "pounds", "sd", "text"] = "number"

    @property
    def name(self) -> str:
        """Return the feature's name."""
        return self.of if self.make == "latest" else f"{self.of}_change"

    @model_validator(mode="after")
    def _known(self) -> Self:
        figures = (*OF_RESULTS, *(name for name in tables.SCHOOL_YEARS.columns if name not in NOT_FIGURES))
        allowed = OF_SCHOOLS if self.shape == "kinds" else figures
        if self.of not in allowed:
            raise ValueError(f"no feature of {self.of!r} in this shape; of one of: {', '.join(allowed)}")
        return self


class Transition(Part):
    """How the gap some years on follows from what is known now, learnt from schools with gaps of both years."""

    line_needs_years: Annotated[int, Field(ge=2, le=20)]
    learn_from: tuple[Literal["disadvantaged", "all"], ...]
    features: tuple[GapFeature, ...]
    penalties: tuple[Annotated[float, Field(gt=0)], ...]
    folds: Annotated[int, Field(ge=2, le=50)]
    smallest_kind: Annotated[int, Field(ge=2)]

    @model_validator(mode="after")
    def _with_gap(self) -> Self:
        names = [feature.name for feature in self.features]
        if "gap" not in names:
            raise ValueError("features must hold the gap itself: {of: gap}")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"features given twice: {', '.join(twice)}")
        return self


class GapSpec(Part):
    """A forecast of the change of the disadvantage gap."""

    outcome: Literal["gap_widening"]
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
