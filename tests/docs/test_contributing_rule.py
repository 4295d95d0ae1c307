"""The page on adding a rule, followed literally: its files are written, planned with, audited, and taken away again."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "contributing" / "rule.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(engine/\S+\.py)`\n\n```python\n(.*?)```", PAGE, flags=re.M | re.S))
(SETTING,) = re.findall(r'`pilotage run baseline --set "(.*?)"`', PAGE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a copy of the package with the page's files; scenarios, models and data are the repository's."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "engine", folder / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("configs", "models", "data"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    for name, text in FILES.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    yield folder
    shutil.rmtree(folder)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment that takes Pilotage from the copy, and does not measure coverage of files soon removed."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return plain | {"PYTHONPATH": str(folder / "engine")}


def _pilotage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pilotage", *arguments]
    done = subprocess.run(command, cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done


def test_a_rule_is_three_files_of_one_name() -> None:
    rooms = ("config/rules", "placement/rules", "placement/audit/rules")
    assert list(FILES) == [f"engine/pilotage/{room}/start_cap.py" for room in rooms]


def test_the_rule_of_the_page_is_planned_audited_and_reported(copy: Path) -> None:
    _pilotage(copy, "check", "baseline", "--set", SETTING)
    _pilotage(copy, "run", "baseline", "--set", SETTING, "--out", "run")
    audit = json.loads((copy / "run" / "audit.json").read_text(encoding="utf-8"))
    assert audit["clean"]
    assert "rules.starts" in {check["name"] for check in audit["checks"]}
    starts = pd.read_csv(copy / "run" / "placements.csv", parse_dates=["starts_on"])["starts_on"]
    assert starts.dt.strftime("%Y-%m").value_counts().max() == 3
    rules = json.loads((copy / "run" / "plan.json").read_text(encoding="utf-8"))["rules"]
    mine = [rule for rule in rules if rule["key"] == "starts"]
    assert any(rule["binding"] and rule["activity"] == rule["limit"] == 3 for rule in mine)
    assert "at most 3 placements start in 2016-09" in (copy / "run" / "report.html").read_text(encoding="utf-8")


def test_taken_away_again_the_rule_is_unknown(copy: Path) -> None:
    for name in FILES:
        (copy / name).unlink()
    command = [sys.executable, "-m", "pilotage", "check", "baseline", "--set", SETTING]
    done = subprocess.run(command, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "start_cap" in done.stderr + done.stdout
