"""What a leader brings and how long one stays: own months, share of a head's effect, and years in post."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.config.scenario import Scenario
from pilotage.domain.evidence import Evidence
from pilotage.placement.rules.catalogue import spans_of
from pilotage.placement.support import SUPPORT
from pilotage.placement.valuation.counterfactual import months, slopes

Floats = NDArray[np.float64]

OWN_EVIDENCE = ("effect_mean", "effect_sd")
RATIOS = ("senior", "middle", "executive", SUPPORT)  # levels whose effect is a share of a head's


@dataclass(frozen=True)
class OwnMonths:
    """What each leader brings beside a median head, in months, and its standard deviation, shape (leaders,)."""

    mean: Floats
    sd: Floats


def own_months(leaders: pd.DataFrame, ratio: Floats, evidence: Evidence, stage: str) -> OwnMonths:
    """Return what each leader brings in schools of a stage; own evidence is shrunk to what the pool's leaders bring.

    A region that supports leaders in post brings what is missing there (``otherwise``), so that its mean is 0.
    """
    of = slopes(evidence, stage)
    prior = ratio * float(months(evidence.value("leader_quality"), of))
    prior_sd = ratio * of.above * evidence.value("leader_quality_sd")
    mean, sd = (leaders[name].to_numpy(dtype=float) / evidence.value("sd_per_month") for name in OWN_EVIDENCE)
    known = np.isfinite(mean) & np.isfinite(sd) & (sd > 0)
    trust = np.where(known, prior_sd**2 / (prior_sd**2 + np.where(known, sd, 1.0) ** 2), 0.0)
    shrunk = prior + trust * (np.where(known, mean, 0.0) - prior) * known
    supports = (leaders["level"] == SUPPORT).to_numpy()
    return OwnMonths(np.where(supports, 0.0, shrunk), prior_sd * np.sqrt(1 - trust))


def ratios(leaders: pd.DataFrame, scenario: Scenario, evidence: Evidence) -> Floats:
    """Return each leader's effect as a share of a head's, by level; over all schools of one leader at most 1."""
    ratio = {"head": 1.0} | {v: evidence.value(f"effect_ratio_{v}") for v in RATIOS}
    shares = np.asarray(leaders["level"].map(ratio), dtype=np.float64)
    spans = spans_of(leaders, scenario)
    if spans is None:
        return shares
    return np.where(spans.who, np.minimum(shares, 1 / np.maximum(spans.most, 1)), shares)


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
