"""The scales of Ofsted's judgements: four grades and, from 10 November 2025, the five points of report cards."""

from __future__ import annotations

from enum import StrEnum


class Scale(StrEnum):
    """The scale of a judgement: grades 1 to 4, or the five points of report cards (from 10 November 2025)."""

    OFSTED_1_4 = "ofsted_1_4"
    REPORT_CARD = "report_card"


#: The five points of report cards, from the worst.
REPORT_CARD_POINTS = ("urgent_improvement", "needs_attention", "expected_standard", "strong_standard", "exceptional")
#: Those below the expected standard.
WEAK_POINTS = ("urgent_improvement", "needs_attention")
#: The areas of report cards that every school is judged in.
REPORT_CARD_AREAS = ("leadership", "inclusion", "achievement", "teaching", "behaviour", "development")
