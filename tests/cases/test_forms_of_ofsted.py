"""Every form of Ofsted's lists is read with its leadership grades, those from before report cards too."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.files.read import recognise

SCHOOL = {
    "School name": "Elm",
    "Ofsted phase": "Primary",
    "Type of education": "Community School",
    "Region": "North West",
    "Local authority": "Blackpool",
    "Postcode": "FY1 1AA",
}
IN_2017 = SCHOOL | {
    "URN": 110000,
    "Total pupils": 200,
    "Inspection date": "10/05/2017",
    "Publication date": "20/06/2017",
    "Overall effectiveness": 2,
    "Outcomes for children and learners": 2,
    "Quality of teaching, learning and assessment": 2,
    "Effectiveness of leadership and management": 1,
    "Personal development, behaviour and welfare": 2,
    "Previous full inspection date": "01/02/2013",
    "Previous full inspection overall effectiveness": 3,
    "Previous effectiveness of leadership and management": 3,
}
CARD = SCHOOL | {
    "Total number of pupils": 200,
    "URN": 110000,
    "Inspection start date": "13/01/2026",
    "Publication date": "09/02/2026",
    "URN at time of latest full inspection": 110000,
    "Leadership and governance": "Needs attention",
    "Leadership and governance - date of grade": "13/01/2026",
    "Inspection start date of latest OEIF graded inspection": "12/06/2024",
    "Publication date of latest OEIF graded inspection": "11/07/2024",
    "URN at time of latest OEIF graded inspection": 109000,
    "Latest OEIF overall effectiveness": "NULL",
    "Latest OEIF effectiveness of leadership and management": 1,
}
NO_CARD = CARD | {
    "URN": 110001,
    "Inspection start date": "NULL",
    "Publication date": "NULL",
    "URN at time of latest full inspection": "NULL",
    "Leadership and governance": "NULL",
    "URN at time of latest OEIF graded inspection": 110001,
    "Ofsted phase": "Alternative provision",
}


def _history(panel: SchoolPanel) -> list[tuple[Any, ...]]:
    rows = panel.inspections[["urn", "inspected_on", "known_on", "leadership_grade"]]
    plain = rows.astype({"inspected_on": str, "known_on": str, "leadership_grade": object})
    return [tuple(None if pd.isna(value) else value for value in row) for row in plain.itertuples(index=False)]


def test_the_form_of_2015_to_2018_has_both_leadership_grades(official: ModuleType, tmp_path: Path) -> None:
    path = official.write(tmp_path / "files" / "mi.csv", [IN_2017])
    assert recognise(path).source == "ofsted_mi_2017"
    assert _history(official.panel(path.parent, date(2017, 9, 1))) == [
        (110000, "2013-02-01", "2017-06-20", 3),  # no publication of its own: public when the next one was
        (110000, "2017-05-10", "2017-06-20", 1),
    ]


@pytest.mark.parametrize(("crosswalk", "grade"), [(None, None), ("cautious", 3)])
def test_report_cards_keep_the_grade_before_them(
    official: ModuleType, tmp_path: Path, crosswalk: str | None, grade: int | None
) -> None:
    path = official.write(tmp_path / "files" / "mi.csv", [CARD, NO_CARD])
    assert recognise(path).source == "ofsted_report_cards"
    panel = official.panel(path.parent, date(2026, 5, 31), crosswalk)
    assert _history(panel) == [
        (110000, "2024-06-12", "2024-07-11", 1),
        (110000, "2026-01-13", "2026-02-09", grade),
        (110001, "2024-06-12", "2024-07-11", 1),
    ]
    assert panel.schools["phase"].tolist() == ["primary", "pru"]
    assert panel.other_urns == {109000: 110000}


def test_one_inspection_in_two_lists_by_its_last_and_by_its_first_day_is_one(
    official: ModuleType, tmp_path: Path
) -> None:
    in_2023 = official.GRADED | {"URN": 110000}
    start = {
        "Inspection start date" if name == "Inspection end date" else name: value for name, value in in_2023.items()
    }
    official.write(tmp_path / "files" / "a.csv", [in_2023])
    newer = start | {"URN": 110001, "Inspection start date": "01/07/2025", "Publication date": "31/08/2025"}
    official.write(tmp_path / "files" / "b.csv", [start | {"Inspection start date": "10/05/2019"}, newer])
    panel = official.panel(tmp_path / "files", date(2025, 9, 30))
    assert [row[:2] for row in _history(panel)] == [(110000, "2019-05-11"), (110001, "2025-07-01")]


def test_a_list_without_any_publication_date_is_refused(official: ModuleType, tmp_path: Path) -> None:
    blank = {"Publication date": "", "Publication date of latest OEIF graded inspection": ""}
    path = official.write(tmp_path / "files" / "mi.csv", [CARD | blank])
    with pytest.raises(DataError, match="no inspection in it has a publication date"):
        official.panel(path.parent, date(2026, 5, 31))
