"""The page on asking, answering and planning again, followed literally: what changes, and what holds."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pilotage.case.read_back import read_run
from pilotage.case.reload import scenario_again
from pilotage.cli import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "ask-answer-replan.md").read_text(encoding="utf-8")
FILES = {
    **dict(re.findall(r"^```yaml\n# (\S+)\n(.*?)```", PAGE, flags=re.M | re.S)),
    **dict(re.findall(r"`(answers-2\.csv)`:\n\n```csv\n(.*?)```", PAGE, flags=re.S)),
}
RUNS = re.findall(r"^pilotage (run .*)$", PAGE, flags=re.M)
FILLED_IN = {
    int(urn): dict(re.findall(r"`(\w+)` ([^,|]+?) *[,|]", cells))
    for urn, cells in re.findall(r"^\| (\d{6}) (\|.*\|)$", PAGE, flags=re.M)
}
AGREED, REFUSED, INTERESTED = 901596, 902329, 900289


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the page was followed from start to end."""
    folder = tmp_path_factory.mktemp("planner")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, text in FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        for number, command in enumerate(RUNS):
            result = CliRunner().invoke(app, shlex.split(command))
            assert result.exit_code == 0, result.output
            if number == 0:
                _fill_in(folder)
    return folder


def _fill_in(folder: Path) -> None:
    asks = pd.read_csv(folder / "runs" / "march" / "asks.csv", dtype="str", keep_default_na=False)
    for urn, cells in FILLED_IN.items():
        row = asks["urn"] == str(urn)
        assert row.sum() == 1, urn
        for name, text in cells.items():
            asks.loc[row, name] = text
    asks.to_csv(folder / "answers-1.csv", index=False)


def _list(folder: Path, run: str, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "runs" / run / f"{name}.csv")


def _pairs(folder: Path, run: str) -> set[tuple[str, str]]:
    placed = _list(folder, run, "placements")
    return set(zip(placed["leader_id"], placed["post_id"], strict=True))


def _asked(folder: Path, run: str) -> set[tuple[str, int]]:
    asks = _list(folder, run, "asks")
    return set(zip(asks["leader_id"], asks["urn"], strict=True))


def test_the_page_has_the_files_and_commands_that_are_followed() -> None:
    assert set(FILES) == {"april.yaml", "answers-2.csv", "april-2.yaml"}
    assert [command.split()[1] for command in RUNS] == ["ask-next", "april.yaml", "april-2.yaml"]
    assert set(FILLED_IN) == {AGREED, REFUSED, INTERESTED}
    assert FILLED_IN[AGREED]["school_condition"] == "full time"


def test_what_was_agreed_holds_what_was_refused_is_gone_and_the_rest_stays(folder: Path) -> None:
    asked = {urn: leader for leader, urn in _asked(folder, "march")}
    after = _asked(folder, "april")
    assert (asked[REFUSED], REFUSED) not in after
    assert (asked[INTERESTED], INTERESTED) in after
    assert AGREED not in {urn for _, urn in after}
    assert (asked[AGREED], f"ask: {AGREED} head") in _pairs(folder, "april")
    given_up = _pairs(folder, "march") - _pairs(folder, "april")
    dropped = {(leader, urn) for leader, urn in _asked(folder, "march") if urn not in (AGREED, REFUSED)} - after
    assert len(given_up) + len(dropped) <= 4


def test_answers_and_conditions_are_carried_into_the_lists(folder: Path) -> None:
    asks = _list(folder, "april", "asks").set_index("urn")
    assert asks.loc[INTERESTED, ["school", "school_date"]].tolist() == ["interested", "2016-04-19"]
    marks = _list(folder, "april", "placements").set_index("post_id")["marks"]
    assert marks[f"ask: {AGREED} head"] == "agreed by the school on 15 Apr 2016 on the condition: full time"


def test_after_the_leader_withdraws_the_post_stays_open_and_everybody_else_stays(folder: Path) -> None:
    before, after = _pairs(folder, "april"), _pairs(folder, "april-2")
    (gone,) = before - after
    assert gone[1] == f"ask: {AGREED} head"
    assert {post for _, post in after - before} <= {f"ask: {AGREED} head"}
    assert _asked(folder, "april") <= _asked(folder, "april-2") | {gone}
    page = (folder / "runs" / "april-2" / "report.html").read_text(encoding="utf-8")
    assert "withdrawn by the leader on 22 Apr 2016 (answers-2.csv, row 2) in the place of agreed by the leader" in page
    ranked = _list(folder, "april-2", "ranked_schools").set_index("urn")
    assert "no post open" not in str(ranked.loc[AGREED, "marks"])


def test_the_last_run_finds_both_tables_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    run = read_run(folder / "runs" / "april-2")
    files = scenario_again(run).scenario.pool.files_of_asks
    assert [path.name for path in files] == ["answers-1.csv", "answers-2.csv"]
    assert all(path.is_file() for path in files)
    assert run.asks is not None
    assert len(run.asks) == len(_list(folder, "april-2", "asks"))
