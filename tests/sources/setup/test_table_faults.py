"""A setup workbook that cannot be opened: the faults of its tables are told with those of its answers."""

from pathlib import Path
from typing import Any

import pytest

from pilotage.errors import DataError, PilotageError, Problem, ScenarioError
from pilotage.sources.setup.scenario import scenario_of
from pilotage.sources.setup.table_faults import with_table_faults
from tests.sources.setup.books import cell_of, filled


def _problems(path: Path, kind: type[PilotageError]) -> tuple[Problem, ...]:
    with pytest.raises(kind) as caught, with_table_faults(str(path)):
        scenario_of(str(path))
    return caught.value.problems


def _bad_cells(book: Any) -> None:
    cell_of(book, "Leaders", "level", 2).value = "hedgehog"
    cell_of(book, "Posts", "opens_on", 3).value = "soon"
    cell_of(book, "Posts", "urn", 1).value = "URNN"


def test_answers_and_cells_of_the_tables_are_told_at_once(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"as_of": "soon"}, edit=_bad_cells)
    said = [
        (problem.spot.table.rpartition(" ")[2], problem.spot.row)
        for problem in _problems(path, ScenarioError)
        if problem.spot
    ]
    assert said == [("'Question'", 8), ("'Leaders'", 2), ("'Posts'", 3), ("'Posts'", 0)]


def test_answers_that_do_not_hold_together_and_tables_are_told_at_once(tmp_path: Path) -> None:
    path = filled(tmp_path / "plan.xlsx", {"rules.budget.total_gbp": -5}, edit=_bad_cells)
    assert len(_problems(path, ScenarioError)) == 4


def test_sheets_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        del book["Question"], book["Posts"]

    problems = _problems(filled(tmp_path / "plan.xlsx", edit=edit), DataError)
    assert [problem.allowed.split(",")[0] for problem in problems] == [
        "a sheet called 'Question' or 'Questions'",
        "a sheet called 'posts'",
    ]


def test_another_workbook_of_one_sheet_and_a_damaged_one_have_one_problem(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        for name in ("Read me", "Question", "Posts", "Answers"):
            del book[name]

    (problem,) = _problems(filled(tmp_path / "plan.xlsx", edit=edit), DataError)
    assert "has a header that is known" in problem.what
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04rubbish")
    assert len(_problems(tmp_path / "bad.xlsx", DataError)) == 1


@pytest.mark.parametrize("name", ["nowhere.yaml", "nowhere.xlsx", "plan.ods"])
def test_of_other_scenarios_nothing_more_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(PilotageError) as caught, with_table_faults(str(tmp_path / name)):
        scenario_of(str(tmp_path / name))
    assert len(caught.value.problems) == 1
