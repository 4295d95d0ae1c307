"""The run folder: whole or not at all, the same bytes, and safe to open in a spreadsheet."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage.case.forecast_table import COLUMNS
from pilotage.case.record import RunRecord
from pilotage.case.run_folder import RUN_FILES
from pilotage.case.writing.target import expect_target, refuse_existing
from pilotage.errors import UsageError
from pilotage.report import folder as rooms
from pilotage.report.folder import write_forecast, write_run


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_all_files_are_there_and_nothing_else(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(record, tmp_path / "deep" / "run", force=False)
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_two_writes_are_the_same_bytes(make: Callable[..., RunRecord], tmp_path: Path) -> None:
    one, two = (_hashes(write_run(make(), tmp_path / name, force=False)) for name in ("one", "two"))
    assert {name for name in one if one[name] != two[name]} <= {"timings.json", "run.log"}


def test_csv_is_utf8_with_a_mark_and_windows_line_ends(record: RunRecord, tmp_path: Path) -> None:
    raw = (write_run(record, tmp_path / "run", force=False) / "ranked_schools.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfrank,urn,name,")
    assert raw.count(b"\n") == raw.count(b"\r\n") == 9


def test_a_name_that_looks_like_a_formula_is_shown_not_run(record: RunRecord, tmp_path: Path) -> None:
    path = write_run(record, tmp_path / "run", force=False) / "ranked_schools.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["urn"]: row for row in csv.DictReader(file)}
    assert rows["103"]["name"] == "'=HYPERLINK(1)"
    assert not [cell for row in rows.values() for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_numbers_stay_numbers_and_missing_is_blank(record: RunRecord, tmp_path: Path) -> None:
    frame = pd.read_csv(write_run(record, tmp_path / "run", force=False) / "ranked_schools.csv").set_index("urn")
    assert frame.loc[107, "benefit"] == -1.0
    assert frame.loc[101, ["need", "benefit", "pupils", "status"]].isna().tolist() == [True, True, True, False]


def test_a_failure_half_way_leaves_nothing(record: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(rooms, "page", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        write_run(record, tmp_path / "run", force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_keeps_the_old_folder(
    record: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _hashes(write_run(record, tmp_path / "run", force=False))
    monkeypatch.setattr(rooms, "write_workbook", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_run(record, tmp_path / "run", force=True)
    assert _hashes(tmp_path / "run") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_existing_folder_is_kept_without_force(record: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(UsageError, match="--force") as caught:
        write_run(record, tmp_path / "run", force=False)
    assert caught.value.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert list((tmp_path / "run").iterdir()) == []


def test_force_replaces_a_run_folder(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    (folder / "plan.json").write_text("old", encoding="utf-8")
    (folder / "~$report.xlsx").write_text("a lock of Excel", encoding="utf-8")
    write_run(record, folder, force=True)
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["status"] == "optimal"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_force_never_deletes_what_pilotage_did_not_write(record: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        write_run(record, tmp_path, force=True)
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "years of work"


def test_a_file_in_the_way_is_refused(record: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(UsageError):
            write_run(record, tmp_path / "run", force=force)
    assert (tmp_path / "run").read_text(encoding="utf-8") == "mine"


def test_an_open_file_says_close_it(record: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    before, rename = _hashes(folder), Path.rename

    def held(path: Path, target: Path) -> Path:
        if path == folder:
            raise PermissionError(13, "The process cannot access the file")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(UsageError, match="close its files in Excel"):
        write_run(record, folder, force=True)
    assert _hashes(folder) == before


def test_a_workbook_that_excel_holds_is_named_before_the_work(
    record: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    (folder / ".~lock.report.xlsx#").write_text("a lock of LibreOffice", encoding="utf-8")
    before, opened = _hashes(folder), Path.open

    def held(path: Path, mode: str = "r", **more: Any) -> Any:
        if path.name == "report.xlsx" and "+" in mode:
            raise PermissionError(13, "The process cannot access the file")
        return opened(path, mode, **more)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(UsageError, match=r"another program has report\.xlsx open .* close it in Excel"):
        expect_target(folder, force=True)
    assert _hashes(folder) == before
    monkeypatch.undo()
    (folder / "report.xlsx").chmod(0o400)  # nobody holds it: who may replace the folder may replace it
    expect_target(folder, force=True)


def test_when_the_new_folder_cannot_be_put_in_place_the_old_one_comes_back(
    record: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    before, rename = _hashes(folder), Path.rename

    def held(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise PermissionError(13, "no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(UsageError, match=r"cannot be written \(no\)"):
        write_run(record, folder, force=True)
    assert _hashes(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_new_name_is_not_refused(tmp_path: Path) -> None:
    refuse_existing(tmp_path / "new", force=False)


def test_plan_json_has_supply_by_area(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(record, tmp_path / "out", force=False)
    areas = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["areas"]
    assert [(each["kind"], each["name"]) for each in areas[:2]] == [("england", "England"), ("region", "East Midlands")]
    assert (areas[0]["schools"], areas[0]["placements"], areas[0]["pupils_reached"]) == (8, 2, 40)
    norwich = next(each for each in areas if each["name"] == "Norwich")
    assert {value for key, value in norwich.items() if key not in ("kind", "name")} == {False, None}


def test_plan_json(record: RunRecord, tmp_path: Path) -> None:
    plan = json.loads((write_run(record, tmp_path / "run", force=False) / "plan.json").read_text(encoding="utf-8"))
    assert (plan["status"], plan["objective"], plan["bound"], plan["gap"]) == ("optimal", 19.75, 19.75, 0)
    assert plan["integers"] == {"scale": 1000, "objective": 19750, "bound": 19750}
    assert plan["pairs_considered"] == 7
    assert plan["gain"]["random"] == {
        "raw": 8.75,
        "corrected": None,
        "low": None,
        "high": None,
        "basis": "assumed",
    }
    assert plan["null_world"] == {"corrected": None, "low": None, "high": None, "passes": None}
    assert [rule["name"] for rule in plan["rules"]] == ["cap: Derby", "consent", "budget"]  # binding ones first
    cap, consent, budget = plan["rules"]
    assert (cap["key"], cap["part"], cap["acts"], cap["unit"], cap["binding"]) == (
        "cap",
        ["Derby"],
        "counts",
        "placement",
        True,
    )
    assert (cap["activity"], cap["limit"], cap["price"], cap["hard"]) == (2, 2, None, True)
    assert (consent["acts"], consent["barred_alone"], consent["closed_posts"]) == ("bars", 1, 1)
    assert (budget["standing"], budget["binding"]) == ("£16,000 of at most £20,000", False)
    assert plan["held_back"] == []
    assert plan["synthetic"] == {"schools": True, "leaders": True}


def test_the_other_json_files(record: RunRecord, tmp_path: Path) -> None:
    folder = write_run(record, tmp_path / "run", force=False)
    read = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("audit", "manifest")}
    assert read["audit"]["clean"] is True
    assert read["manifest"]["inputs"] == [
        {"role": "sample", "name": "schools.csv", "key": None}
        | {"base": "sample", "path": "schools.csv", "sha256": "ab" * 32}
    ]
    assert read["manifest"]["as_of"] == "2016-08-31"
    timings = json.loads((folder / "timings.json").read_text(encoding="utf-8"))
    assert timings["seconds"].keys() == {"solve", "audit_alone", "report"}
    assert (folder / "scenario.resolved.yaml").read_text(encoding="utf-8") == record.resolved_yaml


def test_windows_reports_no_memory_rather_than_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert rooms.plan_json.peak_memory_mb() is None


def test_forecast_files(record: RunRecord, tmp_path: Path) -> None:
    folder = write_forecast(record.forecast, tmp_path / "forecast", force=False, synthetic=True)
    assert {path.name for path in folder.iterdir()} == {"forecast.csv", "forecast.parquet", "manifest.json"}
    table = pd.read_csv(folder / "forecast.csv")
    assert tuple(table) == COLUMNS
    drawn = pd.read_parquet(folder / "forecast.parquet")
    assert tuple(drawn) == (*COLUMNS, "p_fall_if_inspected_draws")
    assert list(drawn["p_fall_if_inspected_draws"].iloc[0]) == [0.25] * 4
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] == {"schools": True}
    assert manifest["outcomes"]["gap_widening"]["available"] is False
    with pytest.raises(UsageError, match="--force"):
        write_forecast(record.forecast, folder, force=False, synthetic=True)
