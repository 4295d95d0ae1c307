"""Where a school stands on a day: good or better, below good, or without a leadership grade of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pilotage.domain.judgements import current_judgements
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.report_cards import Scale
from pilotage.domain.units import BELOW_GOOD

NO_GRADE = "no leadership grade known"
REPORT_CARD = "judged by a report card since, which is not compared with the four grades"
NO_OWN_GRADE = "sponsor-led academy without a leadership grade of its own yet"


def standing(panel: SchoolPanel, asked: pd.DataFrame) -> pd.Series:
    """Return ``good_or_better``, ``below_good`` or null by row: the school's own latest leadership grade.

    A sponsor-led academy inherits its predecessor's history but not its grade. A report card that no crosswalk turns
    into a grade leaves a school without one: the grade before it is history.
    """
    grade = asked["leadership_grade"]
    own = panel.inspections[panel.inspections["urn"] == panel.inspections["urn_at_time"]]
    own = own[(own["known_on"] <= pd.Timestamp(panel.as_of)) & own["leadership_grade"].notna()]
    sponsored = panel.schools.loc[panel.schools["sponsor_led"], "urn"]
    graded = grade.notna() & (~asked["urn"].isin(sponsored) | asked["urn"].isin(own["urn"]))
    graded &= ~asked["urn"].isin(_judged_by_card(panel))
    words = pd.Series(np.where(grade >= BELOW_GOOD, "below_good", "good_or_better"), index=asked.index)
    return words.where(graded)


def _judged_by_card(panel: SchoolPanel) -> pd.Index:
    """Return the URNs whose latest judgement is a report card without a grade."""
    latest = current_judgements(panel)
    return latest.index[(latest["scale"] == Scale.REPORT_CARD) & latest["leadership_grade"].isna()]


def why_ungraded(panel: SchoolPanel, asked: pd.DataFrame) -> pd.Series:
    """Return the reason why a school has no standing, by row."""
    words = np.where(asked["leadership_grade"].notna(), NO_OWN_GRADE, NO_GRADE)
    return pd.Series(np.where(asked["urn"].isin(_judged_by_card(panel)), REPORT_CARD, words), index=asked.index)
