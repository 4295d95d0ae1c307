"""The page on many scenarios, followed literally."""

import csv
import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.config.grid.members import members_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "planners" / "many-scenarios.md").read_text(encoding="utf-8")
GRID, DRAWS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.S)
HERE, THERE = re.findall(r"^pilotage (.*)$", PAGE, flags=re.M)
SCHEDULER, WORKER = re.findall(r"^dask (.*)$", PAGE, flags=re.M)


def test_the_draws_of_the_page_are_scenarios(tmp_path: Path) -> None:
    (tmp_path / "draws.yaml").write_text(DRAWS, encoding="utf-8")
    members = members_of("baseline", tmp_path / "draws.yaml")[1]
    assert len(members) == 30
    assert len({each.settings["rules.travel.max_km"] for each in members}) > 20


def test_the_sweep_of_the_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grid.yaml").write_text(GRID, encoding="utf-8")
    result = CliRunner().invoke(app, [*shlex.split(HERE), "--quiet", "--jobs", "1"])
    assert result.exit_code == 0, (result.output, result.exception)
    with (tmp_path / "runs" / "swept" / "sweep.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert [row["rules.need-floor"] for row in rows] == ["in force"] * 6 + ["not there"]
    assert float(rows[6]["benefit"]) > max(float(row["benefit"]) for row in rows[:6])
    assert "rules.need-floor: " in result.output
    assert "open sweep.html" in result.output


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.mark.slow
def test_the_cluster_of_the_page_plans_what_this_computer_plans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grid.yaml").write_text(GRID, encoding="utf-8")
    port = str(_free_port())
    started = []
    try:
        for command in (SCHEDULER, WORKER.replace("--nworkers 4", "--nworkers 1")):
            words = shlex.split(command.replace("10.0.0.5", "127.0.0.1").replace("8786", port))
            start = [sys.executable, "-m", "dask", *words]
            env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
            started.append(subprocess.Popen(start, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        there = THERE.replace("10.0.0.5", "127.0.0.1").replace("8786", port)
        for command in (there, f"{HERE} --jobs 1 --no-resume"):
            result = CliRunner().invoke(app, [*shlex.split(command), "--quiet"])
            assert result.exit_code == 0, (result.output, result.exception)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=30)
    here, sent = (tmp_path / "runs" / name for name in ("swept", "swept-there"))
    assert (here / "sweep.csv").read_bytes() == (sent / "sweep.csv").read_bytes()
    assert (here / "placements.csv").read_bytes() == (sent / "placements.csv").read_bytes()
