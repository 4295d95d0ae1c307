"""Answers given row by row: what waits for one, and what the next question becomes."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pilotage.errors import DataError, UsageError
from pilotage.study.session.answered import answered, to_answer, typed_answers
from pilotage.study.session.question import opened, with_edits
from pilotage.study.session.reading import Reading
from pilotage.study.session.tried import Planned, in_folder, try_plan
from tests.study.session.conftest import silent


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.chdir(tmp_path)
    return Path("tables"), Path("runs")


def test_every_placement_waits_for_an_answer(first: Planned) -> None:
    table = to_answer(first.tried)
    placed = in_folder(first.tried).placements
    assert table["post_id"].tolist() == placed["post_id"].tolist()
    assert table["school"].tolist() == placed["name"].tolist() if "name" in placed else True
    assert set(table["decision"]) == {""}


def test_a_refusal_changes_the_next_plan_and_little_else_and_two_rounds_add_up(
    first: Planned, places: tuple[Path, Path]
) -> None:
    table = to_answer(first.tried)
    table.loc[0, ["decision", "reason", "by"]] = ["refused", "too far", "Ann"]
    question = answered(first.tried, table, 2, places, silent)
    second = try_plan(question, first.reading, 2, first.tried.folder.parent / "a", silent)
    pairs = _pairs(to_answer(second.tried))
    refused = (table.loc[0, "leader_id"], table.loc[0, "post_id"])
    assert refused not in pairs
    assert len(_pairs(table) - pairs - {refused}) <= 2
    again = to_answer(second.tried)
    again.loc[0, "decision"] = "agreed"
    third = try_plan(
        answered(second.tried, again, 0, places, silent), second.reading, 3, first.tried.folder.parent / "b", silent
    )
    agreed = (again.loc[0, "leader_id"], again.loc[0, "post_id"])
    assert agreed in _pairs(to_answer(third.tried))
    assert refused not in _pairs(to_answer(third.tried))  # the ledger carries the first round on
    assert third.tried.record.clean


def test_no_answer_and_no_limit_is_nothing_to_plan_on(first: Planned, places: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match="no row has an answer"):
        answered(first.tried, to_answer(first.tried), None, places, silent)
    assert not places[1].exists()


def test_a_limit_alone_keeps_the_plan(first: Planned, places: tuple[Path, Path]) -> None:
    question = answered(first.tried, to_answer(first.tried), 0, places, silent)
    assert not places[0].exists()
    second = try_plan(question, first.reading, 2, first.tried.folder.parent / "c", silent)
    assert _pairs(to_answer(second.tried)) == _pairs(to_answer(first.tried))


def test_asks_wait_for_an_answer_too(tmp_path: Path) -> None:
    question = with_edits(opened("ask-next"), {("scope", "regions"): ["North East"]})
    tried = try_plan(question, Reading(), 1, tmp_path, silent).tried
    table = to_answer(tried)
    asked = in_folder(tried).asks
    assert asked is not None
    assert len(asked)
    assert int(table["post_id"].isna().sum()) == len(asked)


@pytest.fixture
def filled_in(first: Planned, tmp_path: Path) -> Path:
    """Return the workbook of a plan with two answers typed into it, and a note."""
    book = openpyxl.load_workbook(in_folder(first.tried).folder / "report.xlsx")
    sheet = book["Placements"]
    at = {str(cell.value): cell.column for cell in sheet[1]}
    for row, heading, value in ((2, "Agreed", "yes"), (2, "Owner", "Kim"), (3, "Refused", "x"), (4, "Note", "call")):
        sheet.cell(row, at[heading]).value = value
    book.save(tmp_path / "typed.xlsx")
    return tmp_path / "typed.xlsx"


def test_answers_typed_into_the_workbook_stand_in_the_rows_and_shape_the_next_plan(
    first: Planned, filled_in: Path, places: tuple[Path, Path]
) -> None:
    typed = typed_answers(first.tried, filled_in)
    said = typed.rows[typed.rows["decision"] != ""]
    assert sorted(said["decision"]) == ["agreed", "refused"]
    assert said.loc[said["decision"] == "agreed", "by"].tolist() == ["Kim"]
    assert "call" in set(typed.rows["reason"])
    assert typed.others == 0
    question = answered(first.tried, typed.rows, 2, places, silent, typed)
    assert not places[0].exists()  # nothing was changed on the screen
    second = try_plan(question, first.reading, 2, first.tried.folder.parent / "d", silent)
    pairs = _pairs(to_answer(second.tried))
    refused = said.loc[said["decision"] == "refused", ["leader_id", "post_id"]]
    agreed = said.loc[said["decision"] == "agreed", ["leader_id", "post_id"]]
    assert _pairs(agreed) <= pairs
    assert not _pairs(refused) & pairs


def test_a_row_changed_on_the_screen_counts_after_the_table_and_an_emptied_one_is_refused(
    first: Planned, filled_in: Path, places: tuple[Path, Path]
) -> None:
    typed = typed_answers(first.tried, filled_in)
    agreed = typed.rows.index[typed.rows["decision"] == "agreed"][0]
    rows = typed.rows.copy()
    rows.loc[agreed, "decision"] = "refused"
    files = answered(first.tried, rows, None, places, silent, typed).scenario.pool.files_of_decisions
    assert [path.name for path in files[-2:]] == ["typed.xlsx", next(places[0].iterdir()).name]
    assert len(pd.read_csv(next(places[0].iterdir()))) == 1
    rows.loc[agreed, "decision"] = ""
    with pytest.raises(UsageError, match="was emptied"):
        answered(first.tried, rows, None, places, silent, typed)


def test_a_table_of_asks_is_taken_as_it_is_and_a_row_about_nothing_here_is_counted(
    first: Planned, tmp_path: Path
) -> None:
    rows = to_answer(first.tried)
    asks = tmp_path / "asks.csv"
    asks.write_text(f"urn,level,school,school_by\n{rows.loc[0, 'urn']},head,asked,Kim\n", encoding="utf-8")
    assert set(typed_answers(first.tried, asks).rows["decision"]) == {""}
    free = sorted(set(first.tried.case.urns.tolist()) - set(rows["urn"]))[0]
    other = tmp_path / "decisions.csv"
    other.write_text(f"urn,level,decision,reason\n{free},head,noted,later\n", encoding="utf-8")
    assert typed_answers(first.tried, other).others == 1
    other.write_text("leader_id,post_id,decision\nnobody,nowhere,agreed\n", encoding="utf-8")
    with pytest.raises(DataError, match="nobody"):
        typed_answers(first.tried, other)


def _pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(table["leader_id"], table["post_id"], strict=True))
