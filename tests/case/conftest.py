"""A run folder of the sample, made once: from a scenario of one's own with files of one's own beside it."""

import shutil
from pathlib import Path

import pytest

from pilotage import assets, pipeline
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

SCENARIO = """
extends: baseline
name: own
why: A test of what is read back.
pool:
  leaders: tables/own_leaders.csv
rules:
  moves:
    rule: moves
    earlier_plan: tables/last_year.csv
    count: 0
report:
  alternatives:
    count: 1
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``own.yaml``, its tables, and the run folder ``runs/own``, made in that folder."""
    home = tmp_path_factory.mktemp("home")
    (home / "tables").mkdir()
    (home / "own.yaml").write_text(SCENARIO, encoding="utf-8")
    shutil.copy(assets.sample() / "leaders.csv", home / "tables" / "own_leaders.csv")
    (home / "tables" / "last_year.csv").write_text("leader_id,post_id\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        write_run(pipeline.run(resolve("own.yaml")), Path("runs/own"), force=False)
    return home


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Path:
    """Return a copy of the whole folder's run folder, to be broken."""
    shutil.copytree(home, tmp_path / "copy")
    return tmp_path / "copy" / "runs" / "own"
