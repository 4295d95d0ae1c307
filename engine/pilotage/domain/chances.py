"""What may be said of the chance that leadership is found below good: a number, an order of schools, or nothing.

Report cards, from November 2025, judge on five points that Ofsted calls not directly comparable with the four
grades. A crosswalk puts schools of both scales in one order. How many fall is another matter:
it takes judgements on the new scale.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from pilotage.domain.frameworks import REPORT_CARDS
from pilotage.domain.panel import SchoolPanel
from pilotage.domain.report_cards import WEAK_POINTS

FEWEST_WEAK = 100  # judgements of leadership below the expected standard that set the level on report cards


class Chances(StrEnum):
    """How far chances of leadership may be used on a day."""

    KNOWN = "known"
    ORDER = "order"  # schools have an order and bands; no chance is printed
    NOTHING = "nothing"  # report cards without a crosswalk: not even an order


def chances_of(panel: SchoolPanel, crosswalk: str | None) -> Chances:
    """Return how far chances of leadership may be used on a panel's date, under a scenario's crosswalk."""
    if panel.synthetic or panel.as_of < REPORT_CARDS.starts:
        return Chances.KNOWN
    if crosswalk is None:
        return Chances.NOTHING
    return Chances.KNOWN if weak_judgements(panel) >= FEWEST_WEAK else Chances.ORDER


def weak_judgements(panel: SchoolPanel) -> int:
    """Return how many report cards known by the panel's date judge leadership below the expected standard."""
    known = panel.inspections["known_on"] <= pd.Timestamp(panel.as_of)
    return int((known & panel.inspections["leadership_judgement"].isin(WEAK_POINTS)).sum())
