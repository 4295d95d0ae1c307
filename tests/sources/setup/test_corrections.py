"""The copy of a setup workbook: each cell that cannot be used is coloured and says why, and all are listed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.errors import DataError, InfeasibleError, Problem, Spot
from pilotage.sources.cells.grid import sheet_words
from pilotage.sources.setup import corrections as room
from pilotage.sources.setup.corrections import corrections, write_corrections
from tests.sources.setup.books import filled


def _copied(path: Path, *problems: Problem) -> Any:
    return openpyxl.load_workbook(BytesIO(corrections(path, DataError(problems))))


def _problem(path: Path, sheet: str = "Leaders", **at: Any) -> Problem:
    return Problem("there", "level = 'boss'", "head", "please", at=Spot(sheet_words(path, sheet), **at))


def _rows(book: Any) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in book["To correct"].iter_rows(min_row=4)]


def test_a_cell_is_coloured_noted_and_listed_with_a_link(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    before = path.read_bytes()
    book = _copied(path, _problem(path, row=3, column="level"))
    cell = book["Leaders"]["D3"]
    assert book["Leaders"]["D1"].value == "level"
    assert cell.fill.start_color.rgb == "00F8CBAD"
    note = "Please correct this cell.\nlevel = 'boss'\nAllowed: head\nWhat to do: please"
    assert cell.comment.text == note
    assert _rows(book) == [("Leaders", "D3", "level = 'boss'", "head", "please")]
    assert book["To correct"]["B4"].hyperlink.location == "'Leaders'!D3" or book["To correct"]["B4"].hyperlink.ref
    assert book.sheetnames[0] == "To correct"
    assert path.read_bytes() == before


def test_drop_downs_widths_and_frozen_headers_stay(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    own, book = openpyxl.load_workbook(path), _copied(path, _problem(path, row=3, column="level"))
    for name in own.sheetnames:
        ours, copy = own[name], book[name]
        lists = [
            {(str(rule.sqref), rule.formula1) for rule in sheet.data_validations.dataValidation}
            for sheet in (ours, copy)
        ]
        assert lists[0] == lists[1]
        assert ours.freeze_panes == copy.freeze_panes
        widths = [
            {letter: column.width for letter, column in sheet.column_dimensions.items()} for sheet in (ours, copy)
        ]
        assert widths[0] == widths[1]
    assert book["Question"]["C12"].number_format == own["Question"]["C12"].number_format


@pytest.mark.parametrize(
    ("at", "cell"),
    [
        ({"row": 3, "column": "Max travel (km)"}, "J3"),
        ({"row": 3, "column": "no such header"}, "A3"),
        ({"row": 3}, "A3"),
        ({"row": 2000}, "A2000"),
        ({}, "A1"),
        ({"column": "level"}, "D1"),
        ({"row": 3, "cell": "Q5"}, "Q5"),
    ],
)
def test_every_place_has_a_cell(tmp_path: Path, at: dict[str, Any], cell: str) -> None:
    path = filled(tmp_path / "plan.xlsx")
    book = _copied(path, _problem(path, **at))
    assert [row[:2] for row in _rows(book)] == [("Leaders", cell)]
    assert book["Leaders"][cell].comment is not None


def test_of_merged_cells_the_first_is_marked(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=lambda book: book["Leaders"].merge_cells("C3:D4"))
    assert _rows(_copied(path, _problem(path, row=4, column="level")))[0][:2] == ("Leaders", "C3")


def test_several_problems_of_a_cell_are_all_in_its_note_and_one_that_is_told_twice_is_listed_once(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path / "plan.xlsx")
    one = _problem(path, row=3, column="level")
    other = Problem("there", "second fault", at=one.at)
    book = _copied(path, one, other, other)
    assert "level = 'boss'" in book["Leaders"]["D3"].comment.text
    assert "second fault" in book["Leaders"]["D3"].comment.text
    assert len(_rows(book)) == 2


def test_what_is_about_no_cell_of_the_workbook_is_listed_too(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    elsewhere = Problem("other.csv", "damaged", at=Spot("other.csv", 3))
    rows = _rows(_copied(path, Problem("scope", "no school", "one", "widen"), elsewhere))
    assert rows == [(None, None, "scope: no school", "one", "widen"), (None, None, "other.csv: damaged", None, None)]


def test_texts_of_a_planner_are_never_formulas_nor_break_the_file(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    hostile = "=HYPERLINK('x')\x00\x1b[31m<b>😀</b>" + "x" * 3000
    book = _copied(path, Problem("there", hostile, at=_problem(path, row=3).at))
    listed = book["To correct"]["C4"]
    assert (listed.data_type, listed.quotePrefix) == ("s", True)
    assert "\x1b" not in listed.value
    assert len(book["Leaders"]["A3"].comment.text) == room.LONGEST


def test_ways_out_have_cells_and_a_heading_of_their_own(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    error = InfeasibleError(Problem("rules", "cannot hold together"))
    error.ways_out = (Problem("there", "1. lower it", do="80 months", at=Spot(sheet_words(path, "Question"), 19)),)
    book = openpyxl.load_workbook(BytesIO(corrections(path, error)))
    rows = _rows(book)
    assert rows[2][0].startswith("No plan keeps all the rules together.")
    assert rows[4] == ("Question", "A19", "1. lower it", None, "80 months")
    assert book["Question"]["A19"].fill.start_color.rgb == "00DDEBF7"


def test_the_list_of_an_earlier_copy_is_replaced(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=lambda book: book.create_sheet("To correct"))
    assert _copied(path, _problem(path, row=3)).sheetnames.count("To correct") == 1


def test_a_copy_that_is_open_in_excel_blocks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "plan.xlsx")
    real, error = room.write_whole, DataError(_problem(path, row=3))

    def held(target: Path, content: bytes) -> None:
        if target.name in ("plan-to-correct.xlsx", "plan-to-correct-2.xlsx"):
            raise PermissionError(13, "used by another process", str(target))
        real(target, content)

    monkeypatch.setattr(room, "write_whole", held)
    assert write_corrections(path, error) == tmp_path / "plan-to-correct-3.xlsx"

    def never(target: Path, _content: bytes) -> None:
        raise PermissionError(13, "no", str(target))

    monkeypatch.setattr(room, "write_whole", never)
    assert write_corrections(path, error) is None


def test_what_cannot_be_copied_is_not(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert write_corrections(tmp_path / "plan.xlsx", DataError(Problem("there", "damaged"))) is None
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]
