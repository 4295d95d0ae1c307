"""Answers given row by row: what waits for one, and what the next question becomes."""

from pathlib import Path

import pandas as pd
import pytest

from pilotage.errors import UsageError
from pilotage.study.session.answered import answered, to_answer
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


def _pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(table["leader_id"], table["post_id"], strict=True))
