"""The DfE's own rule for *stuck* schools, which decides who is offered targeted support (RISE); not a forecast.

Stuck is a school that its latest graded inspection found to require improvement, after one that found it below good.
Where an inspection has no overall grade (from September 2024), its grades of leadership and of the quality of education
stand for it: either one suffices. From November 2025, "needs attention" in leadership and governance counts.
Source: DfE, RISE targeted intervention, 2025.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.report_cards import WEAK_POINTS
from pilotage.domain.units import BELOW_GOOD

RULE_FROM = date(2025, 1, 31)  # the DfE's consultation on accountability, which began RISE
REQUIRES_IMPROVEMENT = 3
PARTS = ["leadership_grade", "teaching_grade"]  # that stand for an overall grade which was not given
STUCK_POINT = "needs_attention"


def stuck_by_dfe(panel: SchoolPanel) -> pd.Index:
    """Return the URNs of the schools that are stuck by the DfE's rule, by what was known on the panel's date.

    None before the rule was made, nor of invented schools.
    """
    if panel.synthetic or panel.as_of < RULE_FROM:
        return pd.Index([], dtype="int64")
    seen = panel.inspections[panel.inspections["known_on"] <= pd.Timestamp(panel.as_of)]
    carded = seen["leadership_judgement"].notna()
    judged = seen[carded | seen[["overall_grade", *PARTS]].notna().any(axis=1)]
    judged = judged.sort_values(["urn", "inspected_on"], kind="stable")
    below = _below_good(judged)
    before = below.groupby(judged["urn"]).shift().astype("boolean").fillna(False)
    latest = ~judged["urn"].duplicated(keep="last")
    urns = judged.loc[latest & before & _requires_improvement(judged), "urn"]
    stuck: pd.Index = pd.Index(urns.to_numpy(dtype="int64"))
    return stuck


def _below_good(judged: pd.DataFrame) -> pd.Series:
    weak = judged["leadership_judgement"].isin(WEAK_POINTS)
    parts = (judged[PARTS] >= BELOW_GOOD).any(axis=1)
    return _by_overall(judged, judged["overall_grade"] >= BELOW_GOOD, parts) | weak


def _requires_improvement(judged: pd.DataFrame) -> pd.Series:
    attention = judged["leadership_judgement"] == STUCK_POINT
    parts = (judged[PARTS] == REQUIRES_IMPROVEMENT).any(axis=1)
    return _by_overall(judged, judged["overall_grade"] == REQUIRES_IMPROVEMENT, parts) | attention.fillna(False)


def _by_overall(judged: pd.DataFrame, overall: pd.Series, parts: pd.Series) -> pd.Series:
    """Return what the overall grade says of grades; where none was given, what its parts say; nothing of a card."""
    there = judged["overall_grade"].notna()
    said = overall.where(there, parts).astype("boolean").fillna(False)
    return said & judged["leadership_judgement"].isna()
