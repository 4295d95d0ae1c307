"""The page on why and why not, followed literally; and what explain refuses."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from pilotage.cli import app
from pilotage.errors import DataError, UsageError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "planners" / "why-and-why-not.md"
COMMANDS = re.findall(r"^```\npilotage (.*)\n```$", PAGE.read_text(encoding="utf-8"), flags=re.M)


def _pilotage(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the run of the page was made."""
    folder = tmp_path_factory.mktemp("why")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = _pilotage(*shlex.split(COMMANDS[0]))
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_every_command_of_the_page_runs(folder: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    result = _pilotage(*shlex.split(command), "--quiet")
    assert result.exit_code == 0, result.output
    if "--json" in command:
        made = json.loads(result.stdout)
        assert (made["schema_version"], made["kind"], made["leader_id"]) == (1, "leader", "SYN-L0002")
    else:
        assert "Why not the" in result.stdout


def test_a_placed_leader_costs_something_to_lose_and_a_part_of_a_name_finds_the_school(folder: Path) -> None:
    placed = pd.read_csv(folder / "runs" / "why" / "placements.csv").iloc[0]
    ranked = pd.read_csv(folder / "runs" / "why" / "ranked_schools.csv").set_index("urn")
    name = ranked.loc[placed["urn"], "name"]
    assert (ranked["name"] == name).sum() == 1
    leader = json.loads(_explain(folder, "--leader", placed["leader_id"]).stdout)
    school = json.loads(_explain(folder, "--school", name).stdout)
    assert leader["without"]["certainty"] == school["left_out"]["certainty"] == "exact"
    assert leader["without"]["months"] >= 0
    assert {"leader_id", "post_id", "urn", "school"} == set(leader["without"]["out"][0])
    assert placed["leader_id"] in {option["leader_id"] for option in school["options"] if option["chosen"]}


def _explain(folder: Path, *arguments: str) -> Result:
    return _pilotage("explain", str(folder / "runs" / "why"), *arguments, "--json")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--school", "1"), "no school is '1'"),
        (("--school", "Primary School"), "are called 'Primary School'"),
        (("--leader", "SYN-L9999"), "did you mean"),
        ((), "neither was given"),
        (("--school", "900750", "--leader", "SYN-L0002"), "both were given"),
    ],
)
def test_what_names_nobody_or_several_is_refused(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    error = _explain(folder, *arguments).exception
    assert isinstance(error, UsageError)
    assert words in str(error)


def test_an_edited_run_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "runs" / "why", tmp_path / "runs" / "why")
    path = tmp_path / "runs" / "why" / "placements.csv"
    first = pd.read_csv(path)["leader_id"].iloc[0]
    path.write_text(path.read_text(encoding="utf-8-sig").replace(first, "SYN-L9999"), encoding="utf-8")
    error = _explain(tmp_path, "--leader", first).exception
    assert isinstance(error, DataError)
    assert "edited or of another version: its pairs" in str(error)
