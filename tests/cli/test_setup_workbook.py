"""A plan from a setup workbook, as a new user makes one: written, run, changed, spoiled and corrected."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.config.overlay import resolve
from pilotage.errors import DataError, InfeasibleError, PilotageError, ScenarioError, UsageError
from tests.sources.setup.books import cell_of, filled


def _pilotage(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def _refused(kind: type[PilotageError], *arguments: str | Path) -> PilotageError:
    error = _pilotage(*arguments).exception
    assert isinstance(error, kind), error
    assert type(error) is kind or kind in (InfeasibleError, DataError)
    return error


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a new workbook, run as it is."""
    folder = tmp_path_factory.mktemp("planner")
    assert _pilotage("sample", "--setup", folder / "plan.xlsx").exit_code == 0
    done = _pilotage("run", folder / "plan.xlsx", "--quiet")
    assert done.exit_code == 0, done.output
    assert "my-first-plan, as of 31 August 2016" in done.output
    assert f"The same question as a scenario file: {folder / 'plan-scenario.yaml'}" in done.output
    return folder


def test_a_name_with_a_space_is_told_as_it_is_typed(tmp_path: Path) -> None:
    done = _pilotage("sample", "--setup", tmp_path / "my plan.xlsx")
    assert f'run it: pilotage run "{tmp_path / "my plan.xlsx"}"' in done.output
    told = [cell.value for cell in openpyxl.load_workbook(tmp_path / "my plan.xlsx").worksheets[0]["A"]]
    assert '3. Save the workbook, and run it: pilotage run "my plan.xlsx"' in told


def test_the_results_and_the_scenario_are_written_beside_it(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} >= {"plan.xlsx", "plan-results", "plan-scenario.yaml"}
    assert (folder / "plan-results" / "report.html").is_file()
    assert resolve(str(folder / "plan-scenario.yaml")).scenario.rules["budget"].asks() == "total cost at most £500,000"


def test_the_scenario_file_makes_the_same_plan(folder: Path) -> None:
    done = _pilotage("run", folder / "plan-scenario.yaml", "--quiet", "--out", folder / "by-file")
    assert done.exit_code == 0, done.output
    plans = [(folder / name / "placements.csv").read_bytes() for name in ("plan-results", "by-file")]
    assert plans[0] == plans[1]


def test_a_second_run_has_a_folder_of_its_own_and_says_what_differs(folder: Path) -> None:
    (folder / "plan-to-correct.xlsx").write_bytes(b"of an earlier try")
    again = _pilotage("run", folder / "plan.xlsx", "--quiet", "--set", "rules.budget.total_gbp=10000")
    assert again.exit_code == 0, again.output
    assert (folder / "plan-results-2" / "report.html").is_file()
    assert "plan-results" in again.output.partition("last run")[2] or "last run" in again.output
    assert f"{folder / 'plan-to-correct.xlsx'} is of an earlier try: you may delete it" in again.output


def test_force_replaces_the_first_folder_and_json_is_one_object(folder: Path) -> None:
    done = _pilotage("run", folder / "plan.xlsx", "--quiet", "--force", "--json", "--set", "report.top=3")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["folder"] == str(folder / "plan-results")


def test_a_plan_from_a_forecast_of_ones_own_lies_beside_the_workbook_too(folder: Path, tmp_path: Path) -> None:
    path = filled(tmp_path / "mine.xlsx")
    done = _pilotage("place", path, "--forecast", folder / "plan-results" / "forecast.parquet", "--quiet")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "mine-results" / "placements.csv").is_file()


def test_a_leader_who_does_not_take_part_is_left_out(tmp_path: Path) -> None:
    def without_first(book: Any) -> None:
        cell_of(book, "Leaders", "takes_part", 2).value = "NO"

    every = _pilotage("check", filled(tmp_path / "all.xlsx"), "--quiet").output
    fewer = _pilotage("check", filled(tmp_path / "fewer.xlsx", edit=without_first), "--quiet").output
    counts = [int(said.partition("schools, ")[2].partition(" leaders")[0]) for said in (every, fewer)]
    assert counts[1] == counts[0] - 1


def _nobody(book: Any) -> None:
    for row in range(2, book["Leaders"].max_row + 1):
        cell_of(book, "Leaders", "takes_part", row).value = "no"


def _spoiled(book: Any) -> None:
    cell_of(book, "Leaders", "level", 3).value = "boss"
    cell_of(book, "Leaders", "leader_id", 5).value = cell_of(book, "Leaders", "leader_id", 4).value
    cell_of(book, "Posts", "urn", 2).value = None
    cell_of(book, "Posts", "school_name", 2).value = "No Such School"
    cell_of(book, "Posts", "opens_on", 8).value = "31/06/2016"
    cell_of(book, "Answers", "school", 2).value = "perhaps"


def _renamed_column(book: Any) -> None:
    cell_of(book, "Posts", "level", 1).value = "lvl"


def _missing_sheet(book: Any) -> None:
    book["Posts"].title = "Stellen"


def _two_answers(book: Any) -> None:
    cell_of(book, "Answers", "school_date", 2).value = "2017-06-01"


def _leader_alone(book: Any) -> None:
    cell_of(book, "Answers", "leader", 3).value = "agreed"


def _date_alone(book: Any) -> None:
    cell_of(book, "Answers", "body_date", 2).value = "2016-06-01"


@pytest.mark.parametrize(
    ("edit", "marked"),
    [
        (_spoiled, {"Leaders!D3", "Leaders!A5", "Posts!C2", "Posts!H8", "Answers!G2"}),
        (_renamed_column, {"Posts!F1", "Posts!A1"}),
        (_missing_sheet, {"None!None"}),
        (_two_answers, {"Answers!B2"}),
        (_leader_alone, {"Answers!F3"}),
        (_date_alone, {"Answers!K2"}),
        (_nobody, {"Leaders!C1"}),
    ],
)
def test_faults_of_the_tables_are_marked_in_a_copy(tmp_path: Path, edit: Any, marked: set[str]) -> None:
    path = filled(tmp_path / "plan.xlsx", edit=edit)
    before = path.read_bytes()
    error = _refused(DataError, "check", path, "--quiet")
    copy = tmp_path / "plan-to-correct.xlsx"
    assert error.__notes__ == [f"Written: {copy}, a copy in which these cells are marked. Correct them in {path}."]
    rows = openpyxl.load_workbook(copy)["To correct"].iter_rows(min_row=4, values_only=True)
    assert {f"{row[0]}!{row[1]}" for row in rows} == marked
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plan-to-correct.xlsx", "plan.xlsx"]
    assert path.read_bytes() == before


def test_faults_of_the_questions_are_marked_and_nothing_else_is_written(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"scope.areas": "Atlantis", "rules.at-least-1.count place": "Derbi"})
    error = _refused(ScenarioError, "run", path, "--quiet")
    assert [str(problem.spot.cell or problem.spot.column) for problem in error.problems if problem.spot] == [
        *("Your answer", "In which place"),
    ]
    book = openpyxl.load_workbook(tmp_path / "plan-to-correct.xlsx")
    assert book["Question"]["C9"].comment.text.startswith("Please correct this cell.\nno place is called 'Atlantis'")
    assert "did you mean 'Derby'?" in book["Question"]["D19"].comment.text
    assert not (tmp_path / "plan-results").exists()
    assert not (tmp_path / "plan-scenario.yaml").exists()


def test_rules_that_cannot_hold_together_are_marked_with_what_would_make_a_plan_possible(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"rules.at-least-1.count": 60})
    error = _refused(InfeasibleError, "run", path, "--quiet")
    assert "rules.at-least-1.count from 60 to " in error.__notes__[0]
    book = openpyxl.load_workbook(tmp_path / "plan-to-correct.xlsx")
    cells = [row[:3] for row in book["To correct"].iter_rows(min_row=4, values_only=True) if row[0] == "Question"]
    assert {cell[1] for cell in cells} == {"C19"}
    assert any(str(cell[2]).startswith("1. lower rules.at-least-1.count from 60 to ") for cell in cells)


def test_a_fault_of_the_command_alone_writes_no_copy(folder: Path, tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx")
    _refused(UsageError, "run", path, "--quiet", "--out", folder / "plan-results")
    assert [each.name for each in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_workbook_of_another_kind_or_that_is_not_there_has_no_copy(tmp_path: Path) -> None:
    (tmp_path / "plan.ods").write_bytes(b"PK")
    for name in ("plan.ods", "gone.xlsx"):
        assert not hasattr(_refused(DataError, "check", tmp_path / name, "--quiet"), "__notes__")


def test_a_sweep_takes_the_scenario_file_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text("grid: {report.top: [3, 4]}\n", encoding="utf-8")
    path = filled(tmp_path / "plan.xlsx")
    error = _refused(UsageError, "sweep", path, "--grid", tmp_path / "grid.yaml")
    assert "plan-scenario.yaml" in str(error)


def test_sample_says_where_to_write(tmp_path: Path) -> None:
    assert "--setup FILE.xlsx" in str(_refused(UsageError, "sample"))
    both = _refused(UsageError, "sample", "--setup", tmp_path / "plan.xlsx", "--out", tmp_path)
    assert "both were given" in str(both)
