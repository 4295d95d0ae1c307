"""How far a leader travels, and to which regions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.config.rules.travel import Travel
from pilotage.placement.audit.rule_audit import PairTable, RuleAudit

SLACK_KM = 1e-6


def satisfied(rule: Travel, pairs: PairTable) -> pd.Series:
    """Return the pairs whose school is near enough or reached by moving house, in a region that the leader goes to."""
    frame = pairs.frame
    east = (frame["school_easting"] - frame["leader_easting"]).astype(float)
    north = (frame["school_northing"] - frame["leader_northing"]).astype(float)
    ceiling = np.inf if rule.max_km is None else rule.max_km
    near = np.sqrt(east**2 + north**2) / 1000 <= frame["leader_max_travel_km"].clip(upper=ceiling) + SLACK_KM
    regions = zip(frame["leader_willing_regions"].tolist(), frame["school_region"].tolist(), strict=True)
    willing = [
        pd.isna(listed) or region in [name.strip() for name in str(listed).split(";")] for listed, region in regions
    ]
    moves = frame["leader_relocates"].astype(bool) & rule.relocation & east.notna()
    return pd.Series(np.asarray(near | moves) & np.array(willing, dtype=bool), frame.index)


AUDITS = (RuleAudit((Travel,), satisfied=satisfied),)
