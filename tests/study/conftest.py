"""A small run with a table of its own, written once; each test gets a copy to break."""

import shutil
from pathlib import Path

import pytest

from pilotage import assets, pipeline
from pilotage.case.case import Case
from pilotage.config.overlay import Resolved, resolve
from pilotage.report.folder import write_run

SCENARIO = """
extends: baseline
name: small
why: Secondary schools of one region, with leaders of one's own.
scope:
  regions: [London]
  phases: [secondary]
pool:
  leaders: tables/own_leaders.csv
report:
  hangs_on: false
"""


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``small.yaml``, its table of leaders, and the run folder ``runs/small``."""
    home = tmp_path_factory.mktemp("small")
    (home / "tables").mkdir()
    (home / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    shutil.copy(assets.sample() / "leaders.csv", home / "tables" / "own_leaders.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        write_run(pipeline.run(resolve("small.yaml")), Path("runs/small"), force=False)
    return home


@pytest.fixture
def small_run(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the run folder in a copy of the whole, to be broken; from the copy, its inputs are found."""
    shutil.copytree(small_home, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return Path("runs/small")


@pytest.fixture
def gathered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gather the case of a scenario once: its files stay the same in a test."""
    gather = pipeline.gather
    cases: dict[str, Case] = {}

    def once(resolved: Resolved, say: object = None) -> Case:
        key = resolved.scenario.model_dump_json()
        if key not in cases:
            cases[key] = gather(resolved)
        return cases[key]

    monkeypatch.setattr(pipeline, "gather", once)
