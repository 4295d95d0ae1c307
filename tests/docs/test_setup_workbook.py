"""The page on the setup workbook, followed literally: made, run, changed, spoiled, corrected."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.errors import InfeasibleError, PilotageError, told

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "setup-workbook.md").read_text(encoding="utf-8")
MAKE, RUN, AGAIN, CHECK, CHECK_RULES = re.findall(r"^```\npilotage (.*)\n```$", PAGE, flags=re.M)
(SAID,) = re.findall(r"^```text\n(.*?)\n```$", PAGE, flags=re.M | re.S)
ANSWERS = dict(re.findall(r"^\| ([A-Z][^|]*?) \| `([^`]*)` \|$", PAGE, flags=re.M))
QUICK = ("--quiet", "--set", "report.hangs_on=false")


def _answered(path: Path, answers: dict[str, Any], place: str | None = None) -> None:
    book = openpyxl.load_workbook(path)
    for row in book["Question"].iter_rows(min_row=5):
        if row[1].value in answers:
            row[2].value = answers[row[1].value]
            row[3].value = place or row[3].value
    book.save(path)


def _out(path: Path, leader: str) -> None:
    book = openpyxl.load_workbook(path)
    rows = [row for row in book["Leaders"].iter_rows() if row[0].value == leader]
    assert [row[2].value for row in rows] == ["yes"]
    rows[0][2].value = "no"
    book.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the page was followed until the second run."""
    folder = tmp_path_factory.mktemp("planner")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in (MAKE, RUN):
            _ran(command)
        _answered(folder / "plan.xlsx", ANSWERS)
        _out(folder / "plan.xlsx", "SYN-L0074")
        _ran(AGAIN)
    return folder


def _ran(command: str) -> None:
    options = QUICK if command.startswith("run") else ()
    done = CliRunner().invoke(app, [*shlex.split(command), *options])
    assert done.exit_code == 0, (done.output, done.exception)


def _refused(command: str) -> PilotageError:
    error = CliRunner().invoke(app, [*shlex.split(command), "--quiet"]).exception
    assert isinstance(error, PilotageError), error
    return error


def test_the_page_has_the_answers_that_are_typed() -> None:
    assert set(ANSWERS) == {"Budget in pounds", "Longest way to work in km", "What is it for?"}


def test_each_run_has_a_folder_and_what_was_changed_holds(folder: Path) -> None:
    plans = [pd.read_csv(folder / name / "placements.csv") for name in ("plan-results", "plan-results-2")]
    assert "SYN-L0074" in set(plans[0]["leader_id"])
    assert "SYN-L0074" not in set(plans[1]["leader_id"])
    assert plans[1]["travel_km"].max() <= 25
    facts = json.loads((folder / "plan-results-2" / "plan.json").read_text(encoding="utf-8"))
    assert facts["status"] == "optimal"
    assert "Less money, and shorter ways." in (folder / "plan-scenario.yaml").read_text(encoding="utf-8")


def test_a_cell_that_cannot_be_read_is_told_as_the_page_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    _answered(folder / "plan.xlsx", {"Longest way to work in km": "forty km"})
    error = _refused(CHECK)
    assert [*(f"error: {words}" for words in told(error.problems)), *error.__notes__] == SAID.splitlines()
    assert "To correct" in openpyxl.load_workbook(folder / "plan-to-correct.xlsx").sheetnames


def test_rules_that_cannot_hold_together_name_the_question(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    _answered(folder / "plan.xlsx", {"Longest way to work in km": "25"})
    _answered(folder / "plan.xlsx", {"At least so many in a place (2)": 1}, "Nottingham")
    error = _refused(CHECK_RULES)
    assert isinstance(error, InfeasibleError)
    assert "row 20 (At least so many in a place (2))" in str(error)
    copy = openpyxl.load_workbook(folder / "plan-to-correct.xlsx")
    assert copy["Question"]["C20"].fill.start_color.rgb == "00DDEBF7"
