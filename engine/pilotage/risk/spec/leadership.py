"""The spec of a leadership outcome: models/<outcome>/spec.yaml."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pilotage.risk.features.declared import Feature, Part
from pilotage.risk.spec.outcome import of_kind


class Estimator(Part):
    """Settings of the mean of explainable boosting and a ridge logistic regression, both additive.

    ``resamples`` are resamples of the training schools, from which draws and intervals come; ``linear_weight`` is the
    weight of the regression, ``ridge`` its penalty on squared coefficients of standardised features.
    """

    resamples: Annotated[int, Field(ge=2, le=500)]
    bins: Annotated[int, Field(ge=4, le=1024)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    smallest_leaf: Annotated[int, Field(ge=1)]
    linear_weight: Annotated[float, Field(ge=0, le=1)]
    ridge: Annotated[float, Field(gt=0)]


class Calibration(Part):
    """Platt scaling on forecasts of held-out schools; monotone on the logit, so that reasons stay exact."""

    method: Literal["platt"]
    folds: Annotated[int, Field(ge=2, le=20)]
    resamples: Annotated[int, Field(ge=2, le=100)]


class Drift(Part):
    """How much the share found below good changes for all schools alike, as standard deviations on the logit.

    ``sd_a_year`` is of one year, ``sd_at_change`` of a new framework of inspection beside it. Drift widens the draws
    and moves no forecast.
    """

    sd_a_year: Annotated[float, Field(ge=0, le=2)]
    sd_at_change: Annotated[float, Field(ge=0, le=2)]


class LabelWindow(Part):
    """Which pairs are labels: those whose later inspection lies between the two dates; null = as far as the data go."""

    starts: date | None = None
    ends: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> LabelWindow:
        if self.starts and self.ends and self.starts >= self.ends:
            raise ValueError(f"starts {self.starts} is not before ends {self.ends}")
        return self


class EarlierPairs(Part):
    """A second model, of the overall grade before and the leadership grade after that the first snapshot shows.

    ``weight`` is its weight on the logit (0 = none); ``starts`` the first day of the inspections that it learns from.
    Two things are assumed, since the first snapshot does not show them: that an inspection was published
    ``published_after_days`` after the visit, and that leadership grades never published were as the overall grade. Each
    row is as of ``lead_months`` before the inspection.
    """

    weight: Annotated[float, Field(ge=0, lt=1)]
    starts: date
    published_after_days: Annotated[int, Field(ge=1, le=365)]
    lead_months: Annotated[int, Field(ge=1, le=60)]


class TemporalFold(Part):
    """Trained on what was known by ``trained_to``, tested on inspections from ``tested_from`` to ``tested_to``.

    ``scenarios`` names those that the fold is for; empty = all. ``schools_of`` is the day whose list of schools is
    read: of a time without a national list, that of the scenario's own date, whose schools survived until then.
    """

    name: str
    kind: Literal["temporal"]
    schools_of: Literal["own_day", "scenario_day"] = "own_day"
    trained_to: date
    tested_from: date
    tested_to: date
    scenarios: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> TemporalFold:
        if not self.trained_to <= self.tested_from < self.tested_to:
            raise ValueError("a fold is tested after it is trained: trained_to <= tested_from < tested_to")
        return self


class RegionFold(Part):
    """Region by region: trained on the other regions, tested on it, as of a date, with labels to another."""

    name: str
    kind: Literal["held_out_region"]
    as_of: date
    labels_to: date
    scenarios: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> RegionFold:
        if self.as_of >= self.labels_to:
            raise ValueError("labels come after the date: as_of < labels_to")
        return self


Fold = Annotated[TemporalFold | RegionFold, Field(discriminator="kind")]


class LeadershipSpec(Part):
    """A forecast of the next leadership grade.

    ``horizon_months`` is the horizon at which the chance of falling within it is evaluated; a scenario sets its own.
    ``label_window`` is of the pairs of leadership grades; ``earlier_pairs`` (null = none) has a start of its own.
    ``drift`` (null = none) widens the draws.
    """

    outcome: Annotated[str, AfterValidator(partial(of_kind, "leadership"))]
    population: Literal["good_or_better", "below_good"]
    label: str
    label_window: LabelWindow = LabelWindow()
    earlier_pairs: EarlierPairs | None = None
    horizon_months: Annotated[int, Field(ge=1, le=120)]
    constant_features: Literal["refuse", "leave_out"] = "refuse"
    features: Annotated[dict[str, Feature], Field(min_length=1)]
    estimator: Estimator
    calibration: Calibration
    drift: Drift | None = None
    smallest_training: Annotated[int, Field(ge=20)]
    interval: Annotated[float, Field(gt=0, lt=1)]
    folds: tuple[Fold, ...] = ()
