"""What the leaders of the synthetic England would truly change, and what planners have seen of it.

Leader l of a level has the quality ``z_l``, normal with mean ``MEAN_QUALITY`` and standard deviation 1. Where l comes
to a school, the true effect in months is ``ratio(level) (M(z_l) - M(z_next))``: M the months of a quality
(``heads.months_of``), z_next the quality of the school's next appointment otherwise, ratio the level's share of an
effect of a head (``RATIOS``). Own evidence of a leader is against a median head, ``ratio(level) M(z_l)``, seen with an
error.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.units import SD_PER_MONTH
from pilotage.sources.sample.heads import MONTHS_PER_SD, months_of
from pilotage.sources.sample.world import World

Floats = NDArray[np.float64]

MEAN_QUALITY = 0.5  # leaders are chosen and trained
#: share of a head's effect by level: those of data/reference/evidence.yaml, a test holds them together
RATIOS = {"head": 1.0, "senior": 0.5, "middle": 0.25, "executive": 0.75}


def draw_leaders(pool: pd.DataFrame, world: World, generator: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the truth of each leader, and the pool with the evidence (noisy) that planners have of some.

    The truth has ``leader_id``, ``quality``, and ``effect_primary_months`` and ``effect_secondary_months``: the months
    against a median appointment, by the stage of the school.
    """
    quality = MEAN_QUALITY + generator.normal(0, 1, len(pool))
    median = np.zeros(len(pool))
    effects = {phase: true_effects(pool["level"], quality, median, phase, world) for phase in MONTHS_PER_SD}
    first = np.where(pool["phases"].str.startswith("primary"), effects["primary"], effects["secondary"])
    seen = first * SD_PER_MONTH + generator.normal(0, 1, len(pool)) * pool["effect_sd"].fillna(0).to_numpy()
    truth = pd.DataFrame({"leader_id": pool["leader_id"], "quality": quality.round(2)})
    truth = truth.assign(**{f"effect_{phase}_months": months.round(2) for phase, months in effects.items()})
    return truth, pool.assign(effect_mean=pd.Series(seen.round(2)).where(pool["effect_sd"].notna()))


def true_effects(level: pd.Series, quality: Floats, following: Floats, phase: str, world: World) -> Floats:
    """Return the true effect in months of leaders at schools of one phase, one for each row given.

    ``quality`` of the leaders and ``following`` of the schools' next appointments are in standard deviations.
    """
    phases = pd.Series([phase] * len(quality))
    against = months_of(quality, phases, world) - months_of(following, phases, world)
    effect: Floats = np.asarray(level.map(RATIOS), dtype=np.float64) * against
    return effect
