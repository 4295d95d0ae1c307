"""The current judgement of a school: the latest one known, on its own scale."""

from datetime import date

import pandas as pd
import pytest

from pilotage.domain.judgements import current_judgements
from pilotage.domain.panel import SchoolPanel

CARD = "needs_attention"
DAYS = ["2012-03-01", "2019-05-10", "2025-12-02"]
KNOWN = ["2012-04-01", "2019-06-20", "2026-01-20"]


def _panel(as_of: date, urn_at_time: list[int], *, sponsored: bool = False) -> SchoolPanel:
    inspections = pd.DataFrame(
        {
            "urn": 1,
            "urn_at_time": urn_at_time,
            "inspected_on": pd.to_datetime(DAYS),
            "known_on": pd.to_datetime(KNOWN),
            "leadership_grade": pd.Series([3, 2, None], dtype="Int64"),
            "leadership_judgement": [None, None, CARD],
        }
    )
    schools = pd.DataFrame({"urn": [1], "phase": "primary", "sponsor_led": sponsored})
    none = pd.DataFrame()
    return SchoolPanel(as_of, schools, inspections, none, none, none, synthetic=False)


@pytest.mark.parametrize(
    ("as_of", "scale", "grade", "judgement", "day"),
    [
        (date(2019, 6, 19), "ofsted_1_4", 3, None, "2012-03-01"),  # inspected already, not published yet
        (date(2019, 6, 20), "ofsted_1_4", 2, None, "2019-05-10"),
        (date(2026, 1, 20), "report_card", None, CARD, "2025-12-02"),
    ],
)
def test_the_latest_known_by_the_day_counts(
    as_of: date, scale: str, grade: int | None, judgement: str | None, day: str
) -> None:
    row = current_judgements(_panel(as_of, [1, 1, 1])).loc[1]
    assert (row["scale"], row["inspected_on"]) == (scale, pd.Timestamp(day))
    assert (None if pd.isna(row["leadership_grade"]) else row["leadership_grade"]) == grade
    assert (None if pd.isna(row["leadership_judgement"]) else row["leadership_judgement"]) == judgement


def test_a_sponsor_led_academy_has_no_judgement_of_the_school_before_it() -> None:
    assert current_judgements(_panel(date(2020, 1, 1), [9, 9, 1], sponsored=True)).empty
    assert current_judgements(_panel(date(2020, 1, 1), [9, 9, 1])).index.tolist() == [1]
    assert current_judgements(_panel(date(2026, 2, 1), [9, 9, 1], sponsored=True)).index.tolist() == [1]
