"""What every part of a scenario is: closed, frozen, and described by its attribute docstrings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Phase = Literal["primary", "secondary", "all_through", "special", "nursery", "pru", "sixteen_plus"]
Level = Literal["middle", "senior", "head", "executive"]
MOST_COUNTED, MOST_POUNDS = 100_000, 10_000_000_000
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=MOST_COUNTED)]
Pounds = Annotated[int, Field(ge=0, le=MOST_POUNDS)]
Price = Annotated[float, Field(gt=0, le=100_000)]  # pupil-months; more than any school can gain, and sums stay exact
Seed = Annotated[int, Field(ge=0, le=2_147_483_647)]
Urn = Annotated[int, Field(ge=1, le=999_999_999)]
Weight = Annotated[float, Field(ge=0, le=10)]

FINEST_SHARE = 10_000  # 0.66667 means two thirds: a share is the nearest fraction with a denominator up to this


def fraction(share: float) -> Fraction:
    """Return a share as the fraction that every rule, row and recount takes it for."""
    return Fraction(str(share)).limit_denominator(FINEST_SHARE)


@dataclass(frozen=True)
class Label:
    """How a setting is called where it was changed; ``empty``: what an empty value of it means.

    A setting without one is called by its description.
    """

    text: str
    empty: str = "none"


class Part(BaseModel):
    """A closed, frozen part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
