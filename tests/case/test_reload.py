"""The inputs of a run, found again wherever the whole was moved; what is gone or changed is named by its role."""

import shutil
from pathlib import Path

import pytest

from pilotage import assets, pipeline
from pilotage.case.places import Base, Folders, placed
from pilotage.case.read_back import read_manifest, read_run
from pilotage.case.reload import InputState, expect_same_inputs, inputs_changed, located_inputs, scenario_again
from pilotage.domain.inputs import InputFile
from pilotage.errors import DataError


def test_the_manifest_names_role_base_and_relative_path(run: Path) -> None:
    manifest = read_manifest(run)
    stated = {(each.role, each.key, each.base, each.path) for each in manifest.inputs}
    assert stated == {
        ("leaders", "pool.leaders", Base.SCENARIO, "tables/own_leaders.csv"),
        ("posts", None, Base.SAMPLE, "posts.csv"),
        ("earlier_plan", "rules.moves.earlier_plan", Base.SCENARIO, "tables/last_year.csv"),
        *(
            ("sample", None, Base.SAMPLE, f"{name}.csv")
            for name in ("schools", "inspections", "school_years", "results")
        ),
    }
    assert manifest.folders.scenario == "."


def test_no_file_of_the_folder_tells_where_it_was_made(home: Path) -> None:
    for path in (home / "runs" / "own").iterdir():
        content = path.read_bytes()
        for place in (home, assets.root(), Path.home()):
            assert str(place).encode() not in content or len(place.parts) < 3, (path.name, place)


def test_moved_as_a_whole_every_input_is_found(run: Path) -> None:
    assert inputs_changed(run) == ()
    home = run.parent.parent
    scenario = scenario_again(read_run(run)).scenario
    assert scenario.pool.leaders == home / "tables" / "own_leaders.csv"
    rule = scenario.rules["moves"]
    assert getattr(rule, "earlier_plan", None) == home / "tables" / "last_year.csv"


def test_from_the_folder_of_the_command_a_run_folder_elsewhere_finds_its_inputs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(home / "runs" / "own", tmp_path / "far")
    assert {each.recorded.role for each in inputs_changed(tmp_path / "far")} == {"leaders", "earlier_plan"}
    assert inputs_changed(tmp_path / "far", [home]) == ()
    monkeypatch.chdir(home)
    assert inputs_changed(tmp_path / "far") == ()


def test_what_is_gone_or_changed_is_named_by_role(run: Path) -> None:
    tables = run.parent.parent / "tables"
    (tables / "last_year.csv").unlink()
    with (tables / "own_leaders.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    changed = {each.recorded.role: each.state for each in inputs_changed(run)}
    assert changed == {"leaders": InputState.CHANGED, "earlier_plan": InputState.GONE}
    with pytest.raises(DataError) as caught:
        scenario_again(read_run(run))
    told = str(caught.value)
    assert caught.value.exit_code == 3
    assert "own_leaders.csv (leaders) - has changed since the run" in told
    assert "last_year.csv (earlier_plan) - is gone" in told


def test_of_two_copies_the_one_as_it_was_is_taken(run: Path, tmp_path: Path) -> None:
    home = run.parent.parent
    shutil.copytree(home / "tables", tmp_path / "good" / "tables")
    (home / "tables" / "own_leaders.csv").write_text("changed", encoding="utf-8")
    located = located_inputs(read_manifest(run), run, [home, tmp_path / "good"])
    assert {each.state for each in located} == {InputState.SAME}


def test_a_file_that_came_since_is_named(run: Path, tmp_path: Path) -> None:
    read = read_run(run)
    known = pipeline.gather(scenario_again(read))
    inputs = (*known.panel.inputs, *known.pool.inputs, *known.posts.inputs)
    expect_same_inputs(read, inputs)
    fresh = InputFile("ofsted_mi", "fresh.csv", tmp_path / "fresh.csv", "0" * 64)
    with pytest.raises(DataError, match=r"fresh\.csv \(ofsted_mi\) - is not as the run read it, or has come since"):
        expect_same_inputs(read, (*inputs, fresh))
    with pytest.raises(DataError, match=r"own_leaders\.csv \(leaders\) - was read by the run, and is not now"):
        expect_same_inputs(read, tuple(each for each in inputs if each.role != "leaders"))


def test_a_file_has_its_first_base_and_elsewhere_its_name_alone(tmp_path: Path) -> None:
    folders = Folders(work=tmp_path, scenario=tmp_path / "asked", data=tmp_path / "asked" / "raw")
    assert placed(tmp_path / "asked" / "raw" / "2014" / "a.csv", folders) == (Base.DATA, "2014/a.csv")
    assert placed(tmp_path / "asked" / "a.csv", folders) == (Base.SCENARIO, "a.csv")
    assert placed(tmp_path / "b" / "a.csv", folders) == (Base.WORK, "b/a.csv")
    assert placed(tmp_path.parent / "a.csv", folders) == (Base.ELSEWHERE, "a.csv")
    assert placed(assets.sample() / "a.csv", folders) == (Base.SAMPLE, "a.csv")
