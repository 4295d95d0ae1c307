"""The chance that school and leader agree on a placement, and what the placement costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.evidence import Evidence
from pilotage.domain.tables import CONSENTS
from pilotage.placement.eligibility.pairs import Eligible
from pilotage.placement.support import SUPPORT

Floats = NDArray[np.float64]


def acceptance(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the probability that school and leader agree, from consent and distance.

    Posts of schools that said no are here only where the scenario's consent rule is priced or absent.
    """
    of_consent = {word: evidence.value(f"acceptance_consent_{word}") for word in CONSENTS}
    base = table["consent"].map(of_consent).to_numpy(dtype=float)[eligible.post]
    limit = leaders["max_travel_km"].to_numpy()[eligible.leader]
    share = np.divide(eligible.travel_km, limit, out=np.zeros(len(limit)), where=limit > 0)
    near = 1 - (1 - evidence.value("acceptance_at_travel_limit")) * np.minimum(share, 1)
    placed = base * np.where(eligible.relocates, evidence.value("acceptance_relocation"), near)
    support = (leaders["level"] == SUPPORT).to_numpy()[eligible.leader]
    chance: Floats = np.where(support, evidence.value("acceptance_support"), placed)
    return chance


def costs(eligible: Eligible, table: pd.DataFrame, leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return the cost of each pair: of the leader, of the post's salary, and of relocation beyond the travel limit."""
    own = leaders["cost_gbp"].fillna(evidence.value("placement_cost_gbp")).to_numpy()[eligible.leader]
    salary = table["salary_gbp"].fillna(0).to_numpy()[eligible.post]
    moving = np.where(eligible.relocates, evidence.value("relocation_cost_gbp"), 0)
    cost: Floats = np.round(own + salary + moving)
    return cost
