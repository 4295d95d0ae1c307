"""A sweep whatever happens: serial, in parallel, on a cluster, with a worker or the process killed; and refusals."""

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pilotage import assets
from pilotage.case.holding import folders_holding
from pilotage.cli import app
from pilotage.sources.forget.stored import stored_of

GRID = """
grid:
  rules.authority-cap.count: [1, 2, 8]
  rules.budget.total_gbp: [60000, 100000, 1000000]
list:
  - rules.need-floor: null
  - rules.least: {rule: area_minimum, areas: [Ealing], count: 50}
  - rules.need-floor: null
    rules.travel.max_km: 15
"""
SCENARIOS = 12
SAME = (
    "sweep.csv",
    "placements.csv",
    "schools.csv",
    "sweep.json",
    "sweep.html",
    "scenario.resolved.yaml",
    "manifest.json",
)
LONDON = ["baseline", "--set", "scope.regions=[London]"]
WAIT_SECONDS = 240


def _grid(folder: Path, text: str = GRID) -> Path:
    path = folder / "grid.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _sweep(folder: Path, *options: str, text: str = GRID) -> Result:
    return CliRunner().invoke(app, ["sweep", *LONDON, "--grid", str(_grid(folder, text)), "--quiet", *options])


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sweep planned in this process, one scenario after the other."""
    folder = tmp_path_factory.mktemp("serial")
    result = _sweep(folder, "--out", str(folder / "out"), "--jobs", "1", "--no-resume")
    assert result.exit_code == 0, (result.output, result.exception)
    return folder / "out"


@pytest.fixture
def own_cache(serial: Path, tmp_path: Path) -> Path:
    """Return a cache with the models and tables of the session's, and no finished scenario."""
    own = tmp_path / "cache"
    own.mkdir()
    for part in assets.cache().iterdir():
        if part.is_dir() and part.name != "sweeps":
            (own / part.name).symlink_to(part.resolve(), target_is_directory=True)
    return own


def _environment(cache: Path) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name != "JOBLIB_MULTIPROCESSING"}
    return given | {"PILOTAGE_CACHE": str(cache)}


def _command(folder: Path, *options: str) -> list[str]:
    grid = str(_grid(folder))
    return [sys.executable, "-m", "pilotage", "sweep", *LONDON, "--grid", grid, "--out", str(folder / "out"), *options]


def _finished(cache: Path) -> dict[str, int]:
    """Return the finished scenarios that a cache holds, each with the moment when it was written."""
    return {path.name: path.stat().st_mtime_ns for path in (cache / "sweeps").glob("*.json")}


def _until_finished(cache: Path, least: int, process: subprocess.Popen[bytes]) -> dict[str, int]:
    start = time.monotonic()
    while len(_finished(cache)) < least:
        assert process.poll() is None, "the sweep ended before it could be disturbed"
        assert time.monotonic() - start < WAIT_SECONDS
        time.sleep(0.02)
    return _finished(cache)


def _expect_same(serial: Path, other: Path) -> None:
    assert {path.name for path in other.iterdir()} == set(SAME)
    for name in SAME:
        assert (other / name).read_bytes() == (serial / name).read_bytes(), name


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_lists_agree_with_one_another(serial: Path) -> None:
    rows, placements, schools = (_rows(serial / name) for name in SAME[:3])
    assert [row["scenario"] for row in rows] == [str(number) for number in range(1, SCENARIOS + 1)]
    plans = [row for row in rows if row["benefit"]]
    for row in plans:
        mine = [each for each in placements if each["scenario"] == row["scenario"]]
        assert len({each["leader_id"] for each in mine if each["intervention"] == "place"}) == int(
            row["leaders_placed"]
        )
    for school in schools:
        chosen = {each["scenario"] for each in placements if each["urn"] == school["urn"]}
        assert len(chosen) == int(school["chosen"])
        assert school["plans"] == str(len(plans))
        often = "always" if len(chosen) == len(plans) else "sometimes" if chosen else "never"
        assert school["often"] == often
    assert {each["urn"] for each in placements} <= {school["urn"] for school in schools}
    assert {"always", "sometimes", "never"} == {school["often"] for school in schools}


def test_each_scenario_is_the_plan_of_a_run_with_its_settings(serial: Path, tmp_path: Path) -> None:
    row = _rows(serial / "sweep.csv")[3]
    keys = ("rules.authority-cap.count", "rules.budget.total_gbp")
    settings = [part for key in keys for part in ("--set", f"{key}={row[key]}")]
    out = tmp_path / "run"
    options = ["--set", "report.hangs_on=false", "--quiet", "--out", str(out)]
    result = CliRunner().invoke(app, ["run", *LONDON, *settings, *options])
    assert result.exit_code == 0, result.output
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert float(row["benefit"]) == pytest.approx(plan["benefit"], abs=1e-3)
    assert float(row["accepted"]) == pytest.approx(plan["expected"]["yes"], abs=1e-3)
    assert int(row["committed_gbp"]) == plan["expected"]["committed_gbp"]
    assert float(row["spent_gbp"]) == pytest.approx(plan["expected"]["spent_gbp"], abs=1e-2)
    mine = {(each["leader_id"], each["post_id"]) for each in _rows(out / "placements.csv")}
    placed = [each for each in _rows(serial / "placements.csv") if each["scenario"] == row["scenario"]]
    assert {(each["leader_id"], each["post_id"]) for each in placed} == mine


def test_a_scenario_whose_rules_cannot_hold_names_them_with_their_line(serial: Path) -> None:
    (row,) = [row for row in _rows(serial / "sweep.csv") if row["came"] == "infeasible"]
    assert row["conflict"] == "rules.least"
    assert row["why"].startswith("grid.yaml, line 7: rules.least - at least 50 placements in Ealing")
    assert row["benefit"] == row["leaders_placed"] == row["gap"] == ""
    page = (serial / "sweep.html").read_text(encoding="utf-8")
    assert "grid.yaml, line 7: rules.least" in page


def test_the_page_shows_both_charts_and_refers_to_nothing_outside(serial: Path) -> None:
    page = (serial / "sweep.html").read_text(encoding="utf-8")
    for name in ("chart-benefit", "chart-moves-benefit", "chart-moves-placements"):
        assert f'aria-labelledby="{name}-title' in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page


def test_finished_scenarios_are_taken_over_unless_that_is_not_wanted(serial: Path, tmp_path: Path) -> None:
    before = _finished(assets.cache())
    result = _sweep(tmp_path, "--out", str(tmp_path / "out"), "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert {name: _finished(assets.cache())[name] for name in before} == before
    _expect_same(serial, tmp_path / "out")


def test_a_damaged_result_is_planned_again(serial: Path, own_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(assets.cache() / "sweeps", own_cache / "sweeps")
    for path in (own_cache / "sweeps").glob("*.json"):
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PILOTAGE_CACHE", str(own_cache))
        assert _sweep(tmp_path, "--out", str(tmp_path / "out"), "--jobs", "1").exit_code == 0
    _expect_same(serial, tmp_path / "out")


def test_a_leader_who_is_forgotten_is_found_in_finished_scenarios(serial: Path) -> None:
    leader = _rows(serial / "placements.csv")[0]["leader_id"]
    assert any(path.parent.name == "sweeps" for path in stored_of(assets.cache(), leader))
    assert folders_holding(serial.parent, leader) == [serial]


def test_the_same_in_json(serial: Path, tmp_path: Path) -> None:
    result = _sweep(tmp_path, "--out", str(tmp_path / "out"), "--jobs", "1", "--json")
    printed = json.loads(result.stdout)
    stated = json.loads((serial / "sweep.json").read_text(encoding="utf-8"))
    assert {name: value for name, value in printed.items() if name != "folder"} == stated
    assert Path(printed["folder"]) == tmp_path / "out"


@pytest.mark.slow
def test_processes_beside_one_another_give_the_same_bytes(serial: Path, own_cache: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        _command(tmp_path, "--jobs", "2"), env=_environment(own_cache), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    _expect_same(serial, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to kill")
def test_a_process_killed_midway_goes_on_from_what_it_finished(serial: Path, own_cache: Path, tmp_path: Path) -> None:
    environment = _environment(own_cache)
    process = subprocess.Popen(_command(tmp_path, "--jobs", "2", "--quiet"), env=environment, start_new_session=True)
    _until_finished(own_cache, 2, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = _finished(own_cache)
    assert 2 <= len(kept) < SCENARIOS
    assert not (tmp_path / "out").exists()
    done = subprocess.run(_command(tmp_path, "--jobs", "1"), env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {name: _finished(own_cache)[name] for name in kept} == kept
    _expect_same(serial, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills a process as Windows can't")
def test_a_cluster_that_loses_a_worker_midway_gives_the_same_bytes(
    serial: Path, own_cache: Path, tmp_path: Path
) -> None:
    environment = _environment(own_cache)
    with _cluster(tmp_path, environment) as (address, workers):
        process = subprocess.Popen(_command(tmp_path, "--cluster", address, "--quiet"), env=environment)
        _until_finished(own_cache, 2, process)
        workers[0].kill()
        kept = _finished(own_cache)
        assert process.wait(WAIT_SECONDS) == 0
        assert workers[1].poll() is None
    assert len(kept) < SCENARIOS
    assert {name: _finished(own_cache)[name] for name in kept} == kept
    _expect_same(serial, tmp_path / "out")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kills a process as Windows can't")
def test_a_scheduler_that_is_lost_midway_keeps_what_is_finished(serial: Path, own_cache: Path, tmp_path: Path) -> None:
    environment = _environment(own_cache)
    with _cluster(tmp_path, environment) as (address, workers):
        process = subprocess.Popen(
            _command(tmp_path, "--cluster", address, "--quiet"), env=environment, stderr=subprocess.PIPE
        )
        _until_finished(own_cache, 1, process)
        workers[-1].kill()  # the scheduler
        told = process.communicate(timeout=WAIT_SECONDS)[1].decode()
    assert process.returncode == 3, told
    assert told.startswith("error: --cluster - ")
    assert "run again: finished scenarios are kept" in told
    kept = _finished(own_cache)
    done = subprocess.run(_command(tmp_path, "--jobs", "1"), env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {name: _finished(own_cache)[name] for name in kept} == kept
    _expect_same(serial, tmp_path / "out")


@contextmanager
def _cluster(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the address of a Dask scheduler, and the processes of two workers and of the scheduler."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    log = (folder / "cluster.log").open("wb")

    def start(name: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *options, "--no-dashboard"]
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)

    worker = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--local-directory", str(folder))
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    processes = [start("worker", address, *worker), start("worker", address, *worker), scheduler]
    try:
        _until_workers(address, 2)
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
        log.close()


def _until_workers(address: str, count: int) -> None:
    """Wait for workers in a process of its own: what the client leaves open is not this process's."""
    code = f"from distributed import Client; Client({address!r}, timeout=60).wait_for_workers({count}, timeout=120)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_a_cluster_that_does_not_answer_is_exit_3_before_any_work(tmp_path: Path) -> None:
    done = subprocess.run(
        _command(tmp_path, "--cluster", f"tcp://127.0.0.1:{_free_port()}"),
        env=_environment(tmp_path / "cache"),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("error: --cluster - no scheduler answers at tcp://127.0.0.1:")
    assert not (tmp_path / "out").exists()


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = _sweep(tmp_path, "--out", str(tmp_path / "out"), "--cluster", "tcp://127.0.0.1:1")
    assert getattr(result.exception, "exit_code", None) == 2
    assert 'pip install "pilotage[cluster]"' in str(result.exception)


def test_jobs_and_cluster_together_are_refused(tmp_path: Path) -> None:
    result = _sweep(tmp_path, "--jobs", "2", "--cluster", "tcp://127.0.0.1:1")
    assert getattr(result.exception, "exit_code", None) == 2
    assert str(result.exception).startswith("--jobs, --cluster - both were given - one of the two")


def test_a_wrong_grid_is_exit_2_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    text = "grid:\n  rules.authority-cap.cuont: [1]\n"
    result = _sweep(tmp_path, "--out", str(tmp_path / "out"), text=text)
    assert getattr(result.exception, "exit_code", None) == 2
    assert str(result.exception).startswith("grid.yaml, line 2: rules.authority-cap.cuont - unknown key")
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_unknown_is_told_for_every_scenario_before_any_is_planned(tmp_path: Path) -> None:
    rule = "rules.authority-cap.areas"
    text = f"list:\n  - scope.authorities: [Nowhere]\n  - {rule}: [Elsewhere]\n  - {rule}: [Nobodys]\n"
    result = _sweep(tmp_path, "--out", str(tmp_path / "out"), text=text)
    assert getattr(result.exception, "exit_code", None) == 2
    told = str(result.exception)
    assert "grid.yaml, line 2: scope.authorities" in told
    assert f"grid.yaml, line 3: {rule}" in told
    assert f"grid.yaml, line 4: {rule}" in told


def test_a_folder_that_is_there_is_not_written_over(serial: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    for options in ((), ("--force",)):
        result = _sweep(tmp_path, "--out", str(tmp_path / "out"), *options)
        assert getattr(result.exception, "exit_code", None) == 2
    assert (tmp_path / "out" / "mine.txt").read_text(encoding="utf-8") == "mine"
