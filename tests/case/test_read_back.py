"""A run folder read back: what it gives, and each thing that it refuses, by name."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pilotage.case import run_folder
from pilotage.case.read_back import read_run
from pilotage.case.run_folder import FAILED, READ_BACK, SCHEMA_VERSION
from pilotage.errors import DataError


def _refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_run(folder)
    assert caught.value.exit_code == 3
    for problem in caught.value.problems:
        assert all((problem.where, problem.what, problem.allowed, problem.do)), problem
    return str(caught.value)


def _changed(path: Path, **keys: Any) -> None:
    stated = json.loads(path.read_text(encoding="utf-8")) | keys
    path.write_text(json.dumps({key: value for key, value in stated.items() if value != "REMOVED"}), encoding="utf-8")


def test_what_is_read_is_typed(run: Path) -> None:
    read = read_run(run)
    assert read.clean
    assert read.scenario.name == "own"
    assert read.plan.status == "optimal"
    assert read.plan.objective == pytest.approx(read.plan.integers.objective / read.plan.integers.scale)
    assert {rule.key for rule in read.plan.rules} >= {"consent", "budget", "moves"}
    assert read.audit.clean
    assert {str(read.ranked[name].dtype) for name in ("rank", "urn", "pupils")} == {"Int64"}
    assert {str(read.ranked[name].dtype) for name in ("need", "benefit", "p_stuck")} == {"float64"}
    assert read.placements["leader_id"].map(type).eq(str).all()
    assert read.ranked["benefit"].isna().any()
    assert read.alternatives is not None
    assert set(read.alternatives["alternative"]) == {1}
    assert read.manifest.model_extra is not None
    assert read.manifest.model_extra["schema_version"] == SCHEMA_VERSION


def test_every_json_file_states_the_schema(run: Path) -> None:
    for path in run.glob("*.json"):
        assert next(iter(json.loads(path.read_text(encoding="utf-8")).items())) == ("schema_version", SCHEMA_VERSION)


def test_a_marked_folder_is_read_and_is_not_clean(run: Path) -> None:
    _changed(run / "manifest.json", audit_clean=False)
    for path in list(run.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))
    assert not read_run(run).clean


def test_no_folder_and_another_folder_are_refused(run: Path, tmp_path: Path) -> None:
    assert "no such folder" in _refused(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "no manifest.json in it" in _refused(tmp_path / "empty")
    _changed(run / "manifest.json", kind="areas")
    assert "a folder of kind 'areas'" in _refused(run)


@pytest.mark.parametrize("name", [*(name for name in READ_BACK if name != "manifest.json"), "alternatives.csv"])
def test_a_missing_file_is_named(run: Path, name: str) -> None:
    (run / name).unlink()
    told = _refused(run)
    assert name in told
    assert "is not there" in told


@pytest.mark.parametrize("name", ["manifest.json", "plan.json", "audit.json"])
@pytest.mark.parametrize(
    ("version", "words"),
    [
        (SCHEMA_VERSION + 1, "read it with the Pilotage that wrote it, or a later one"),
        (SCHEMA_VERSION - 1, "run the scenario again"),
        ("REMOVED", "no schema_version"),
        ("1", "schema_version = '1'"),
        (True, "schema_version = True"),
    ],
)
def test_another_schema_is_refused(run: Path, name: str, version: object, words: str) -> None:
    _changed(run / name, schema_version=version)
    told = _refused(run)
    assert name in told
    assert words in told


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("manifest.json", b"{", "not JSON"),
        ("manifest.json", b"[1]", "not a JSON object"),
        ("plan.json", f'{{"schema_version": {SCHEMA_VERSION}}}'.encode(), "status is missing"),
        ("audit.json", b"\xff\xfe", "not JSON"),
        ("ranked_schools.csv", b"\xff\xfe", "not UTF-8 text"),
        ("ranked_schools.csv", b"", "not a table"),
        ("placements.csv", b"leader_id,post\r\nL1,P1\r\n", "its columns are leader_id, post"),
        ("forecast.parquet", b"PAR1", "not a readable Parquet file"),
        ("scenario.resolved.yaml", b"name: [", "put a text in quotes"),
        ("scenario.resolved.yaml", b"name: own\n", "missing"),
    ],
)
def test_a_damaged_file_is_named(run: Path, name: str, content: bytes, words: str) -> None:
    (run / name).write_bytes(content)
    told = _refused(run)
    assert name in told
    assert words in told


def test_a_cell_that_is_no_number_is_named_with_its_row(run: Path) -> None:
    rows = (run / "ranked_schools.csv").read_text(encoding="utf-8-sig").split("\n")
    rank, rest = rows[2].split(",", 1)
    for wrong in ("first", "1.5"):
        (run / "ranked_schools.csv").write_text("\n".join([*rows[:2], f"{wrong},{rest}", *rows[3:]]), encoding="utf-8")
        assert f"rank = {wrong!r} in row 3" in _refused(run)
    assert rank == "2"


def test_lists_that_are_not_the_plans_are_refused(run: Path) -> None:
    for name in ("ranked_schools.csv", "placements.csv"):
        rows = (run / name).read_text(encoding="utf-8-sig").splitlines(keepends=True)
        (run / name).write_text("".join(rows[:-1]), encoding="utf-8", newline="")
    told = _refused(run)
    assert "ranked_schools.csv - damaged: its 2,499 schools are not the 2,500 of the forecast" in told
    assert "placements.csv - damaged" in told


def test_the_scenario_of_another_run_is_refused(run: Path) -> None:
    path = run / "scenario.resolved.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: own ", "name: theirs ", 1), encoding="utf-8")
    refusal = _refused(run)
    assert "scenario.resolved.yaml - damaged: name = 'theirs', not 'own'" in refusal
    assert "bring it back, or run the scenario again, and read that folder" in refusal


def test_all_problems_are_told_at_once(run: Path) -> None:
    for name in ("plan.json", "audit.json", "ranked_schools.csv", "forecast.parquet"):
        (run / name).write_bytes(b"")
    told = _refused(run)
    assert all(name in told for name in ("plan.json", "audit.json", "ranked_schools.csv", "forecast.parquet"))


def test_a_key_of_another_type_is_named(run: Path) -> None:
    _changed(run / "plan.json", benefit="much", placements=None)
    told = _refused(run)
    assert "benefit = 'much'" in told
    assert "placements = 'None'" in told


def test_a_key_that_no_reader_needs_is_no_fault(run: Path) -> None:
    _changed(run / "plan.json", later_work={"sweep": 1})
    assert read_run(run).plan.model_extra is not None


def test_a_text_like_a_formula_comes_back_as_it_was(run: Path) -> None:
    path = run / run_folder.RANKED
    rows = path.read_text(encoding="utf-8-sig").split("\n")
    head, first = rows[0].strip().split(","), rows[1].split(",")
    first[head.index("name")] = "'=HYPERLINK(1)"
    path.write_text("\n".join([rows[0], ",".join(first), *rows[2:]]), encoding="utf-8")
    assert read_run(run).ranked["name"].iloc[0] == "=HYPERLINK(1)"


def test_a_folder_of_another_place_is_read_the_same(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "far")
    assert read_run(tmp_path / "far").plan == read_run(run).plan


def _as_written_before(run: Path) -> None:
    """Make the folder one of before there were four lists: support stood among the placements."""
    path = run / "manifest.json"
    stated = json.loads(path.read_text(encoding="utf-8"))
    for name in run_folder.NEWER_LISTS:
        (run / name).unlink()
        del stated["lists"][name]
    path.write_text(json.dumps(stated), encoding="utf-8")


def test_a_folder_of_before_the_four_lists_is_read(run: Path) -> None:
    _as_written_before(run)
    read = read_run(run)
    assert (read.worry_about, read.ask_next, read.support) == (None, None, None)
    assert len(read.placements) == read.plan.placements + read.plan.supported


def test_the_four_lists_are_read_typed(run: Path) -> None:
    read = read_run(run)
    assert read.worry_about is not None
    assert read.ask_next is not None
    assert read.support is not None
    assert sorted(read.worry_about["urn"]) == sorted(read.ranked["urn"])
    assert str(read.ask_next["ask_rank"].dtype) == "Int64"
    assert str(read.ask_next["value_if_asked"].dtype) == "float64"
    assert len(read.placements) == read.plan.placements


def test_a_worry_list_cut_short_is_refused(run: Path) -> None:
    path = run / run_folder.WORRY
    path.write_text("\n".join(path.read_text(encoding="utf-8-sig").splitlines()[:-1]) + "\n", encoding="utf-8-sig")
    assert "worry_about.csv" in _refused(run)
