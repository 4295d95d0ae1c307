"""``runs`` and ``open`` where there is no run, many runs, a damaged one or one whose audit failed."""

import json
import os
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from pilotage.case import list_files, read_back
from pilotage.case.run_folder import FAILED, MANIFEST, SCHEMA_VERSION
from pilotage.cli import app
from pilotage.errors import DataError

RUNNER = CliRunner()


def _write(
    folder: Path, written: int, *, benefit: float = 10.0, clean: bool = True, version: int = SCHEMA_VERSION
) -> None:
    """Write what the list of runs reads of a run, and a page; ``written``: seconds."""
    folder.mkdir(parents=True)
    mark = "" if clean else FAILED
    manifest = {"schema_version": version, "kind": "run", "audit_clean": clean, "scenario": "baseline"}
    manifest |= {"as_of": "2016-08-31", "grade_proxy": None, "notes": [], "versions": {}, "inputs": [], "outcomes": {}}
    manifest |= {"folders": {"scenario": None, "data": None}, "lists": {}}
    plan = {"schema_version": version, "status": "optimal", "benefit": benefit, "objective_measure": "benefit"}
    plan |= {"objective_unit": "pupil-months", "objective": 1.0, "bound": 1.0, "bound_lp": 1.0, "gap": 0.0}
    plan |= {"integers": {"scale": 1, "objective": 1, "bound": 1}, "placements": 0, "supported": 0}
    plan |= {"pairs_considered": 0, "rules": []}
    for name, stated in ((MANIFEST, manifest), ("plan.json", plan)):
        (folder / f"{mark}{name}").write_text(json.dumps(stated), encoding="utf-8")
    (folder / f"{mark}report.html").write_text("<p>A page.</p>", encoding="utf-8")
    os.utime(folder / f"{mark}{MANIFEST}", (written, written))


def _printed(*arguments: str) -> str:
    done = RUNNER.invoke(app, list(arguments))
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def _refused(*arguments: str) -> str:
    done = RUNNER.invoke(app, list(arguments))
    assert isinstance(done.exception, DataError)
    return str(done.exception)


@pytest.fixture(autouse=True)
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Work in a folder of one's own, and return what a browser was told to open."""
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    monkeypatch.setattr("typer.launch", told.append)
    return told


def test_before_the_first_run_the_list_is_empty_and_says_how_to_make_one() -> None:
    words = "No run below runs. `pilotage run SCENARIO --out runs/NAME` makes one."
    assert words in _printed("runs")
    Path("runs").mkdir()
    assert words in _printed("runs")
    assert "no run with a page in it" in _refused("open")


@pytest.mark.parametrize("command", ["runs", "open"])
def test_another_folder_that_is_not_there_is_refused(command: str) -> None:
    assert _refused(command, "plans") == (
        "plans - no such folder - a folder with runs in it - name the folder with your runs"
    )


def test_a_damaged_run_and_one_of_an_earlier_version_are_listed_with_what_is_wrong() -> None:
    _write(Path("runs/good"), 30, benefit=1234.56)
    _write(Path("runs/old"), 20, version=1)
    _write(Path("runs/broken"), 10)
    Path("runs/broken/plan.json").write_text("{", encoding="utf-8")
    lines = " ".join(_printed("runs").replace("│", " ").split())
    assert lines.index("runs/good") < lines.index("runs/old") < lines.index("runs/broken")
    assert "1,234.6" in lines
    assert "can't be read: manifest.json: schema_version = 1" in lines
    assert "can't be read: plan.json: damaged: not JSON from line 1 on" in lines


def test_a_run_whose_audit_failed_says_so_in_the_list_and_before_its_page(opened: list[str]) -> None:
    _write(Path("runs/failed"), 10, clean=False)
    assert "FAILED" in _printed("runs")
    assert "The audit of this run FAILED: do not use its plan." in _printed("open")
    assert [Path(address).name for address in opened] == [f"{FAILED}report.html"]


def test_the_page_of_the_newest_run_opens_and_of_a_run_that_is_named_its_own(opened: list[str]) -> None:
    _write(Path("runs/old"), 10)
    _write(Path("runs/new"), 20)
    _printed("open")
    _printed("open", "runs/old")
    assert [Path(address).parent.name for address in opened] == ["new", "old"]


def test_a_setup_workbook_opens_the_newest_page_that_was_made_of_it(opened: list[str]) -> None:
    for name in ("plan.xlsx", "plan (2).xlsx"):
        Path(name).write_bytes(b"")
    assert "no run with a page in it" in _refused("open", "plan.xlsx")
    for number, name in enumerate(("plan-results", "plan-results-2", "plan-results-old", "plan (2)-results", "other")):
        _write(Path(name), 10 * (number + 1))
    _printed("open", "plan.xlsx")
    _printed("open", "plan (2).xlsx")
    assert [Path(unquote(address)).parent.name for address in opened] == ["plan-results-2", "plan (2)-results"]


def test_of_hundreds_of_runs_nothing_but_manifests_and_plans_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        _write(Path(f"runs/{number:03}"), number + 1)

    def refused(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(list_files, "read_list", refused)
    monkeypatch.setattr(read_back, "read_forecast_table", refused)
    lines = _printed("runs").splitlines()
    assert sum("baseline" in line for line in lines) == 300


def test_runs_of_another_schema_are_refused_by_name_both_at_once() -> None:
    _write(Path("runs/old"), 10, version=SCHEMA_VERSION - 1)
    _write(Path("runs/new"), 20, version=SCHEMA_VERSION + 1)
    old, new = _refused("compare", "runs/old", "runs/new").splitlines()
    reads = f"schema_version {SCHEMA_VERSION}, which this Pilotage reads"
    assert old == (
        f"{Path('runs/old/manifest.json')} - schema_version = {SCHEMA_VERSION - 1} - {reads} - "
        "run the scenario again, and read that folder"
    )
    assert new.endswith(f"{reads} - read it with the Pilotage that wrote it, or a later one")


def test_a_folder_of_a_comparison_is_no_run() -> None:
    _write(Path("runs/one"), 10)
    Path("compared").mkdir()
    Path("compared/manifest.json").write_text('{"schema_version": 3, "kind": "comparison"}', encoding="utf-8")
    lines = _refused("compare", "compared", "gone").splitlines()
    assert lines[0].startswith("compared - a folder of kind 'comparison' - a run folder")
    assert lines[1].startswith("gone - no such folder - a run folder")
