"""Compare: plans of the window and saved runs, two or three at once."""

from pathlib import Path

from pilotage.config.overlay import resolve
from pilotage.pipeline import run
from pilotage.report.folder import write_run
from pilotage.workbench.shown import plain
from tests.workbench.conftest import Window


def test_a_saved_run_is_compared_with_a_plan_of_the_window(window: Window, desk: Path) -> None:
    write_run(run(resolve("north.yaml", ["rules.authority-cap.count=1"])), Path("runs/capped"), force=False)
    write_run(run(resolve("north.yaml", ["rules.authority-cap.count=2"])), Path("runs/other"), force=False)
    window.plan()
    window.step("Compare")
    window.set("checkbox", "Say what each", False)
    window.set("multiselect", "Plans", ["Plan 1: north", "Saved: capped", "Saved: other"])
    window.click("Compare")
    assert "Second run: Saved: capped" in window.texts
    assert "Second run: Saved: other" in window.texts
    figures, settings = (each.value for each in window.test.table[:2])
    assert list(figures.columns) == ["Figure", *map(plain, ("Plan 1: north", "Saved: capped")), "Difference"]
    assert figures["Figure"].iloc[0] == plain("Modelled benefit, pupil-months")
    limits = (f"at most {count} in any one local authority" for count in ("8 placements", "1 placement"))
    told = ["Rule authority-cap", *limits, "rules.authority-cap.count"]
    assert settings.to_numpy().tolist() == [[plain(each) for each in told]]
    (desk / "runs" / "capped" / "placements.csv").write_text("broken", encoding="utf-8")
    window.click("Compare")
    assert "capped" in window.errors


def test_what_each_setting_makes_alone_stands_beside_it_and_equal_plans_say_so(window: Window) -> None:
    window.plan()
    window.plan()
    window.bench.change(("report", "top"), 7)
    window.plan()
    window.step("Compare")
    window.set("multiselect", "Plans", ["Plan 1: north", "Plan 2: north"])
    window.click("Compare")
    assert "No setting differs." in window.texts
    assert "Figures of both plans" in window.texts
    window.set("multiselect", "Plans", ["Plan 1: north", "Plan 3: north"])
    window.click("Compare")
    assert "Settings that differ, each changed alone in the first run" in window.texts
    (row,) = window.test.table[1].value.to_numpy().tolist()
    told = ("How many schools the page shows first", "20", "7", "alone it changes nothing", "report.top")
    assert row == [plain(each) for each in told]
    assert "Left over (other data, forecasts or versions): no change" in window.texts
