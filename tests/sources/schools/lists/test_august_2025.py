"""The list of August 2025: both inspections, visits, what it says of the school, and how many lists tell of it."""

from datetime import date
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from pilotage.risk.leadership.labels import labelled_pairs

DAY = date(2025, 10, 31)
DATES = ["inspected_on", "known_on"]
VISITED = {
    "Date of latest ungraded inspection": "20/05/2024",
    "Ungraded inspection publication date": "26/06/2024",
    "URN at time of the ungraded inspection": "110000",
    "Ungraded inspection overall outcome": "School remains Good (Concerns) - S5 Next",
}


def _days(frame: pd.DataFrame, *names: str) -> list[list[str]]:
    return [[str(day.date()) for day in row] for row in frame[list(names)].itertuples(index=False)]


def test_both_inspections_are_known_from_their_own_publication(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    inspections = ofsted.panel(tmp_path / "files", DAY).inspections
    assert _days(inspections, *DATES) == [["2018-06-12", "2018-07-09"], ["2025-03-10", "2025-04-28"]]
    assert inspections["leadership_grade"].tolist() == [2, 3]
    assert inspections["teaching_grade"].tolist() == [pd.NA, 3]
    assert inspections["behaviour_grade"].tolist() == [2, 2]
    assert inspections["overall_grade"].tolist() == [2, pd.NA]  # 2024/25 has no overall grade
    assert inspections["lists"].tolist() == [1, 1]
    assert _days(inspections, "listed_on") == [["2025-04-28"]] * 2


def test_one_list_alone_gives_pairs_to_learn_from(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    pairs = labelled_pairs(ofsted.panel(tmp_path / "files", DAY), pd.Timestamp("2025-04-28"))
    assert pairs[["before", "after"]].to_numpy().tolist() == [[2, 3]]
    assert _days(pairs, "on", "known_on") == [["2025-03-09", "2025-04-28"]]
    assert labelled_pairs(ofsted.panel(tmp_path / "files", DAY), pd.Timestamp("2025-04-27")).empty


@pytest.mark.parametrize("published", ["NULL", "28/04/2025"])  # some lists repeat the latest publication there
def test_an_inspection_without_a_publication_date_of_its_own_is_known_some_days_after_it(
    ofsted: ModuleType, tmp_path: Path, published: str
) -> None:
    ofsted.write(tmp_path / "files" / "list.csv", ofsted.GRADED | {"Previous publication date": published})
    inspections = ofsted.panel(tmp_path / "files", DAY).inspections
    assert _days(inspections, "known_on") == [["2018-08-11"], ["2025-04-28"]]  # 60 days after 12 June


def test_a_visit_is_an_event_of_its_own_and_no_grade(ofsted: ModuleType, tmp_path: Path) -> None:
    other = {"URN": "110001", "URN at time of latest graded inspection": "110001"}
    rows = [
        ofsted.GRADED | {"Inspection start date": "12/06/2024", "Publication date": "11/07/2024"} | VISITED,
        ofsted.GRADED | other | VISITED | {"Did the latest ungraded inspection convert to a graded inspection?": "Yes"},
        ofsted.GRADED
        | {"URN": "110002", "URN at time of latest graded inspection": "110002"}
        | VISITED
        | {
            "URN at time of the ungraded inspection": "109002",
            "Ungraded inspection overall outcome": "Standards maintained",
        },
        ofsted.GRADED
        | {"URN": "110003", "URN at time of latest graded inspection": "110003"}
        | VISITED
        | {"URN at time of the ungraded inspection": "110003", "Ungraded inspection overall outcome": "A new wording"},
    ]
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, *rows)
    panel = ofsted.panel(tmp_path / "files", DAY)
    assert panel.visits["urn"].tolist() == [110000, 110002, 110003]
    assert panel.visits["urn_at_time"].tolist() == [110000, 109002, 110003]
    assert panel.visits["outcome"].fillna("").tolist() == ["concerns", "confirmed", ""]
    assert _days(panel.visits, "visited_on", "known_on") == [["2024-05-20", "2024-06-26"]] * 3
    assert not panel.inspections["inspected_on"].eq("2024-05-20").any()
    assert panel.other_urns[109002] == 110002


def test_what_the_list_says_of_the_school_and_of_concern(ofsted: ModuleType, tmp_path: Path) -> None:
    in_trust = {
        "Multi-academy trust UID": "4321",
        "Multi-academy trust name": "Tide Learning",
        "Category of concern": "SWK",
        "Previous category of concern": "NTI",
        "School open date": "01/09/2017",
    }
    alone = {"URN": "110001", "The income deprivation affecting children index (IDACI) quintile": "NULL"}
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED | in_trust, ofsted.GRADED | alone)
    panel = ofsted.panel(tmp_path / "files", DAY)
    first, second = panel.schools.to_dict("records")
    assert (first["trust"], first["trust_id"], first["idaci_fifth"]) == ("Tide Learning", 4321, 5)
    assert first["opened_on"] == pd.Timestamp("2017-09-01")
    assert [pd.isna(second[name]) for name in ("trust", "trust_id", "idaci_fifth")] == [True] * 3
    own = panel.inspections[panel.inspections["urn_at_time"] == 110000]
    assert set(own["concern"].dropna()) == {"notice_to_improve", "serious_weaknesses"}
    assert any("as at its day" in note for note in panel.notes)


def test_an_inspection_of_two_lists_has_two_witnesses_and_keeps_the_day_of_the_earlier(
    ofsted: ModuleType, tmp_path: Path
) -> None:
    in_2023 = {name.replace("start date", "end date"): text for name, text in ofsted.GRADED.items()}
    in_2023 |= {"Inspection end date": "13/06/2018", "Publication date": "09/07/2018"}
    in_2023 |= {name: "NULL" for name in in_2023 if "previous" in name.lower()}
    in_2023 |= {"Effectiveness of leadership and management": "2"}
    newest = in_2023 | {"URN": "110001", "Inspection end date": "10/07/2023", "Publication date": "20/08/2023"}
    newest |= {"URN at time of latest graded inspection": "110001"}
    ofsted.write(tmp_path / "files" / "Schools_as_at_31_August_2023.csv", in_2023, newest)
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    panel = ofsted.panel(tmp_path / "files", DAY)
    assert _days(panel.inspections, *DATES) == [["2018-06-13", "2018-07-09"], ["2025-03-10", "2025-04-28"]]
    assert panel.inspections["lists"].tolist() == [2, 1]
    assert _days(panel.inspections, "listed_on") == [["2023-08-20"], ["2025-04-28"]]


@pytest.mark.parametrize(("days", "inspections"), [(6, 1), (7, 2)])
def test_days_of_a_week_apart_are_two_inspections(
    ofsted: ModuleType, tmp_path: Path, days: int, inspections: int
) -> None:
    earlier = ofsted.GRADED | {"Inspection start date": f"{12 + days}/06/2018", "Publication date": "29/08/2018"}
    earlier |= {name: "NULL" for name in earlier if name.startswith("Previous")}
    ofsted.write(tmp_path / "files" / "a.csv", earlier)
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    found = ofsted.panel(tmp_path / "files", DAY).inspections
    assert (found["inspected_on"] < "2019-01-01").sum() == inspections


def test_schools_without_a_place_are_named(ofsted: ModuleType, tmp_path: Path) -> None:
    ofsted.write(tmp_path / "files" / ofsted.AUGUST_2025, ofsted.GRADED)
    notes = ofsted.panel(tmp_path / "files", DAY).notes
    (named,) = [note for note in notes if note.startswith("No place is known of 110000:")]
    assert "gias/edubasealldata.csv has their places: `pilotage data fetch --source gias_extract`" in named
