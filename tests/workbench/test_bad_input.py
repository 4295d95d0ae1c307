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
