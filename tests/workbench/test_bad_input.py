"""What goes wrong: files that change, bad cells, two windows, work that is cancelled, hostile names."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pilotage import assets, pipeline
from pilotage.study.session.tables import TableRole, mended, open_table, put_into
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain
from tests.sources.setup.books import filled
from tests.workbench.conftest import Window

OpenWindow = Callable[[str], Window]


def test_without_a_scenario_every_step_says_what_comes_first(open_window: OpenWindow) -> None:
    window = open_window("")
    for step in ("Question", "Run", "Answer", "Compare", "Answers", "Export"):
        window.step(step)
        assert window.test.info[0].value


def test_a_scenario_that_is_not_there_is_said_and_another_can_be_opened(open_window: OpenWindow) -> None:
    window = open_window("nowhere.yaml")
    assert "no such scenario" in window.errors
    window.set("text_input", "Or a scenario file", "elsewhere.yaml")
    window.click("Open the scenario")
    assert "elsewhere.yaml" in window.errors
    window.set("text_input", "Or a scenario file", "north.yaml")
    window.click("Open the scenario")
    assert "north.yaml is open." in window.texts


def test_a_scenario_that_changes_on_the_disk_is_said_and_read_again(window: Window, desk: Path) -> None:
    window.bench.change(("pool", "leave_out"), [])
    path = desk / "north.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("North East", "London"), encoding="utf-8")
    window.step("Question")
    assert "has changed on the disk" in window.texts
    assert window.bench.question.scenario.scope.regions == ("North East",)
    window.click("Read it again, and keep the changes made here")
    assert "has changed on the disk" not in window.texts
    assert window.bench.question.scenario.scope.regions == ("London",)
    path.unlink()
    window.step("Run")
    window.click("Read it again, and keep the changes made here")
    assert "no such scenario" in window.errors


def test_two_windows_do_not_see_one_another(open_window: OpenWindow) -> None:
    one, other = open_window("north.yaml"), open_window("north.yaml")
    one.bench.change(("pool", "leave_out"), ["SYN-L0001"])
    other.step("Question")
    assert not other.bench.question.edits
    assert one.bench.home != other.bench.home


def test_a_run_that_is_cancelled_changes_nothing(window: Window, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, decide = threading.Event(), pipeline.decide

    def waits(*given: Any) -> Any:
        goes_on.wait(60)
        return decide(*given)

    monkeypatch.setattr(pipeline, "decide", waits)
    window.bench.plan()
    job = window.bench.job
    job.cancel()
    window.step("Run")
    assert window.bench.job is None
    assert "Nothing is half written" in window.texts
    goes_on.set()
    assert job.wait(300)
    assert window.bench.plans == []
    assert list(window.bench.home.iterdir()) == []
    assert [path.name for path in desk.iterdir()] == ["north.yaml"]
    monkeypatch.undo()
    monkeypatch.chdir(desk)
    window.step("Run")
    window.click("Plan")
    window.wait()
    assert len(window.bench.plans) == 1


def test_rules_that_cannot_hold_are_said_at_the_top(window: Window) -> None:
    rule = {"rule": "area_minimum", "areas": ["region: North East"], "count": 90_000}
    window.bench.change(("rules", "too-many"), rule)
    window.plan()
    assert window.header == "Run"
    assert "too-many" in window.errors
    assert window.bench.plans == []


def _uploaded(bench: Bench, content: bytes, desk: Path) -> None:
    table = open_table(TableRole.LEADERS, put_into(desk / "tables", "leaders.csv", content))
    bench.tables[TableRole.LEADERS] = table
    bench.change(("pool", "leaders"), str(table.path))


def test_a_bad_cell_is_said_beside_the_grid_and_mended(window: Window, desk: Path) -> None:
    leaders = (assets.sample() / "leaders.csv").read_text(encoding="utf-8-sig")
    _uploaded(window.bench, leaders.replace(",head,", ",hedgehog,", 1).encode(), desk)
    window.test.run()
    assert "Please correct these cells:" in window.texts
    assert "hedgehog" in window.errors
    table = window.bench.tables[TableRole.LEADERS]
    cells = table.cells.copy()
    cells.loc[cells["level"] == "hedgehog", "level"] = "head"
    window.bench.use(mended(table, cells, desk / "tables"))
    window.test.run()
    assert "No problem in this table." in window.texts
    assert window.errors == ""


def test_schools_are_found_by_name(window: Window) -> None:
    window.set("text_input", "Part of its name", "sunderland")
    assert "schools in scope fit" in window.texts


@pytest.mark.parametrize(
    "name", ["![x](http://pilotage.invalid/p.png)", "<img src=http://pilotage.invalid>", "$\\href{a}{b}$", ":red[x]"]
)
def test_a_hostile_name_stays_a_text(name: str) -> None:
    shown = plain(name)
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == name
    assert "](" not in shown
    assert "<" not in shown.replace("\\<", "")
    assert "$" not in shown.replace("\\$", "")


def _drop_in(window: Window, label: str, name: str, content: bytes) -> None:
    uploader = next(each for each in window.test.get("file_uploader") if each.label.startswith(label))
    uploader.set_value((name, content, "application/octet-stream")).run()
    assert [each.value for each in window.test.exception] == []


LEADERS = (assets.sample() / "leaders.csv").read_text(encoding="utf-8-sig")
PAGE = b"<!DOCTYPE html>\r\n<html><head><title>Sign in</title></head>\r\n<body><p>Please sign in</p></body></html>\r\n"
PASSWORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)  # as Excel writes a workbook with one
NO_TABLES = {
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "tables/picture.csv"),
    "empty.csv": (b"", "empty"),
    "secret.xlsx": (PASSWORD, "without a password"),
    "cut.xlsx": (b"PK\x03\x04rubbish", "is not a readable workbook"),
    "page.csv": (PAGE, "tables/page.csv"),
    "wide.csv": (b",".join(b"c%d" % number for number in range(20_000)) + b"\r\n", "tables/wide.csv"),
    "letter.docx": (b"PK\x03\x04", "a file of the kind .docx"),
}


@pytest.mark.parametrize("name", list(NO_TABLES))
def test_what_is_no_table_is_refused_and_what_was_in_use_stays(window: Window, name: str) -> None:
    content, words = NO_TABLES[name]
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    before = window.bench.question
    assert "In use: tables/leaders.csv, 120 rows." in window.texts
    _drop_in(window, "Leaders", name, content)
    assert words in window.errors
    assert len(window.errors) < 2_000
    assert window.bench.question is before
    assert "In use: tables/leaders.csv, 120 rows." in window.texts
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    assert window.errors == ""


@pytest.mark.parametrize("name", ["secret.xlsx", "cut.xlsx"])
def test_what_is_no_setup_workbook_is_refused_and_what_is_open_stays(window: Window, name: str) -> None:
    _drop_in(window, "Or drop in a setup workbook", name, NO_TABLES[name][0])
    assert f"tables/{name}" in window.errors
    assert "Open: north.yaml." in window.texts
    assert window.bench.answers is None
    assert window.downloads == []


def test_a_workbook_without_the_sheets_is_refused_and_marked(window: Window, desk: Path) -> None:
    def edit(book: Any) -> None:
        del book["Question"], book["Posts"]

    _drop_in(window, "Or drop in a setup workbook", "other.xlsx", filled(desk / "other.xlsx", edit=edit).read_bytes())
    assert "a sheet called 'Question'" in window.errors
    assert "a sheet called 'posts'" in window.errors
    assert window.bench.question.name == "north.yaml"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("leader_id,level,", "leader_id,niveau,", "no such column 'niveau'"),
        ("leader_id,level,phases", "leader_id,level,level", "'level' twice"),
    ],
)
def test_a_column_that_is_missing_or_twice_is_said(window: Window, old: str, new: str, words: str) -> None:
    assert old in LEADERS
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.replace(old, new, 1).encode())
    assert words in window.errors


def test_a_cell_emptied_in_the_grid_is_said(window: Window, desk: Path) -> None:
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    table = window.bench.tables[TableRole.LEADERS]
    cells = table.cells.fillna("")
    cells.loc[3, "level"] = ""
    window.bench.use(mended(table, cells, desk / "tables"))
    window.test.run()
    assert "leaders-2.csv, row 3 (column level)" in window.errors


def test_a_folder_that_cannot_be_written_is_said(window: Window, desk: Path) -> None:
    (desk / "tables").write_text("a file of that name", encoding="utf-8")
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    assert "cannot be written" in window.errors
    assert "start in another one" in window.errors
    _drop_in(window, "Or drop in a setup workbook", "plan.xlsx", filled(desk / "plan.xlsx").read_bytes())
    assert "tables/plan.xlsx - cannot be written" in window.errors
    assert window.bench.question.name == "north.yaml"
    assert not window.bench.question.edits


def test_the_same_file_dropped_twice_is_one_file(window: Window, desk: Path) -> None:
    for _ in range(2):
        _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    assert [path.name for path in (desk / "tables").iterdir()] == ["leaders.csv"]
    assert window.errors == ""


def test_a_table_dropped_in_is_not_lost_when_another_scenario_is_opened(window: Window, desk: Path) -> None:
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    window.set("selectbox", "Open a scenario that comes", "baseline")
    window.click("Open the scenario")
    assert "Open: baseline." in window.texts
    assert "In use: tables/leaders.csv" not in window.texts
    assert not window.bench.question.edits
    window.click("Go back to north\\.yaml and its 1 change")
    assert "Open: north.yaml." in window.texts
    assert "In use: tables/leaders.csv, 120 rows." in window.texts
    assert window.bench.before is None
    window.bench.go_back()
    assert window.bench.question.name == "north.yaml"


def test_a_table_takes_the_place_of_an_invented_pool(open_window: OpenWindow, desk: Path) -> None:
    text = "extends: baseline\nname: own\npool: {source: synthetic, size: 20}\n"
    (desk / "own.yaml").write_text(text, encoding="utf-8")
    window = open_window("own.yaml")
    assert "In use: the 20 invented leaders of the scenario." in window.texts
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    assert window.bench.question.scenario.pool.source == "files"
    assert "In use: tables/leaders.csv, 120 rows." in window.texts
    assert window.errors == ""


def test_nothing_chosen_is_said(window: Window) -> None:
    window.click("Open the scenario")
    assert "no scenario is chosen" in window.errors
    assert window.bench.question.name == "north.yaml"


def test_a_grid_that_was_not_changed_is_not_used(window: Window, desk: Path) -> None:
    _drop_in(window, "Leaders", "leaders.csv", LEADERS.encode())
    window.click("Use the corrected cells")
    assert "Nothing is changed in the grid yet." in window.test.info[0].value
    assert len(list((desk / "tables").iterdir())) == 1
    _drop_in(window, "Or drop in a setup workbook", "plan.xlsx", filled(desk / "plan.xlsx").read_bytes())
    window.click("Use the corrected answers")
    assert "Nothing is changed in the grid yet." in window.test.info[0].value
    assert window.bench.question.file == Path("tables/plan.xlsx")


def test_cells_typed_into_the_grid_are_used(
    window: Window, desk: Path, typed: Callable[[dict[tuple[int, str], str]], None]
) -> None:
    bad = LEADERS.replace(",head,", ",hedgehog,", 1)
    row = next(number for number, line in enumerate(bad.splitlines(), 1) if ",hedgehog," in line)
    _drop_in(window, "Leaders", "leaders.csv", bad.encode())
    assert f"tables/leaders.csv, row {row} (column level) - level = 'hedgehog'" in window.errors
    typed({(row, "level"): "head"})
    window.click("Use the corrected cells")
    assert window.errors == ""
    assert "In use: tables/leaders-2.csv, 120 rows." in window.texts
    assert (desk / "tables" / "leaders.csv").read_text(encoding="utf-8") == bad
