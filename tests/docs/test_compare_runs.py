"""The page on comparing two runs, followed literally."""

import csv
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "compare-runs.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a folder in which the page was followed, and what each command other than ``run`` printed."""
    folder, printed = tmp_path_factory.mktemp("planner"), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            result = CliRunner().invoke(
                app, [*shlex.split(command), *(["--quiet"] if "runs runs" not in command else [])]
            )
            assert result.exit_code == 0, (command, result.output, result.exception)
            printed[command.split()[0]] = result.output
    return folder, printed


def test_the_page_compares_lists_and_verifies() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["run", "run", "compare", "runs", "verify"]


def test_the_settings_are_those_of_the_page_and_the_list_length_changes_nothing(
    followed: tuple[Path, dict[str, str]],
) -> None:
    lines = followed[1]["compare"].splitlines()
    told = re.findall(r"^```text\n(.*?)^```", PAGE, flags=re.M | re.S)[0].splitlines()
    assert len(told) == 3
    for words in told:
        assert f"  {words}" in lines
    assert lines[lines.index(f"  {told[-1]}") + 1].strip() == "alone it changes nothing"
    assert "Planned again, the first run gives another plan" not in followed[1]["compare"]
    assert not any(line.startswith("Warning") for line in lines)
    (left,) = [line for line in lines if line.startswith("  Left over")]
    assert left.endswith("no change")


def test_changes_csv_has_the_leaders_whose_placements_differ(followed: tuple[Path, dict[str, str]]) -> None:
    runs = followed[0] / "runs"
    with (runs / "compared" / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["name"] for row in csv.DictReader(file) if row["what"] == "leader"}
    pairs = []
    for run in ("first", "second"):
        with (runs / run / "placements.csv").open(encoding="utf-8-sig", newline="") as file:
            pairs.append({(row["leader_id"], row["post_id"]) for row in csv.DictReader(file)})
    assert told == {leader for leader, _ in pairs[0] ^ pairs[1]}
    assert told
    page = (runs / "compared" / "compare.html").read_text(encoding="utf-8")
    assert all(leader in page for leader in told)


def test_the_runs_are_listed_and_the_second_verified(followed: tuple[Path, dict[str, str]]) -> None:
    assert "first" in followed[1]["runs"]
    assert "passed" in followed[1]["runs"]
    assert "are as they were at the run" in followed[1]["verify"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("verify runs/second", name) for name in ("placements.csv", "plan.json", "report.xlsx", "report.html")),
        ("compare runs/first runs/second", "placements.csv"),
    ],
)
def test_an_edited_run_is_refused(
    command: str, name: str, followed: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(followed[0])
    path = followed[0] / "runs" / "second" / name
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    try:
        result = CliRunner().invoke(app, [*shlex.split(command), "--quiet"])
    finally:
        path.write_bytes(content)
    assert getattr(result.exception, "exit_code", result.exit_code) == 3, result.output
