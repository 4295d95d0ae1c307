"""What a plan maximises: expected benefit, or its mean less a penalty for the worst draws; and weights by school."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Label, Part, Share, Weight

Fifth = Annotated[int, Field(ge=1, le=5)]
STEPS = 100  # of cvar_weight: finer ones make the integers of the problem too large
WHOLE = 1e-9
NEED_WEIGHT_DECIMALS = 9  # to which 1 + need_weight x need is rounded


class EquityWeights(Part):
    """How much more, or less, a pupil-month counts in the objective by school; where two apply, they multiply."""

    deprivation_fifths: Annotated[dict[Fifth, Weight], Label("Weight by fifth of deprivation")] = Field(
        default_factory=dict, json_schema_extra={"propertyNames": {"enum": ["1", "2", "3", "4", "5"]}}
    )
    """Weight by fifth of the schools in scope by disadvantaged pupils' share, 5 = the most deprived; 1 if not named."""
    areas: Annotated[dict[str, Weight], Label("Weight by place")] = Field(default_factory=dict)
    """Weight by place: an authority, district, region, area or list (`"region: London"`); schools elsewhere 1."""

    @property
    def given(self) -> bool:
        """Return whether any school is weighted."""
        return bool(self.deprivation_fifths or self.areas)


class Objective(Part):
    """What the plan maximises."""

    measure: Annotated[Literal["expected_benefit", "mean_less_cvar"], Label("What the plan maximises")] = (
        "expected_benefit"
    )
    """`expected_benefit`, or `mean_less_cvar`: (1 - cvar_weight) x that + cvar_weight x its mean in the worst draws."""
    cvar_weight: Annotated[Share, Label("How much the worst simulations count")] = 0.5
    """How much the worst draws count, in steps of 0.01: 0 = not at all, 1 = they alone."""
    cvar_share: Annotated[float, Field(gt=0, le=1), Label("Share of the simulations that are the worst")] = 0.1
    """Which draws are the worst: this share of them (times `draws`, rounded)."""
    draws: Annotated[int, Field(ge=2, le=2000), Label("Simulations from which the worst are taken")] = 200
    """How many draws of the uncertain world the worst are taken from; their seed is solver.seed."""
    equity_weights: Annotated[EquityWeights, Label("Weights by school")] = EquityWeights()
    """Weights by school in the objective; the benefits reported stay unweighted."""
    need_weight: Annotated[Weight, Label("How much more a pupil-month counts where need is higher")] = 0
    """How much more need counts: a pupil-month counts 1 + need_weight x the school's need; a value, not a fact."""

    @property
    def weighted(self) -> bool:
        """Return whether pupil-months of some schools count more or less than those of others."""
        return self.equity_weights.given or self.need_weight > 0

    @property
    def worst(self) -> int:
        """Return how many draws are the worst."""
        return round(self.cvar_share * self.draws)

    @property
    def weight(self) -> Fraction:
        """Return ``cvar_weight`` as a fraction."""
        return Fraction(round(self.cvar_weight * STEPS), STEPS)

    @model_validator(mode="after")
    def _some_worst(self) -> Self:
        if self.worst < 1:
            raise ValueError(f"cvar_share {self.cvar_share:g} of {self.draws} draws is less than one draw: raise one")
        if abs(self.cvar_weight * STEPS - round(self.cvar_weight * STEPS)) > WHOLE:
            raise ValueError(f"cvar_weight {self.cvar_weight:g} is finer than steps of {1 / STEPS:g}")
        return self
