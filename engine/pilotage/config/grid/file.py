"""The grid file: which settings of a scenario a sweep tries.

::

    grid:                                  # every combination
      rules.authority-cap.count: [2, 4, 8]
      rules.budget.total_gbp: [500000, 1000000]
    list:                                  # these, and no combinations of them
      - {}                                 # the scenario as it is
      - rules.need-floor: null
    draws:                                 # random draws
      count: 20
      seed: 1
      keys:
        rules.travel.max_km: {uniform: [20, 60]}
        rules.trust-cap.count: {integer: [1, 6]}
        objective.measure: {choice: [expected_benefit, mean_less_cvar]}
"""

from __future__ import annotations

from functools import partial
from math import prod
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from pilotage.config.leaf import Leaves, tree_of
from pilotage.config.part import Part, Seed
from pilotage.config.refusals.faults import validated
from pilotage.config.written.fault import short
from pilotage.config.written.file import line_of, parsed
from pilotage.config.written.leaves import leaves_of
from pilotage.errors import Problem, ScenarioError

MOST = 5_000  # scenarios of one sweep

Values = Annotated[tuple[Any, ...], Field(min_length=1)]
Ends = Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]
WholeEnds = Annotated[tuple[int, ...], Field(min_length=2, max_length=2)]


class Drawn(Part):
    """How the values of one key are drawn: exactly one of the three."""

    uniform: Ends | None = None
    """Lowest and highest: any number between them, rounded to four digits."""
    integer: WholeEnds | None = None
    """Lowest and highest: any whole number between them, both included."""
    choice: Values | None = None
    """Any of these values."""

    @model_validator(mode="after")
    def _is_one(self) -> Drawn:
        given = [each for each in (self.uniform, self.integer, self.choice) if each is not None]
        if len(given) != 1:
            raise ValueError("one of uniform, integer and choice is needed, and only one")
        ends = self.uniform or self.integer
        if ends is not None and ends[0] > ends[1]:
            raise ValueError(f"the lowest, {ends[0]:g}, is above the highest, {ends[1]:g}: put the lower one first")
        return self


class Draws(Part):
    """Random draws of several keys at once, each key by itself."""

    count: Annotated[int, Field(ge=1, le=MOST)]
    """How many scenarios are drawn."""
    seed: Seed = 1
    """The same seed gives the same draws."""
    keys: Annotated[dict[str, Drawn], Field(min_length=1)]
    """How the values of each key are drawn."""


class Grid(Part):
    """What a grid file holds; at least one part."""

    grid: dict[str, Values] = Field(default_factory=dict)
    """The values of each key: every combination is a scenario."""
    listed: Annotated[tuple[dict[str, Any], ...], Field(alias="list")] = ()
    """Sets of keys with a value each: every set is a scenario."""
    draws: Draws | None = None
    """Scenarios drawn at random."""

    @property
    def size(self) -> int:
        """Return how many scenarios the file asks for."""
        combined = prod(len(values) for values in self.grid.values()) if self.grid else 0
        return combined + len(self.listed) + (self.draws.count if self.draws else 0)


def read_grid(path: Path) -> tuple[Grid, Leaves]:
    """Return what a grid file holds, and its leaves with the line of each.

    Raises
    ------
    ScenarioError
        With every problem of the file's form, each with its line; or where it asks for no scenario, or for too many.
    """
    root = parsed(path, "write `grid:` and below it a key with a list of values")
    leaves = leaves_of(root, partial(line_of, path.name))
    grid = validated(Grid, tree_of(leaves), leaves, path.name)
    if not 1 <= grid.size <= MOST:
        what = f"{grid.size:,} scenarios" if grid.size else "no scenario"
        do = "leave out values" if grid.size else "give values below `grid:`, `list:` or `draws:`"
        raise ScenarioError(Problem(short(path.name), what, f"1 to {MOST:,}", do))
    return grid, leaves
