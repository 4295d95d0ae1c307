"""Lists with report cards: on their own scale, beside the grades before them, which another list may hold alone."""

from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from pilotage.domain.judgements import current_judgements
from pilotage.risk.features.compute import standing_of
from pilotage.risk.leadership.standing import REPORT_CARD, standing, why_ungraded

DAY = date(2026, 6, 1)


@pytest.mark.parametrize("wording", ["date of grade", "date of judgement"])
def test_a_card_is_read_with_every_area_and_its_day(ofsted: ModuleType, tmp_path: Path, wording: str) -> None:
    cells = {"Leadership and governance": "Urgent improvement", "Inclusion": "Exceptional"}
    cells |= {"Achievement": "Not applicable", "Safeguarding standards": "Not met"}
    cells |= {"Most recent category of concern": "SM", f"Leadership and governance - {wording}": "20/04/2026"}
    ofsted.write(tmp_path / "files" / ofsted.CARDS.format("31_May_2026"), ofsted.card(wording, **cells))
    (row,) = ofsted.panel(tmp_path / "files", DAY).inspections.to_dict("records")
    assert row["leadership_judgement"] == "urgent_improvement"
    assert row["inclusion_judgement"] == "exceptional"
    assert row["development_judgement"] == "expected_standard"
    assert row["achievement_judgement"] is None or pd.isna(row["achievement_judgement"])
    assert row["safeguarding_met"] is False
    assert row["concern"] == "special_measures"
    assert pd.isna(row["leadership_grade"])
    assert row["inspected_on"] == pd.Timestamp("2026-04-20")  # a visit changed the judgement
    assert row["known_on"] == pd.Timestamp("2026-06-19")  # its publication is not given: 60 days later


def test_the_grade_before_a_card_may_stand_in_the_list_of_august_2025_alone(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    phase = {"Ofsted phase": "Alternative provision"}
    ofsted.write(tmp_path / "files" / ofsted.CARDS.format("31_May_2026"), ofsted.card(**phase))
    panel = ofsted.panel(tmp_path / "files", DAY)
    assert panel.inspections["leadership_grade"].tolist() == [2, 3, pd.NA]
    assert panel.inspections["leadership_judgement"].fillna("").tolist() == ["", "", "expected_standard"]
    assert panel.schools["phase"].tolist() == ["pru"]
    latest = current_judgements(panel).loc[110000]
    assert (latest["scale"], latest["inspected_on"]) == ("report_card", pd.Timestamp("2026-01-13"))
    before = current_judgements(ofsted.panel(tmp_path / "files", date(2026, 2, 8))).loc[110000]
    assert (before["scale"], before["leadership_grade"]) == ("ofsted_1_4", 3)


@pytest.mark.parametrize(("crosswalk", "stands"), [(None, None), ("cautious", "good_or_better")])
def test_a_card_makes_the_grade_before_it_history(
    ofsted: ModuleType, tmp_path: Path, crosswalk: str | None, stands: str | None
) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    ofsted.write(tmp_path / "files" / ofsted.CARDS.format("31_May_2026"), ofsted.card())
    panel = ofsted.panel(tmp_path / "files", DAY, crosswalk)
    asked = standing_of(panel, pd.DataFrame({"urn": [110000], "on": [pd.Timestamp(DAY)]}))
    found = standing(panel, asked)
    assert [None if pd.isna(word) else word for word in found] == [stands]
    assert (why_ungraded(panel, asked).iloc[0] == REPORT_CARD) == (stands is None)


def test_a_card_beside_the_inspection_before_it_in_one_row(ofsted: ModuleType, tmp_path: Path) -> None:
    before = {
        "Inspection start date of latest OEIF graded inspection": "12/06/2024",
        "Publication date of latest OEIF graded inspection": "11/07/2024",
        "URN at time of latest OEIF graded inspection": "109000",
        "Latest OEIF quality of education": "3",
        "Latest OEIF effectiveness of leadership and management": "2",
    }
    ofsted.write(tmp_path / "files" / ofsted.CARDS.format("28_Feb_2026"), ofsted.card(**before))
    found = ofsted.panel(tmp_path / "files", date(2026, 3, 1)).inspections
    assert found["urn_at_time"].tolist() == [109000, 110000]
    assert found[["leadership_grade", "teaching_grade"]].iloc[0].tolist() == [2, 3]
