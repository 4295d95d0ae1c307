"""Compare: plans of the window and saved runs, two or three at once."""

from pathlib import Path

from pilotage.config.overlay import resolve
from pilotage.pipeline import run
from pilotage.report.folder import write_run
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
    assert "rules.authority-cap.count: 8 -> 1" in window.texts
    (desk / "runs" / "capped" / "placements.csv").write_text("broken", encoding="utf-8")
    window.click("Compare")
    assert "capped" in window.errors
