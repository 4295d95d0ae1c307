"""A setup workbook in the workbench: opened, its faults said by cell, its tables mended, and saved as a scenario."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pilotage.config.overlay import resolve
from pilotage.errors import DataError, Problem, Spot
from pilotage.sources.setup.corrections import LIST
from pilotage.sources.setup.scenario import ANSWER
from pilotage.study.session.answer_sheet import answers_of, with_corrected
from pilotage.study.session.overlay import overlay_text, write_overlay
from pilotage.study.session.question import changed_on_disk, opened, without_entry
from pilotage.study.session.tables import TableRole, mended, named_by, tables_of
from pilotage.workbench.shown import with_cell
from tests.sources.setup.books import cell_of, filled, row_of
from tests.workbench.conftest import Window


def _drop_in(window: Window, label: str, name: str, content: bytes) -> None:
    uploader = next(each for each in window.test.get("file_uploader") if each.label.startswith(label))
    uploader.set_value((name, content, "application/octet-stream")).run()
    assert [each.value for each in window.test.exception] == []


def test_a_workbook_is_opened_its_cell_mended_and_it_stays_as_it_is(
    open_window: Callable[[str], Window], desk: Path
) -> None:
    def edit(book: Any) -> None:
        cell_of(book, "Leaders", "level", 2).value = "hedgehog"

    path = filled(desk / "plan.xlsx", edit=edit)
    before = path.read_bytes()
    window = open_window("plan.xlsx")
    assert set(window.bench.tables) == {TableRole.LEADERS, TableRole.POSTS, TableRole.ASKS}
    assert "Please correct these cells:" in window.texts
    assert "sheet 'Leaders', row 2 (column level) - level = 'hedgehog'" in window.errors
    table = window.bench.tables[TableRole.LEADERS]
    cells = table.cells.copy()
    cells.loc[2, "level"] = "head"
    window.bench.use(mended(table, cells, desk / "tables"))
    window.test.run()
    assert window.errors == ""
    assert window.texts.count("No problem in this table.") == 3
    assert window.bench.question.scenario.pool.leaders.name == "plan-leaders.csv"
    assert path.read_bytes() == before


def _with(window: Window, given: dict[str, str]) -> None:
    """Use the answers of the screen with some of them corrected, by setting, as its button does."""
    answers = window.bench.answers
    cells, book = answers.cells.fillna(""), openpyxl.load_workbook(answers.path)
    for setting, value in given.items():
        cells.loc[row_of(book, setting), ANSWER] = value
    window.bench.open_corrected(with_corrected(answers, cells, Path("tables")))
    window.test.run()


def test_a_wrong_answer_is_said_by_its_cell_marked_in_a_copy_and_mended(window: Window, desk: Path) -> None:
    def edit(book: Any) -> None:
        cell_of(book, "Leaders", "level", 2).value = "hedgehog"

    wrong = filled(desk / "wrong.xlsx", {"as_of": "soon", "rules.budget.total_gbp": "much"}, edit=edit).read_bytes()
    _drop_in(window, "Or drop in a setup workbook", "wrong.xlsx", wrong)
    assert "tables/wrong.xlsx, sheet 'Question', row 8: Day of the forecast (column Your answer)" in window.errors
    assert "found 'much'" in window.errors
    assert "sheet 'Leaders', row 2 (column level) - level = 'hedgehog'" in window.errors
    assert window.bench.question.name == "north.yaml"
    assert "Next: correct the answers of the workbook below." in window.texts
    copy = openpyxl.load_workbook(BytesIO(window.bench.marked.read_bytes()))
    assert LIST in copy.sheetnames
    assert window.downloads == ["Download the copy with these cells marked"]

    _with(window, {"as_of": "31/08/2016"})
    assert window.errors.count("Your answer") == 1
    assert "tables/wrong-2.xlsx" in window.errors
    _with(window, {"rules.budget.total_gbp": "£30,000"})
    assert window.bench.question.file == Path("tables/wrong-3.xlsx")
    assert window.bench.question.scenario.rules["budget"].total_gbp == 30_000
    assert window.downloads == []
    assert "Next: correct what is marked below (1 problem)." in window.texts
    assert "sheet 'Leaders', row 2 (column level) - level = 'hedgehog'" in window.errors
    assert (desk / "tables" / "wrong.xlsx").read_bytes() == wrong
    assert (desk / "wrong.xlsx").read_bytes() == wrong


def test_what_is_wrong_with_one_workbook_goes_when_another_is_opened(window: Window, desk: Path) -> None:
    wrong = filled(desk / "wrong.xlsx", {"as_of": "soon"}).read_bytes()
    _drop_in(window, "Or drop in a setup workbook", "wrong.xlsx", wrong)
    assert "found 'soon'" in window.errors
    _drop_in(window, "Or drop in a setup workbook", "plan.xlsx", filled(desk / "plan.xlsx").read_bytes())
    assert window.errors == ""
    assert window.bench.marked is None
    assert "Open: tables/plan.xlsx.** To try the setup workbook" in window.texts
    assert window.downloads == []
    _drop_in(window, "Or drop in a setup workbook", "wrong.xlsx", wrong)
    window.set("text_input", "Or a scenario file", "nowhere.yaml")
    window.click("Open the scenario")
    assert "no such scenario" in window.errors
    assert "found 'soon'" not in window.errors
    assert window.bench.answers.path == Path("tables/plan.xlsx")
    window.set("text_input", "Or a scenario file", "north.yaml")
    window.click("Open the scenario")
    assert window.errors == ""
    assert window.bench.answers is None
    assert "Open: north.yaml.** The North East." in window.texts


def test_the_marked_copy_may_be_deleted_meanwhile(window: Window, desk: Path) -> None:
    wrong = filled(desk / "wrong.xlsx", {"as_of": "soon"}).read_bytes()
    _drop_in(window, "Or drop in a setup workbook", "wrong.xlsx", wrong)
    (desk / "tables" / "wrong-to-correct.xlsx").unlink()
    window.test.run()
    assert [each.value for each in window.test.exception] == []
    assert window.downloads == []
    assert "found 'soon'" in window.errors


def test_a_sheet_that_is_not_there_is_said_below_the_tables(open_window: Callable[[str], Window], desk: Path) -> None:
    def edit(book: Any) -> None:
        del book["Posts"]

    filled(desk / "plan.xlsx", edit=edit)
    window = open_window("plan.xlsx")
    assert "Next: correct what is marked below (1 problem)." in window.texts
    assert "Please correct" in window.texts
    assert "plan.xlsx - several sheets" in window.errors


def test_answers_typed_into_the_grid_are_used(
    window: Window, desk: Path, typed: Callable[[dict[tuple[int, str], str]], None]
) -> None:
    path = filled(desk / "wrong.xlsx", {"as_of": "soon"})
    _drop_in(window, "Or drop in a setup workbook", "wrong.xlsx", path.read_bytes())
    typed({(row_of(openpyxl.load_workbook(path), "as_of"), ANSWER): "31/08/2016"})
    window.click("Use the corrected answers")
    assert window.errors == ""
    assert "Open: tables/wrong-2.xlsx.**" in window.texts
    (desk / "tables" / "wrong-2.xlsx").unlink()
    typed({(row_of(openpyxl.load_workbook(path), "as_of"), ANSWER): "30/08/2016"})
    window.click("Use the corrected answers")
    assert "has changed since it was opened" in window.errors
    assert "Open: tables/wrong-2.xlsx.**" in window.texts


def test_changes_made_here_stay_when_an_answer_is_corrected(open_window: Callable[[str], Window], desk: Path) -> None:
    path = filled(desk / "plan.xlsx")
    before = path.read_bytes()
    window = open_window("plan.xlsx")
    assert "No problem in these answers." in window.texts
    table = window.bench.tables[TableRole.LEADERS]
    cells = table.cells.copy()
    cells.loc[2, "level"] = "head"
    window.bench.use(mended(table, cells, Path("tables")))
    _with(window, {"as_of": "soon"})
    assert window.bench.question.name == "plan.xlsx"
    _with(window, {"as_of": "31/08/2016"})
    scenario = window.bench.question.scenario
    assert (str(scenario.as_of), scenario.pool.leaders.name) == ("2016-08-31", "plan-leaders.csv")
    assert window.bench.tables[TableRole.LEADERS].cells.loc[2, "level"] == "head"
    assert window.bench.before is None
    assert path.read_bytes() == before


def test_a_workbook_that_changed_meanwhile_is_not_copied(desk: Path) -> None:
    answers = answers_of(str(filled(desk / "plan.xlsx")))
    assert answers is not None
    filled(desk / "plan.xlsx", {"report.top": 7})
    with pytest.raises(DataError, match="has changed since it was opened"):
        with_corrected(answers, answers.cells, desk / "tables")
    (desk / "plan.xlsx").unlink()
    with pytest.raises(DataError, match="has changed since it was opened"):
        with_corrected(answers, answers.cells, desk / "tables")
    assert not (desk / "tables").exists()


def test_a_workbook_that_changes_or_goes_is_said(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    question = opened(str(path))
    assert not changed_on_disk(question)
    filled(path, {"rules.budget.total_gbp": 7})
    assert changed_on_disk(question)
    path.unlink()
    assert changed_on_disk(question)
    with pytest.raises(DataError, match="no such file"):
        opened(str(path))


def test_the_scenario_file_of_a_workbook_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    question = opened(str(filled(tmp_path / "plan.xlsx", {"rules.trust-cap.count": "none"})))
    fewer = without_entry(without_entry(question, ("rules", "at-least-1")), ("rules", "authority-cap"))
    text = overlay_text(fewer, Path("saved.yaml"), "Agreed.")
    assert text.startswith("extends: baseline\n")
    assert "at-least-1" not in text
    assert "authority-cap:" in text
    (tmp_path / "below").mkdir()
    written = write_overlay(fewer, Path("below/saved.yaml"), "Agreed.")
    assert resolve(str(written)).scenario.pool.leaders.resolve() == tmp_path / "plan.xlsx"


def test_a_workbook_that_starts_from_a_file_beside_it_names_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("extends: baseline\nname: own\npool: {asks: asks.csv}\n", encoding="utf-8")
    question = opened(str(filled(tmp_path / "plan.xlsx", {"extends": "own.yaml"})))
    assert overlay_text(question, Path("below/saved.yaml"), "Agreed.").startswith("extends: ../own.yaml\n")
    table = tables_of(question)[TableRole.ASKS]
    again = mended(table, table.cells, tmp_path / "tables")
    assert named_by(question, again, table) == [str(tmp_path / "asks.csv"), str(again.path)]
    assert len(named_by(question, again, None)) == 3


def test_a_table_of_a_workbook_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        del book["Posts"]

    assert TableRole.POSTS not in tables_of(opened(str(filled(tmp_path / "plan.xlsx", edit=edit))))


def test_a_problem_names_its_column_or_its_cell() -> None:
    about = Problem("plan.xlsx, row 3", "odd")
    assert str(with_cell(about)) == str(about)
    assert "(cell Q5)" in str(with_cell(Problem("plan.xlsx", "odd", at=Spot("plan.xlsx", cell="Q5"))))
    assert str(with_cell(Problem("plan.xlsx", "odd", at=Spot("plan.xlsx", 3)))) == "plan.xlsx - odd"
