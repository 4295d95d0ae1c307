"""What the panel of a small folder of Ofsted's files says of itself, and which folders it refuses."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from pilotage.domain.panel import SchoolPanel
from pilotage.errors import DataError
from pilotage.sources.schools.official import official_panel

LEADERSHIP = "The effectiveness of leadership and management in embedding ambition and driving improvement"
SCHOOL = {
    "URN": 100001,
    "School name": "Elm",
    "Region": "London",
    "Local Authority": "Camden",
    "Type of school": "Community School",
    "Phase": "Primary",
    "Postcode": "NW1 2CD",
    "Total pupils": 200,
    "Latest inspection date": date(2013, 3, 1),
    "Overall effectiveness: how good is the school": 2,
    LEADERSHIP: 1,
}
CARDS = (
    "URN,School name,Postcode,Local authority,Region,Type of education,Ofsted phase,Inspection end date,"
    "Publication date,Leadership and governance,Achievement\n"
    "100001,Elm,NW1 2CD,Camden,London,Community School,Primary,20/11/2025,15/01/2026,Needs attention,Strong standard\n"
)


def _workbook(folder: Path, stated: str | None = "30 April 2013") -> Path:
    """Write a month's workbook of one school; without ``stated``, without the sheet that gives its day."""
    folder.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(str(folder / "mi.xlsx"), {"default_date_format": "dd/mm/yyyy"})
    if stated:
        book.add_worksheet("Dates").write_row(0, 0, ["End date", stated])
    page = book.add_worksheet("Provider level data")
    page.write_row(0, 0, list(SCHOOL))
    page.write_row(1, 0, list(SCHOOL.values()))
    book.close()
    return folder


def _cards(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cards.csv").write_text(CARDS, encoding="utf-8")
    return folder


def _two_months_of_cards(folder: Path) -> Path:
    later = CARDS.replace("15/01/2026", "20/02/2026")
    (_cards(folder) / "cards_february.csv").write_text(later, encoding="utf-8")
    return folder


def _panel(folder: Path, as_of: date, crosswalk: str | None = None) -> SchoolPanel:
    cache = folder.parent / "cache"
    areas = "opportunity_areas_2016"
    return official_panel(folder, as_of, areas, crosswalk_name=crosswalk, cache=cache, say=lambda _message: None)


def _problem(folder: Path, as_of: date) -> str:
    with pytest.raises(DataError) as caught:
        _panel(folder, as_of)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("write", "as_of", "first"),
    [(_workbook, date(2013, 4, 29), "2013-04-30"), (_two_months_of_cards, date(2026, 1, 14), "2026-01-15")],
    ids=["workbook", "lists-that-publish"],
)
def test_a_date_before_every_list_is_refused_with_the_first_that_may_be(
    tmp_path: Path, write: Callable[[Path], Path], as_of: date, first: str
) -> None:
    problem = _problem(write(tmp_path / "files"), as_of)
    assert problem == f"as_of - as_of = {as_of}, before any data - {first} or later - choose a later date"


def test_a_workbook_that_states_no_day_is_refused(tmp_path: Path) -> None:
    folder = _workbook(tmp_path / "files", None)
    wanted = "its sheets Dates and Cover state no day - an 'End date' or 'As at Date' - download it again"
    assert _problem(folder, date(2013, 8, 31)) == f"{folder / 'mi.xlsx'} - {wanted}"


@pytest.mark.parametrize(
    ("as_of", "years"),
    [(date(2014, 4, 29), None), (date(2014, 10, 30), "1.5")],  # 364 days; 548 days / 365.25
    ids=["fresh", "stale"],
)
def test_a_list_of_a_year_ago_or_older_is_called_old(tmp_path: Path, as_of: date, years: str | None) -> None:
    notes = _panel(_workbook(tmp_path / "files"), as_of).notes
    start = "The latest list of schools known by the date is of 2013-04-30"
    old = [note for note in notes if note.startswith(start)]
    assert old == ([f"{start}, {years} years before it: bring a newer one."] if years else [])


def test_a_broken_yearly_table_that_can_be_done_without_is_left_out_and_named(tmp_path: Path) -> None:
    folder = _workbook(tmp_path / "files")
    (folder / "results_2013.csv").write_text("URN,TPUP,ATT8SCR\n100001,90,48\n100002,80,about 50\n", encoding="utf-8")
    panel = _panel(folder, date(2014, 3, 31))
    assert "Left out, since it is broken: results_2013.csv (attainment8 = 'about 50')." in panel.notes
    assert panel.school_years["attainment8"].notna().sum() == 0
    assert [each.name for each in panel.inputs] == ["mi.xlsx"]


def test_report_cards_are_unknown_leadership_and_the_panel_says_so(tmp_path: Path) -> None:
    panel = _panel(_cards(tmp_path / "files"), date(2026, 1, 31))
    assert panel.inspections["leadership_grade"].isna().tolist() == [True]
    wanted = (
        "Report cards (from November 2025) are not compared with the four grades: leadership judged by one counts "
        "as unknown. A scenario may name a crosswalk in data.crosswalk."
    )
    assert panel.notes.count(wanted) == 1
    assert not any(note.startswith("Assumption: ") for note in panel.notes)


def test_a_crosswalk_of_report_cards_is_stated_as_an_assumption(tmp_path: Path) -> None:
    panel = _panel(_cards(tmp_path / "files"), date(2026, 1, 31), "cautious")
    assert panel.inspections["leadership_grade"].tolist() == [3]  # needs attention
    (assumption,) = [note for note in panel.notes if note.startswith("Assumption: ")]
    assert assumption.endswith(". Ofsted says that the two cannot be compared.")
    assert not any("are not compared with the four grades" in note for note in panel.notes)
