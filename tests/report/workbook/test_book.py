"""report.xlsx as Excel opens it: values, no formulas, no links, and what is invented said first."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pilotage.case.record import RunRecord
from pilotage.report.folder import write_run

CHANCE = '[<1]"fewer than 1 in 100";[>99]"more than 99 in 100";"about "0" in 100"'


@pytest.fixture
def opened(record: RunRecord, tmp_path: Path) -> Workbook:
    return openpyxl.load_workbook(write_run(record, tmp_path / "run", force=False) / "report.xlsx")


def _text(book: Workbook, sheet: str) -> str:
    return "\n".join(str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row if cell is not None)


def test_sheets(opened: Workbook) -> None:
    assert opened.sheetnames == [
        *("Read me", "Placements", "Without a post", "Worry about", "Ranked schools"),
        *("Supply by area", "Rules", "Assumptions", "Audit", "How to read it"),
    ]


def test_the_sheet_of_areas_says_what_is_not_covered(opened: Workbook) -> None:
    rows = list(opened["Supply by area"].iter_rows(min_row=2, values_only=True))
    assert rows[0][:4] == ("England", "all schools in scope", "yes", 8)
    blackpool = next(row for row in rows if row[0] == "Blackpool")
    assert blackpool[2] == "not covered"
    assert set(blackpool[3:]) == {None}  # blank, not zero


def test_no_cell_is_a_formula_or_a_link(opened: Workbook, worlds: ModuleType) -> None:
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert worlds.FORMULA in [cell.value for cell in cells]


def test_ranked_schools_are_all_there_with_types(opened: Workbook) -> None:
    sheet = opened["Ranked schools"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    headings = [cell.value for cell in sheet[1]]
    need, fall = headings.index("Need, 0 to 1"), headings.index("Chance leadership falls, if inspected")
    assert [row[1] for row in rows] == [105, 104, 102, 103, 107, 106, 108, 101]
    assert rows[7][need] is None  # need of a school without a forecast: blank, not zero
    assert rows[0][need] == 0.4
    assert sheet.cell(2, need + 1).number_format == "0%"
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:AL9"
    assert "p_fall_if_inspected (forecast)" in sheet.cell(1, fall + 1).comment.text
    assert (rows[0][fall], sheet.cell(2, fall + 1).number_format) == (30, CHANCE)
    assert rows[5][fall] == 90
    assert "Modelled benefit, pupil-months" not in headings
    benefits = [row[headings.index("Modelled benefit")] for row in rows]
    assert benefits == ["high", "high", "medium", "medium", "low", None, None, None]


def test_no_list_of_the_workbook_shows_decimals_or_months_of_a_school(opened: Workbook) -> None:
    for name in ("Worry about", "Ranked schools", "Placements", "Without a post"):
        cells = [cell for row in opened[name].iter_rows(min_row=2) for cell in row if isinstance(cell.value, float)]
        assert all("." not in cell.number_format for cell in cells)
        assert all(cell.value == round(cell.value) for cell in cells if cell.number_format != "0%"), name
    note = _text(opened, "How to read it")
    assert "lowest third of the modelled benefits at the 5 schools where the plan could do something" in note
    assert "not what will happen to this one" in note


def test_placements_name_their_school_and_reserves(opened: Workbook) -> None:
    headings, first, *_ = opened["Placements"].iter_rows(values_only=True)
    row = dict(zip(headings, first, strict=True))
    assert (row["Leader"], row["School"], row["Local authority"]) == ("L1", "Alder School", "Derby")
    assert (row["First reserve"], row["Second reserve"]) == ("L3", "none")


def test_the_first_sheet_is_the_plan_and_says_how_to_answer(opened: Workbook) -> None:
    text = _text(opened, "Read me")
    for words in ("Proven best", "1 leader.", "pilotage run small --decisions decisions.xlsx", "Row check"):
        assert words in text
    questions = [row[0].value for row in opened["Read me"].iter_rows(max_col=1)]
    assert [name for name in opened.sheetnames if name != "Read me"] == [n for n in questions if n in opened.sheetnames]
    assert len(text) < 6_000  # two pages
    assert opened["Read me"].row_breaks.brk  # the second page begins with how to type


def test_how_to_read_says_what_is_what(opened: Workbook) -> None:
    text = _text(opened, "How to read it")
    for words in ("A forecast is not an effect", "Not available: no results by pupil group", "A note."):
        assert words in text
    assert "[modelled; benefit in CSV]" in text
    assert "misses budget" in text
    assert "not made yet" not in text


def test_rules_assumptions_and_audit(opened: Workbook) -> None:
    assert "2 of at most 2" in _text(opened, "Rules")
    assert "£16,000 of at most £20,000" in _text(opened, "Rules")
    assert "delta = 0.2" in _text(opened, "Assumptions")
    assert "one post per leader" in _text(opened, "Audit")


@pytest.mark.parametrize(
    ("school", "leader", "words"),
    [(True, True, "Synthetic England"), (False, True, "Synthetic leaders"), (False, False, None)],
)
def test_the_first_sheet_says_what_is_invented(
    make: Callable[..., RunRecord], tmp_path: Path, school: bool, leader: bool, words: str | None
) -> None:
    folder = write_run(make(school=school, leader=leader), tmp_path / "run", force=False)
    second = openpyxl.load_workbook(folder / "report.xlsx")["Read me"]["A2"].value
    assert (second is None) if words is None else second.startswith(words)


def test_no_clock_time_is_written(record: RunRecord, tmp_path: Path) -> None:
    with ZipFile(write_run(record, tmp_path / "run", force=False) / "report.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2016-08-31T00:00:00Z" in archive.read("docProps/core.xml").decode()


def test_special_schools_have_a_sheet_of_their_own(record: RunRecord, tmp_path: Path) -> None:
    schools = record.panel.schools
    phase = schools["phase"].where(schools["urn"] != 105, "special")
    special = replace(record, panel=replace(record.panel, schools=schools.assign(phase=phase)))
    book = openpyxl.load_workbook(write_run(special, tmp_path / "run", force=False) / "report.xlsx")
    assert book.sheetnames.index("Special schools and PRUs") == book.sheetnames.index("Ranked schools") + 1
    at = book.sheetnames.index("Ranked schools")
    urns = [[row[1] for row in book[n].iter_rows(min_row=2, values_only=True)] for n in book.sheetnames[at : at + 2]]
    assert urns == [[104, 102, 103, 107, 106, 108, 101], [105]]
