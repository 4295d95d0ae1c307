"""The page on prices, followed literally; and what the command refuses."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pilotage.cli import app
from pilotage.errors import DataError, UsageError

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "prices.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)


def _pilotage(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--quiet"])


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a folder in which the page was followed, and what its commands on prices printed."""
    folder, printed = tmp_path_factory.mktemp("planner"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            result = _pilotage(*shlex.split(command))
            assert result.exit_code == 0, (command, result.output, result.exception)
            printed += [result.stdout] if command.startswith("prices") else []
    return folder, printed


def test_the_page_runs_and_asks_three_times() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["run", "prices", "prices", "prices"]


def test_every_kind_of_change_of_the_sample_is_priced_exactly(followed: tuple[Path, list[str]]) -> None:
    made = json.loads(followed[1][2])
    assert (made["schema_version"], made["kind"], made["proven_best"]) == (1, "prices", True)
    assert {price["kind"] for price in made["prices"]} == {"leader", "place", "money", "distance", "rule"}
    assert {price["state"] for price in made["prices"]} == {"exact"}
    run = json.loads((followed[0] / "runs" / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert made["plan_worth"] == pytest.approx(run["integers"]["objective"] / 1000)
    rules = {price["key"]: price["months"] for price in made["prices"] if price["kind"] == "rule"}
    assert set(rules) == set(_rules(followed[0]))
    assert all(months >= 0 for months in rules.values())  # each of these rules only forbids
    limits = [price for price in made["prices"] if price["kind"] in ("place", "money")]
    assert all(0 <= price["months"] <= rules[price["key"]] for price in limits)  # a rule left out allows more


def _rules(folder: Path) -> list[str]:
    text = (folder / "runs" / "plan" / "scenario.resolved.yaml").read_text(encoding="utf-8")
    return re.findall(r"^  ([a-z-]+):$", text.split("\nrules:\n")[1].split("\npins:")[0], flags=re.M)


def test_the_words_and_the_rows_say_what_the_json_says(followed: tuple[Path, list[str]]) -> None:
    shown, made = followed[1][0], json.loads(followed[1][2])
    dear = max((price for price in made["prices"] if price["kind"] == "rule"), key=lambda price: price["months"])
    assert f"  {dear['words']}" in shown.splitlines()
    assert "These prices are not the shadow prices of report.html." in shown
    with (followed[0] / "runs" / "prices" / "prices.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(made["prices"])
    assert [float(row["pupil_months"]) for row in rows] == pytest.approx(
        [p["months"] for p in made["prices"]], abs=1e-3
    )


def test_a_folder_that_is_there_and_a_run_that_is_not_are_refused(
    followed: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(followed[0])
    assert isinstance(_pilotage("prices", "runs/plan", "--out", "runs/prices").exception, UsageError)
    assert isinstance(_pilotage("prices", "runs/nowhere").exception, DataError)
