"""The page on many scenarios, followed literally."""

import csv
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.config.grid.members import members_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "many-scenarios.md").read_text(encoding="utf-8")
GRID, DRAWS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.S)


def test_the_draws_of_the_page_are_scenarios(tmp_path: Path) -> None:
    (tmp_path / "draws.yaml").write_text(DRAWS, encoding="utf-8")
    members = members_of("baseline", tmp_path / "draws.yaml")[1]
    assert len(members) == 30
    assert len({each.settings["rules.travel.max_km"] for each in members}) > 20


def test_the_sweep_of_the_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grid.yaml").write_text(GRID, encoding="utf-8")
    (command,) = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)
    result = CliRunner().invoke(app, [*command.split(), "--quiet", "--jobs", "1"])
    assert result.exit_code == 0, (result.output, result.exception)
    with (tmp_path / "runs" / "swept" / "sweep.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert [row["rules.need-floor"] for row in rows] == ["in force"] * 6 + ["not there"]
    assert float(rows[6]["benefit"]) > max(float(row["benefit"]) for row in rows[:6])
    assert "rules.need-floor: " in result.output
    assert "open sweep.html" in result.output
