"""The heads of the synthetic England: their quality, who follows whom, and what their quality does to results.

The quality of heads is normal with mean 0 and standard deviation 1, written z. A head has one quality. A school changes
its head with the yearly chance that the Department for Education's figures give (``STAYS``), and the next head has
``z' = k z + sqrt(1 - k^2) e``, with k the world's ``carry_over``: so the quality of a school's heads is a first-order
autoregression at the changes, and normal(0, 1) in every year.

Months of progress of a quality are those of Education Policy Institute 2023 (``MONTHS_PER_SD``), 0 at the median head.
Results take a new head's months up over the years in post, as ``FADE_IN`` says, from where they stood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.sources.sample.world import World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: phase -> share of heads who are in the same school three years after appointment (Department for Education, 2025)
STAYS = {"primary": 0.793, "secondary": 0.647}
#: phase -> months of progress for each standard deviation of quality: below the median head, and above (EPI 2023)
MONTHS_PER_SD = {"primary": (2.0, 1.0), "secondary": (1.0, 1.0)}
FADE_IN = (0.0, 0.33, 0.67, 1.0)  # share of the whole effect in the first to fourth year in post, and later


@dataclass(frozen=True)
class Heads:
    """The heads of each school.

    Attributes
    ----------
    quality
        Of the head of each school in each year, in standard deviations, shape (schools, years).
    new
        Whether the head is in the first year in post, same shape.
    following
        Quality of the appointment that would follow the head of the last year, shape (schools,).
    """

    quality: Floats
    new: Bools
    following: Floats


def draw_heads(phase: pd.Series, years: int, world: World, generator: np.random.Generator) -> Heads:
    """Return the heads of each school over ``years`` years."""
    size = len(phase)
    leaves = 1 - np.asarray(phase.map(STAYS), dtype=np.float64) ** (1 / 3)
    quality = np.empty((size, years))
    new = generator.random((size, years)) < leaves[:, None]
    quality[:, 0] = generator.normal(0, 1, size)
    for year in range(1, years):
        before = quality[:, year - 1]
        quality[:, year] = np.where(new[:, year], _next(before, world, generator), before)
    return Heads(quality, new, _next(quality[:, -1], world, generator))


def _next(quality: Floats, world: World, generator: np.random.Generator) -> Floats:
    """Return the quality of the appointments that follow heads of this quality."""
    own = np.sqrt(1 - world.carry_over**2) * generator.normal(0, 1, len(quality))
    following: Floats = world.carry_over * quality + own
    return following


def months_of(quality: Floats, phase: pd.Series, world: World) -> Floats:
    """Return the months of progress that a quality is worth against the median head; ``quality`` has a row per school.

    Shape as ``quality``; the months are whole, as after ``FADE_IN``.
    """
    rates = np.array([MONTHS_PER_SD[name] for name in phase])
    below, above = (rates[:, side].reshape(-1, *[1] * (quality.ndim - 1)) for side in (0, 1))
    months: Floats = world.effect * np.where(quality < 0, below, above) * quality
    return months


def months_in_results(heads: Heads, phase: pd.Series, world: World) -> Floats:
    """Return the months of progress that the results of each year owe to heads, shape (schools, years).

    They start whole in the first year, and move with each change of heads from where they stood.
    """
    whole = months_of(heads.quality, phase, world)
    built = whole.copy()
    start, served = built[:, 0], np.full(len(whole), len(FADE_IN) - 1)
    for year in range(1, whole.shape[1]):
        changed = heads.new[:, year]
        start = np.where(changed, built[:, year - 1], start)
        served = np.where(changed, 0, np.minimum(served + 1, len(FADE_IN) - 1))
        built[:, year] = start + np.array(FADE_IN)[served] * (whole[:, year] - start)
    return built
