"""The runs below a folder, and whether the files of one are as they were written."""

import json
import os
from pathlib import Path

import pytest

from pilotage.case.edited import expect_as_written, expect_facts_as_written
from pilotage.case.read_back import read_manifest
from pilotage.case.run_list import runs_below
from pilotage.errors import DataError


def test_runs_are_listed_newest_first_with_what_can_not_be_read(run: Path) -> None:
    damaged = run.parent / "damaged"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{", encoding="utf-8")
    (damaged / "plan.json").write_text("{}", encoding="utf-8")
    (run.parent / "of-something-else").mkdir()
    (run.parent / "of-something-else" / "manifest.json").write_text('{"name": "app"}', encoding="utf-8")
    os.utime(damaged / "manifest.json", (1, 1))
    first, last = runs_below(run.parent.parent)
    assert (first.folder, first.scenario, first.audit_clean, first.fault) == (run, "own", True, None)
    assert first.benefit == json.loads((run / "plan.json").read_text(encoding="utf-8"))["benefit"]
    assert first.page == run / "report.html"
    assert last.folder == damaged
    assert last.fault is not None
    assert last.page is None


def test_every_file_but_log_and_timings_has_its_checksum_and_an_edited_one_is_named(run: Path) -> None:
    manifest = read_manifest(run)
    assert manifest.files is not None
    assert {*manifest.files} == {path.name for path in run.iterdir()} - {"manifest.json", "run.log", "timings.json"}
    expect_as_written(run, manifest)
    (run / "worry_about.csv").unlink()
    (run / "placements.csv").write_text("edited", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        expect_as_written(run, manifest)
    assert [Path(problem.where).name for problem in caught.value.problems] == ["placements.csv", "worry_about.csv"]


def test_of_a_folder_without_checksums_nothing_is_said(run: Path) -> None:
    (run / "placements.csv").write_text("edited", encoding="utf-8")
    expect_as_written(run, read_manifest(run).model_copy(update={"files": None}))


def test_of_what_is_read_back_an_edited_file_is_named_and_a_page_saved_anew_is_not(run: Path) -> None:
    manifest = read_manifest(run)
    for name in ("report.xlsx", "report.html"):
        (run / name).write_text("saved anew", encoding="utf-8")
    (run / "my notes.txt").write_text("Ask Ash first.", encoding="utf-8")
    expect_facts_as_written(run, manifest)
    (run / "placements.csv").write_text("edited", encoding="utf-8")
    with pytest.raises(DataError, match=r"placements.csv - was changed since the run"):
        expect_facts_as_written(run, manifest)
