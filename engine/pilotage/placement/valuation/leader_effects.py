"""What a leader changes and how long one stays: effect in months, share of a head's effect, and years in post."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.evidence import Evidence
from pilotage.placement.support import SUPPORT

Floats = NDArray[np.float64]

RATIOS = ("senior", "middle", "executive", SUPPORT)  # levels whose effect is a share of a head's


def effects_by_stage(leaders: pd.DataFrame, evidence: Evidence) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return mean and sd of each leader's effect in months, by stage; own evidence is shrunk to the prior."""
    scale = ratios(leaders, evidence)
    own = leaders["effect_mean"].to_numpy(dtype=float) / evidence.value("sd_per_month")
    own_sd = leaders["effect_sd"].to_numpy(dtype=float) / evidence.value("sd_per_month")
    known = np.isfinite(own) & np.isfinite(own_sd) & (own_sd > 0)
    means, sds = {}, {}
    for stage in ("primary", "secondary"):
        prior = scale * evidence.value(f"effect_head_{stage}_months")
        prior_sd = np.abs(prior) * evidence.value("effect_sd_ratio")
        trust = np.where(known, prior_sd**2 / (prior_sd**2 + np.where(known, own_sd, 1.0) ** 2), 0.0)
        means[stage] = prior + trust * (np.where(known, own, 0.0) - prior) * known
        sds[stage] = prior_sd * np.sqrt(1 - trust)
    return means, sds


def ratios(leaders: pd.DataFrame, evidence: Evidence) -> Floats:
    """Return each leader's effect as a share of a head's, by level."""
    ratio = {"head": 1.0} | {v: evidence.value(f"effect_ratio_{v}") for v in RATIOS}
    return np.asarray(leaders["level"].map(ratio), dtype=np.float64)


def stays_by_stage(
    leaders: pd.DataFrame, years: int, evidence: Evidence
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return s(3), the three-year stay, and W, the sum over years of s(y) f(y), of each leader, by stage.

    Leaving is steady: s(y) = s(3)^(y/3).
    """
    levels, stays, weights = leaders["level"].to_numpy(), dict[str, Floats](), dict[str, Floats]()
    for stage in ("primary", "secondary"):
        known = {level: evidence.value(f"stay_three_years_{level}_{stage}") for level in sorted(set(levels))}
        stay = np.array([known[level] for level in levels], dtype=float)
        terms = [stay ** (y / 3) * evidence.value(f"fade_in_year_{min(y, 4)}") for y in range(1, years + 1)]
        stays[stage], weights[stage] = stay, np.sum(terms, axis=0)
    return stays, weights
