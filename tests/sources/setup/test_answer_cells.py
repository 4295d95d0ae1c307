"""Answers written into a setup workbook: all else stays as it was, and what Excel alone can work out is refused."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.errors import DataError, Problem
from pilotage.sources.opening.archive import with_parts
from pilotage.sources.setup.answer_cells import AnswerCells, answer_cells, with_answers
from pilotage.sources.setup.book import setup_book
from pilotage.sources.setup.corrections import write_corrections
from pilotage.sources.setup.scenario import ANSWER, PLACE, SETTING, scenario_of
from tests.sources.setup.books import filled, row_of

SHEET = "xl/worksheets/sheet2.xml"  # of a new workbook: the sheet Question


def _row(path: Path, setting: str) -> int:
    return row_of(openpyxl.load_workbook(path), setting)


def _with(answers: AnswerCells, given: dict[tuple[str, str], str | None], target: Path) -> Path:
    """Write the workbook with some answers, by setting and column."""
    cells = answers.cells.copy()
    for (setting, column), value in given.items():
        cells.loc[_row(answers.path, setting), column] = value
    target.write_bytes(with_answers(answers, cells))
    return target


def test_answers_are_shown_with_the_rows_of_excel_blank_ones_too(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"as_of": "soon"})
    answers = answer_cells(path)
    assert answers.cells.loc[_row(path, "as_of")].tolist()[:3] == ["Day of the forecast", "soon", None]
    assert answers.cells.loc[_row(path, "scope.phases"), ANSWER] is None
    assert answers.cells.loc[_row(path, "rules.at-least-1.count")].tolist()[1:3] == ["1", "Derby"]
    assert answers.where == f"{path}, sheet 'Question'"


@pytest.mark.parametrize("made_by", ["xlsxwriter", "openpyxl"])
def test_only_the_cells_that_were_changed_are_other(tmp_path: Path, made_by: str) -> None:
    path = tmp_path / "plan.xlsx"
    _ = path.write_bytes(setup_book("plan.xlsx")) if made_by == "xlsxwriter" else filled(path)
    before = path.read_bytes()
    given: dict[tuple[str, str], str | None] = {
        ("as_of", ANSWER): "31/08/2016",
        ("rules.budget.total_gbp", ANSWER): "30000",
        ("rules.travel.max_km", ANSWER): "25 miles",
        ("rules.trust-cap.count", ANSWER): "",
        ("scope.areas", ANSWER): "London; Tyne & Wear <north>",
        ("rules.at-least-2.count", ANSWER): "2",
        ("rules.at-least-2.count", PLACE): "Derby",
        ("why", PLACE): "x",  # a cell that a new workbook does not have
    }
    made = _with(answer_cells(path), given, tmp_path / "made.xlsx")
    again = answer_cells(made)
    expected = answer_cells(path).cells
    for (setting, column), value in given.items():
        expected.loc[_row(path, setting), column] = value or None
    assert again.cells.equals(expected)
    assert path.read_bytes() == before
    own, book = openpyxl.load_workbook(path)["Question"], openpyxl.load_workbook(made)["Question"]
    budget = f"C{_row(path, 'rules.budget.total_gbp')}"
    assert book[budget].value == 30_000
    for cell in (budget, f"C{_row(path, 'as_of')}", f"C{_row(path, 'rules.trust-cap.count')}"):
        assert book[cell].number_format == own[cell].number_format
        assert book[cell].fill.start_color.rgb == own[cell].fill.start_color.rgb
    lists = [
        {(str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation} for sheet in (own, book)
    ]
    assert lists[0] == lists[1] != set()


def test_a_corrected_workbook_is_the_scenario_of_its_answers(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"as_of": "soon", "rules.budget.total_gbp": "much"})
    given = {("as_of", ANSWER): "31/08/2016", ("rules.budget.total_gbp", ANSWER): "£30,000"}
    scenario: Any = scenario_of(str(_with(answer_cells(path), given, tmp_path / "made.xlsx"))).scenario
    assert (str(scenario.as_of), scenario.rules["budget"].total_gbp) == ("2016-08-31", 30_000)


def test_rows_that_were_moved_and_a_sheet_whose_name_has_signs_are_met(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        book["Question"].insert_rows(6, 2)
        book["Question"].insert_cols(1)
        book.create_sheet('Who & "what"')["A1"] = "anything"

    path = filled(tmp_path / "plan.xlsx", edit=edit)
    answers = answer_cells(path)
    row = answers.cells.index[answers.cells[ANSWER] == "500000"][0]
    cells = answers.cells.copy()
    cells.loc[row, ANSWER] = "7"
    (tmp_path / "made.xlsx").write_bytes(with_answers(answers, cells))
    assert openpyxl.load_workbook(tmp_path / "made.xlsx")["Question"].cell(row, 4).value == 7


def _sheet_of(change: Callable[[str], str]) -> bytes:
    content = setup_book("plan.xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return with_parts(content, {SHEET: change(archive.read(SHEET).decode()).encode()})


def _part_of(name: str, old: str, new: str) -> bytes:
    content = setup_book("plan.xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(name).decode()
    assert old in text
    return with_parts(content, {name: text.replace(old, new, 1).encode()})


LEADERS_SHEET = "xl/worksheets/sheet3.xml"
END = "</sheetData>"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (_part_of(SHEET, "<v>500000</v>", "<f>5*100000</f><v>500000</v>"), "sheet 'Question', cell C12"),
        (
            _part_of(LEADERS_SHEET, END, '<row r="60"><c r="A60"><f>Question!C8</f><v>2</v></c></row></sheetData>'),
            "sheet 'Leaders', cell A60",
        ),
        (
            _part_of(LEADERS_SHEET, END, '<row r="60"><c r="A60"><f>INDIRECT(B1)</f><v>2</v></c></row></sheetData>'),
            "sheet 'Leaders', cell A60",
        ),
        (
            _part_of(LEADERS_SHEET, END, '<row r="60"><c r="A60"><f>2*3.5</f><v>7</v></c></row></sheetData>'),
            "sheet 'Leaders', cell A60",
        ),
    ],
)
def test_what_only_excel_can_work_out_again_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "plan.xlsx").write_bytes(content)
    with pytest.raises(DataError, match="correct the answer in Excel") as caught:
        _with(answer_cells(tmp_path / "plan.xlsx"), {("as_of", ANSWER): "31/08/2016"}, tmp_path / "made.xlsx")
    assert what in str(caught.value)
    assert not (tmp_path / "made.xlsx").exists()


def test_an_answer_that_begins_as_a_formula_is_a_text(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    made = _with(answer_cells(path), {("why", ANSWER): "=1+1 is the motto"}, tmp_path / "made.xlsx")
    assert answer_cells(made).cells.loc[_row(path, "why"), ANSWER] == "=1+1 is the motto"


def test_a_copy_that_would_not_be_read_with_these_answers_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=lambda book: book["Question"].merge_cells("C8:C9"))
    with pytest.raises(DataError, match="cannot be written into a copy"):
        _with(answer_cells(path), {("as_of", ANSWER): "31/08/2016"}, tmp_path / "made.xlsx")


def test_a_workbook_that_cannot_be_copied_is_refused(tmp_path: Path) -> None:
    """The reader needs no styles; a copy does."""
    (tmp_path / "plan.xlsx").write_bytes(_part_of("xl/styles.xml", "<fonts", "<fontz"))
    answers = answer_cells(tmp_path / "plan.xlsx")
    with pytest.raises(DataError, match="cannot be written into a copy"):
        with_answers(answers, answers.cells)
    assert write_corrections(answers.path, DataError(Problem("there", "wrong"))) is None


def test_cells_that_do_not_say_where_they_are_are_met(tmp_path: Path) -> None:
    def unnumbered(text: str) -> str:
        return text.replace('<row r="8"', "<row").replace('r="C8"', "").replace('r="D8"', "")

    (tmp_path / "plan.xlsx").write_bytes(_sheet_of(unnumbered))
    answers = answer_cells(tmp_path / "plan.xlsx")
    cells = answers.cells.copy()
    cells.loc[8, ANSWER] = "31/08/2015"
    (tmp_path / "made.xlsx").write_bytes(with_answers(answers, cells))
    assert answer_cells(tmp_path / "made.xlsx").cells.loc[8, ANSWER] == "31/08/2015"


def test_a_sheet_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=lambda book: book["Question"].delete_cols(7))
    with pytest.raises(DataError, match=f"no column '{SETTING}'"):
        answer_cells(path)
    path = filled(tmp_path / "b.xlsx", edit=lambda book: book["Question"].delete_cols(4))
    answers = answer_cells(path)
    assert PLACE not in answers.cells
    made = tmp_path / "made.xlsx"
    cells = answers.cells.copy()
    cells.loc[8, ANSWER] = "31/08/2016"
    made.write_bytes(with_answers(answers, cells))
    assert answer_cells(made).cells.loc[8, ANSWER] == "31/08/2016"
