"""A new setup workbook: its sheets, its drop-downs, and that it never writes over a file."""

from pathlib import Path

import openpyxl
import pytest

from pilotage.errors import UsageError
from pilotage.sources.pool.templates import described
from pilotage.sources.setup.book import setup_book, write_setup
from pilotage.sources.setup.questions import questions


def test_it_has_a_sheet_that_explains_the_questions_and_the_tables(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_setup(tmp_path / "plan.xlsx"))
    assert book.sheetnames == ["Read me", "Question", "Leaders", "Posts", "Answers"]
    assert book.active.title == "Question"
    asked = [tuple(cell.value for cell in row) for row in book["Question"].iter_rows(min_row=5)]
    assert [(row[1], row[4], row[6]) for row in asked] == [
        (each.question, each.means, each.key) for each in questions()
    ]
    for sheet, template in (("Leaders", "leaders"), ("Posts", "posts"), ("Answers", "asks")):
        assert [cell.value for cell in book[sheet][1]] == list(described()[template])
        assert book[sheet].auto_filter.ref.startswith("A1:")
    told = [cell.value for cell in book["Read me"]["A"]]
    assert "3. Save the workbook, and run it: pilotage run plan.xlsx" in told
    assert {"takes_part", "school_name", "leader_condition"} <= set(told)


def test_questions_with_a_list_have_a_drop_down(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_setup(tmp_path / "plan.xlsx"))
    listed = {
        int(str(rule.sqref)[1:]): (rule.formula1.strip('"').split(","), bool(rule.showErrorMessage))
        for rule in book["Question"].data_validations.dataValidation
    }
    expected = {row: (list(each.listed), not each.open) for row, each in enumerate(questions(), 5) if each.listed}
    assert listed == expected
    assert "East Midlands" in listed[9][0]
    assert "baseline" in listed[7][0]


def test_leaders_take_part_and_schools_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_setup(tmp_path / "plan.xlsx"))
    leaders = list(book["Leaders"].iter_rows(min_row=2, values_only=True))
    assert 5 <= len(leaders) <= 40
    assert {row[2] for row in leaders} == {"yes"}
    answers = list(book["Answers"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in answers] == [None, None]
    assert all("(synthetic)" in row[1] for row in answers)
    assert all(isinstance(row[1], int) for row in book["Posts"].iter_rows(min_row=2, values_only=True))


def test_it_is_the_same_bytes_each_time() -> None:
    assert setup_book("plan.xlsx") == setup_book("plan.xlsx")


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="it may be filled in"):
        write_setup(path)
    assert path.read_bytes() == b"mine"


def test_another_name_than_of_an_excel_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not the name of an Excel workbook"):
        write_setup(tmp_path / "plan.csv")
