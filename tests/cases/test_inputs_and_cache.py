"""Inputs are told apart and taken as one whole; a damaged cache heals, and never changes a result."""

import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage.case.versions import fingerprint
from pilotage.domain.inputs import LEADERS, POSTS, InputFile, input_of
from pilotage.errors import DataError
from pilotage.sources.files import cache as cached
from pilotage.sources.pool import tables as pool
from pilotage.sources.sample import panel as sample

VARYING = ("run.log", "timings.json")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in VARYING}


def test_two_inputs_of_one_name_are_both_in_the_manifest_and_on_the_page(case: Any) -> None:
    case.write("leaders", [{"leader_id": "unused"}])
    assert case.place([{}], [{}], out="plain").code == 0
    for name in ("leaders", "posts"):
        (case.work / name).mkdir()
        shutil.move(case.work / f"{name}.csv", case.work / name / "export.csv")
    named = [f"pool.{name}={(case.work / name / 'export.csv').as_posix()}" for name in ("leaders", "posts")]
    settings = [part for each in (f"data.folder={case.folder.as_posix()}", *named) for part in ("--set", each)]
    out = case.work / "out"
    done = case.pilotage("place", "baseline", "--forecast", str(case.forecast), "--out", str(out), "--quiet", *settings)
    assert done.code == 0, done.err
    inputs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    same = {each["role"]: each["sha256"] for each in inputs if each["name"] == "export.csv"}
    assert same.keys() == {"leaders", "posts"}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(sha256 in page for sha256 in same.values())


def test_the_name_of_a_run_folder_tells_apart_which_file_has_which_role(tmp_path: Path) -> None:
    one, other = (InputFile(LEADERS, "export.csv", tmp_path, digest * 32) for digest in ("ab", "cd"))
    as_posts = [InputFile(POSTS, each.name, each.path, each.sha256) for each in (one, other)]
    names = [
        fingerprint("name: x", inputs)
        for inputs in ((one, as_posts[1]), (other, as_posts[0]), (one, as_posts[0]), (other, as_posts[1]))
    ]
    assert len(set(names)) == 4
    assert fingerprint("name: x", (as_posts[1], one)) == names[0]


@pytest.mark.parametrize("module", [sample, pool], ids=["sample", "pool"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    case: Any, monkeypatch: pytest.MonkeyPatch, module: Any
) -> None:
    own = case.work / "own"
    shutil.copytree(case.folder, own)
    name = "results" if module is sample else "posts"

    def late(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == own / f"{name}.csv":
            table = pd.read_csv(path)
            table.iloc[:-1].to_csv(path, index=False)
        return input_of(path, *arguments, **options)

    monkeypatch.setattr(module, "input_of", late)
    settings = ("--set", f"data.folder={own.as_posix()}")
    done = case.pilotage(
        "place", "baseline", "--forecast", str(case.forecast), "--out", str(case.work / "o"), "--quiet", *settings
    )
    assert done.code == 3
    assert done.err.startswith(f"error: {own / f'{name}.csv'} - changed while Pilotage read it - ")
    assert done.err.count("\n") == 1
    assert not (case.work / "o").exists()


@pytest.mark.parametrize("command", ["forecast", "place"])
def test_a_file_that_changes_after_it_was_read_is_refused_before_anything_is_written(
    case: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    own = case.work / "own"
    shutil.copytree(case.folder, own)

    def late(whole: Any) -> Any:
        def first(*arguments: Any, **options: Any) -> Any:
            path = own / "school_years.csv"
            path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
            return whole(*arguments, **options)

        return first

    forecasting, auditing = import_module("pilotage.risk.forecast"), import_module("pilotage.placement.audit.audit")
    monkeypatch.setattr(forecasting, "forecast_risk", late(lambda *_, **__: None))
    monkeypatch.setattr(auditing, "audit", late(auditing.audit))
    given = ("--forecast", str(case.forecast)) if command == "place" else ()
    settings = ("--set", f"data.folder={own.as_posix()}", "--out", str(case.work / "o"), "--quiet")
    done = case.pilotage(command, "baseline", *given, *settings)
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.startswith(f"error: {own / 'school_years.csv'} - changed while Pilotage read it - ")
    assert not (case.work / "o").exists()


def test_an_official_file_that_changes_while_it_is_read_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = tmp_path / "2013" / "census.csv", cached.read_source
    path.parent.mkdir()
    path.write_text("URN,TOTPUPSENDN,PNUMEAL\n1,90,60\n", encoding="utf-8")

    def late(file: Path, source: str) -> Any:
        content = read(file, source)
        file.write_text("URN,TOTPUPSENDN,PNUMEAL\n1,91,60\n", encoding="utf-8")
        return content

    with monkeypatch.context() as patched:
        patched.setattr(cached, "read_source", late)
        with pytest.raises(DataError, match="changed while Pilotage read it"):
            cached.cached_source(path, "dfe_census", tmp_path / "cache", lambda _: None)
    assert not (tmp_path / "cache").exists()
    content, _ = cached.cached_source(path, "dfe_census", tmp_path / "cache", lambda _: None)
    again, _ = cached.cached_source(path, "dfe_census", tmp_path / "cache", lambda _: pytest.fail("read again"))
    pd.testing.assert_frame_equal(content.table, again.table)


def test_every_stored_file_that_is_damaged_is_read_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, store = tmp_path / "2013" / "census.csv", tmp_path / "cache"
    path.parent.mkdir()
    path.write_text("URN,TOTPUPSENDN,PNUMEAL\n1,90,60\n2,SUPP,5\n", encoding="utf-8")

    def read() -> tuple[object, ...]:
        content, _ = cached.cached_source(path, "dfe_census", store, lambda _: None)
        known = cached.cached_recognition(path, store)
        return repr(content.table.to_dict()), repr(content.absent.to_dict()), content.left_out, known.source, known.year

    first = read()
    files = sorted(each for each in store.rglob("*") if each.is_file())
    assert len(files) == 4
    for number, file in enumerate(files):
        good = file.read_bytes()
        for place in (0, 20, len(good) // 2, len(good) - 1):
            file.write_bytes(good[:place] + bytes([good[place] ^ (1 << number)]) + good[place + 1 :])
            caplog.clear()
            assert read() == first
            assert [message for message in caplog.messages if file.name in message]
            assert file.read_bytes() == good
    assert sorted(each for each in store.rglob("*") if each.is_file()) == files


ELSEWHERE = {
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
    "PYTHONHASHSEED": "7",
    "TZ": "Pacific/Auckland",
}


@pytest.mark.parametrize("command", ["place", "forecast"])
def test_the_folder_is_the_same_whatever_the_cores_the_terminal_and_the_clock(
    england: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    folder, forecast = england
    named = ["--quiet", "--set", f"data.folder={folder.as_posix()}", "--set", "report.hangs_on=false"]
    if command == "place":
        named += ["--forecast", str(forecast)]
    else:  # of what is learnt, here: the gaps
        named += ["--set", "outcomes.leadership_fall=null", "--set", "outcomes.leadership_stuck=null"]
    for threads, other in (("1", ELSEWHERE), ("4", {})):
        out = ["--out", str(tmp_path / threads)]
        cores = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), threads)
        arguments = [sys.executable, "-m", "pilotage", command, "baseline", *named, *out]
        subprocess.run(arguments, check=True, capture_output=True, env=os.environ | cores | other)
    assert _bytes(tmp_path / "1") == _bytes(tmp_path / "4")
