"""What inspectors last said of a school's leadership: one of four grades, or of the five points of report cards.

Ofsted says that the two scales cannot be compared. A report card makes the grade before it history.
"""

from __future__ import annotations

import pandas as pd

from pilotage.domain.panel import SchoolPanel
from pilotage.domain.report_cards import Scale

COLUMNS = ["urn", "urn_at_time", "inspected_on", "known_on", "leadership_grade", "leadership_judgement"]


def judged_leadership(inspections: pd.DataFrame) -> pd.DataFrame:
    """Return the ``COLUMNS`` of the inspections that judged leadership, on either scale, in the order of days."""
    days = dict.fromkeys(["inspected_on", "known_on"], "datetime64[ns]")  # of a table without rows they are none
    rows = inspections.reindex(columns=COLUMNS).astype(days)
    judged = rows["leadership_grade"].notna() | rows["leadership_judgement"].notna()
    return rows[judged].sort_values(["urn", "inspected_on", "known_on"], kind="stable")


def current_judgements(panel: SchoolPanel) -> pd.DataFrame:
    """Return the latest judgement of each school's leadership that was known by the panel's date.

    Returns
    -------
    pd.DataFrame
        Index: urn, of the schools that have one. Columns: ``leadership_grade`` (1 to 4; of a report card only by a
        crosswalk), ``leadership_judgement`` (of ``report_cards.REPORT_CARD_POINTS``; null on the scale of four
        grades), ``scale`` (a ``Scale``) and ``inspected_on``. A sponsor-led academy has no judgement from before
        it was one.
    """
    rows = judged_leadership(panel.inspections)
    rows = rows[rows["known_on"] <= pd.Timestamp(panel.as_of)]
    sponsored = panel.schools.loc[panel.schools["sponsor_led"].astype(bool), "urn"]
    rows = rows[~rows["urn"].isin(sponsored) | (rows["urn"] == rows["urn_at_time"])]
    last = rows.drop_duplicates("urn", keep="last")
    by_card = last["leadership_judgement"].notna()
    scale = by_card.map({True: Scale.REPORT_CARD.value, False: Scale.OFSTED_1_4.value})
    return last.assign(scale=scale).set_index("urn")[
        ["leadership_grade", "leadership_judgement", "scale", "inspected_on"]
    ]
