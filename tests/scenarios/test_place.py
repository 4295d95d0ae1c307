"""A plan from a forecast file: the round trip of Pilotage's own forecast, and the words of the command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve
from pilotage.domain.findings.accuracy import Accuracy
from pilotage.report.folder import write_forecast, write_run

SAME = (
    "ranked_schools.csv",
    "worry_about.csv",
    "placements.csv",
    "unplaced.csv",
    "audit.json",
    "scenario.resolved.yaml",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunRecord, Path]:
    """Return a run, and the folder of its forecast."""
    folder = tmp_path_factory.mktemp("own")
    record = pipeline.run(resolve("baseline"))
    write_run(record, folder / "run", force=False)
    write_forecast(record.forecast, folder / "forecast", force=False, synthetic=True)
    return record, folder


def _plan(folder: Path) -> dict[str, Any]:
    """Return plan.json but for the accuracy measured, which a forecast from a file has not."""
    facts: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    del facts["measured_accuracy"]
    return facts


def test_from_parquet_the_lists_are_the_runs_own_to_the_byte(own: tuple[RunRecord, Path]) -> None:
    record = pipeline.place(resolve("baseline"), own[1] / "forecast" / "forecast.parquet")
    again = write_run(record, own[1] / "placed", force=False)
    for name in SAME:
        assert (again / name).read_bytes() == (own[1] / "run" / name).read_bytes(), name
    assert _plan(again) == _plan(own[1] / "run")
    assert "forecast.parquet" in (again / "report.html").read_text(encoding="utf-8")
    inputs = json.loads((again / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert [each["name"] for each in inputs if each["role"] == "forecast"] == ["forecast.parquet"]
    assert record.accuracy == Accuracy(own_file=True)
    assert [found.scenario for found in own[0].accuracy.tested] == ["baseline"] * 3


def test_from_csv_the_plan_is_the_same_and_its_ranges_say_why_they_are_narrower(own: tuple[RunRecord, Path]) -> None:
    record = pipeline.place(resolve("baseline"), own[1] / "forecast" / "forecast.csv")
    assert record.plan.chosen.tolist() == own[0].plan.chosen.tolist()
    assert record.plan.objective == own[0].plan.objective
    ours, theirs = (one.impact.pairs["benefit_high"] - one.impact.pairs["benefit"] for one in (record, own[0]))
    assert (ours <= 1.005 * theirs).all()  # over 200 draws, a school's own are independent of the common ones nearly
    assert (ours < theirs).mean() > 0.9
    assert any("no draws" in note for note in record.panel.notes)


def test_the_command_writes_the_run_folder_of_scores_of_ones_own(tmp_path: Path) -> None:
    schools = pipeline.gather(resolve("baseline")).urns
    scores = pd.DataFrame({"urn": schools, "need": 0.5}).assign(p_fall_if_inspected=[n % 10 / 10 for n in schools])
    scores.to_csv(tmp_path / "scores.csv", index=False)
    done = _place(tmp_path, str(tmp_path / "scores.csv"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["audit_clean"]
    assert "scores.csv" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    log = (tmp_path / "out" / "run.log").read_text(encoding="utf-8")
    said = [row.split(" ", 2)[2] for row in log.splitlines()]
    assert said[:2] == ["Reading schools, leaders and posts", "Reading the forecast scores.csv"]
    assert said[-1] == "Writing the run folder"
    assert str(tmp_path) not in log


def test_a_broken_file_is_exit_3_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("urn,p_stuk\n5,0.5\n", encoding="utf-8")
    done = _place(tmp_path, "scores.csv")
    assert done.returncode == 3
    assert "did you mean 'p_stuck'?" in done.stderr
    assert "urn = 5" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]


def _place(folder: Path, file: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pilotage", "place", "baseline", "--forecast", file, "--out", "out", *options]
    return subprocess.run([*command, "--quiet"], capture_output=True, text=True, cwd=folder, encoding="utf-8")
