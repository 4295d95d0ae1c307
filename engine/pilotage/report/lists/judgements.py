"""What inspectors last said of each school's leadership, in the words of the scale that they used."""

from __future__ import annotations

import pandas as pd

from pilotage.case.record import RunRecord
from pilotage.domain.judgements import current_judgements
from pilotage.domain.report_cards import Scale

GRADES = {1: "Outstanding", 2: "Good", 3: "Requires improvement", 4: "Inadequate"}
SATISFACTORY_UNTIL = pd.Timestamp(2012, 9, 1)  # the third grade was called "Satisfactory" before
SATISFACTORY = "Satisfactory"


def judgements(record: RunRecord) -> pd.DataFrame:
    """Return ``current_grade`` (words), ``current_scale`` and ``inspected_on`` (2025-07-01) by URN, where known."""
    latest = current_judgements(record.panel)
    words = [
        judgement_words(*row)
        for row in zip(latest["leadership_grade"], latest["leadership_judgement"], latest["inspected_on"], strict=True)
    ]
    return pd.DataFrame(
        {
            "current_grade": pd.Series(words, index=latest.index, dtype=object),
            "current_scale": latest["scale"].astype(object),
            "inspected_on": latest["inspected_on"].dt.strftime("%Y-%m-%d").astype(object),
        }
    )


def judgement_words(grade: float, judgement: str | None, day: pd.Timestamp) -> str:
    """Return what inspectors said of leadership, in the words of the scale that they used."""
    if isinstance(judgement, str):
        return judgement.replace("_", " ").capitalize()
    return SATISFACTORY if grade == 3 and day < SATISFACTORY_UNTIL else GRADES[int(grade)]


def judgement_line(row: pd.Series) -> str:
    """Return a row's judgement for a reader: ``leadership Good, May 2019``; empty where there is none."""
    if not isinstance(row["current_grade"], str):
        return ""
    card = " by report card" if row["current_scale"] == Scale.REPORT_CARD else ""
    return f"leadership {row['current_grade']}{card}, {pd.Timestamp(row['inspected_on']):%b %Y}"
