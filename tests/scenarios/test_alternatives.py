"""Alternatives in a run folder: the file, the page, the workbook, and that each keeps the rules."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pilotage import pipeline
from pilotage.case.record import RunRecord
from pilotage.case.run_folder import RUN_FILES
from pilotage.config.overlay import resolve
from pilotage.report.folder import write_run

SETTINGS = ["report.alternatives.count=2", "report.alternatives.loss=0.05", "rules.budget=null"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunRecord, Path]:
    record = pipeline.run(resolve("baseline", SETTINGS))
    return record, write_run(record, tmp_path_factory.mktemp("run") / "run", force=False)


def test_the_file_has_every_placement_of_every_alternative(told: tuple[RunRecord, Path]) -> None:
    record, folder = told
    assert {path.name for path in folder.iterdir()} == RUN_FILES | {"alternatives.csv"}
    table = pd.read_csv(folder / "alternatives.csv")
    assert table.groupby("alternative").size().tolist() == [len(one.chosen) for one in record.alternatives.plans]
    new = table[table["new_school"] == "yes"].groupby("alternative").size()
    assert new.tolist() == [one.new_schools for one in record.alternatives.plans]
    assert not table.duplicated(["alternative", "leader_id"]).any()
    assert not table.duplicated(["alternative", "post_id"]).any()


def test_each_is_near_the_best_and_audited(told: tuple[RunRecord, Path]) -> None:
    plan = json.loads((told[1] / "plan.json").read_text(encoding="utf-8"))
    assert len(plan["alternatives"]) == 2
    for one in plan["alternatives"]:
        assert 0.95 * plan["objective"] <= one["objective"] <= plan["objective"]
        assert one["audit_clean"]
        assert one["new_schools"] > 10


def test_page_and_workbook_show_them(told: tuple[RunRecord, Path]) -> None:
    text = (told[1] / "report.html").read_text(encoding="utf-8")
    assert "Other plans that are nearly as good" in text
    assert "Alternative 2" in text
    book = load_workbook(told[1] / "report.xlsx")
    assert book["Alternatives"].max_row == 1 + sum(len(one.chosen) for one in told[0].alternatives.plans)


def test_a_run_without_them_has_no_file_and_replaces_one_that_had(told: tuple[RunRecord, Path], tmp_path: Path) -> None:
    record = told[0]
    write_run(record, tmp_path / "run", force=False)
    plain = record.scenario.model_copy(update={"report": resolve("baseline").scenario.report})
    write_run(replace(record, scenario=plain), tmp_path / "run", force=True)
    assert {path.name for path in (tmp_path / "run").iterdir()} == RUN_FILES
    assert "nearly as good" not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
