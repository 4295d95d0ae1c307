"""The benefit of a plan as it counts: the pupils of a school once, however many leaders go there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pilotage import pipeline
from pilotage.placement.analysis.pupils_counted import sharing


def counted_benefit(stated: pipeline.Stated, chosen: NDArray[np.int64]) -> float:
    """Return the modelled pupil-months of pairs (positions), each school's pupils counted once."""
    lost = sharing(stated.impact, stated.problem, np.sort(chosen))
    alone = float(stated.impact.pairs["benefit"].to_numpy()[chosen].sum())
    return round(alone - sum(part.lost for part in lost.values()), 6)
