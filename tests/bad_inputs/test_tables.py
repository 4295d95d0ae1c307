"""Broken tables and pools, through the command line: one clear error each, exit code, nothing written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pilotage import assets


def _run(tmp_path: Path, *settings: str) -> "subprocess.CompletedProcess[str]":
    options = [part for setting in settings for part in ("--set", setting)]
    command = [sys.executable, "-m", "pilotage", "run", "baseline", "--quiet", "--out", str(tmp_path / "out"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def _refused(done: "subprocess.CompletedProcess[str]", tmp_path: Path, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (tmp_path / "out").exists()


def _leaders(tmp_path: Path) -> tuple[pd.DataFrame, Path]:
    return pd.read_csv(assets.sample() / "leaders.csv"), tmp_path / "leaders.csv"


def test_duplicate_and_negative_leaders_are_all_named_at_once(tmp_path: Path) -> None:
    frame, path = _leaders(tmp_path)
    frame.loc[1, "leader_id"] = frame.loc[0, "leader_id"]
    frame.loc[4, "max_travel_km"] = -3
    frame.to_csv(path, index=False)
    done = _run(tmp_path, f"pool.leaders={path.as_posix()}")
    _refused(done, tmp_path, 3, str(frame.loc[0, "leader_id"]), "max_travel_km", "row 6")


def test_a_missing_pool_file_is_named(tmp_path: Path) -> None:
    _refused(_run(tmp_path, "pool.leaders=nowhere.csv"), tmp_path, 3, "nowhere.csv")


def test_duplicate_post_ids_are_refused(tmp_path: Path) -> None:
    frame = pd.read_csv(assets.sample() / "posts.csv")
    frame.loc[1, "post_id"] = frame.loc[0, "post_id"]
    frame.to_csv(tmp_path / "posts.csv", index=False)
    done = _run(tmp_path, f"pool.posts={(tmp_path / 'posts.csv').as_posix()}")
    _refused(done, tmp_path, 3, str(frame.loc[0, "post_id"]))


def test_duplicate_urns_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(assets.sample(), folder)
    frame = pd.read_csv(folder / "schools.csv")
    frame.loc[1, "urn"] = frame.loc[0, "urn"]
    frame.to_csv(folder / "schools.csv", index=False)
    _refused(_run(tmp_path, f"data.folder={folder.as_posix()}"), tmp_path, 3, "schools.csv", str(frame.loc[0, "urn"]))


def test_an_area_minimum_above_what_is_eligible_is_infeasible(tmp_path: Path) -> None:
    settings = ["rules.many.rule=area_minimum", "rules.many.areas=[Norwich]", "rules.many.count=500"]
    _refused(_run(tmp_path, *settings), tmp_path, 4, "many")


@pytest.mark.parametrize("rule", ["{rule: area_minimum, areas: [Atlantis], count: 1}", "{rule: area_minimum}"])
def test_an_area_minimum_that_says_nothing_is_a_scenario_error(tmp_path: Path, rule: str) -> None:
    _refused(_run(tmp_path, f"rules.odd={rule}"), tmp_path, 2, "rules.odd")


def test_an_existing_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    done = _run(tmp_path)
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert (tmp_path / "out" / "mine.txt").read_text(encoding="utf-8") == "mine"
