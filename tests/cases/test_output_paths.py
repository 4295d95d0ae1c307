"""Where folders go: found before the work, replaced only when they are Pilotage's alone, whole or not at all."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pilotage import pipeline, reviews
from pilotage.case.run_folder import SCHEMA_VERSION
from pilotage.case.writing.target import expect_writable
from pilotage.case.writing.whole import whole_folder, written
from pilotage.case.writing.workspace import HELD, OLD, remove_own, workspace
from pilotage.errors import UsageError

OURS = json.dumps({"schema_version": SCHEMA_VERSION, "kind": "run"})
PACK = f'{{"schema_version": {SCHEMA_VERSION}, "kind": "pack"'
COMMANDS = (
    ("run", "baseline"),
    ("forecast", "baseline"),
    ("evaluate", "baseline"),
    ("areas", "baseline"),
    ("sample",),
    ("sample", "--templates"),
    ("data", "import", "."),
    ("data", "fetch", "--source", "gias_extract", "--offline"),
)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _fill(folder: Path) -> None:
    (folder / "manifest.json").write_text(OURS, encoding="utf-8")
    (folder / "plan.json").write_text("new", encoding="utf-8")


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make any work fail the test."""

    def worked(*_: object, **__: object) -> None:
        raise AssertionError("the work began")

    for module, name in ((pipeline, "gather"), (reviews, "areas"), (reviews, "evaluate")):
        monkeypatch.setattr(module, name, worked)


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda given: " ".join(given))
@pytest.mark.parametrize("out", ["afile/sub", "afile/deep/er/sub", "x" * 300, f"new/{'x' * 300}"])
def test_a_path_that_cannot_be_written_is_refused_before_the_work(
    pilotage: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    out: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "afile").write_text("mine", encoding="utf-8")
    done = pilotage(*arguments, "--out", out)
    assert done.code == 2, done.err
    assert done.err.startswith(f"error: {out} - cannot be ")
    assert done.err.count("\n") == 1
    assert _names(tmp_path) == ["afile"]


@pytest.mark.usefixtures("idle")
def test_the_default_folder_and_that_of_the_problem_are_tried_too(
    pilotage: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").write_text("mine", encoding="utf-8")
    assert "is a file" in pilotage("run", "baseline").err
    assert "is a file" in pilotage("run", "baseline", "--out", "new", "--save-problem", "runs/p").err
    for out, problem in (("a", "a"), ("a", "a/p"), ("a/r", "a"), ("a", "b/../a/p")):
        done = pilotage("run", "baseline", "--out", out, "--save-problem", problem)
        assert (done.code, "do not lie in one another" in done.err) == (2, True)
    assert _names(tmp_path) == ["runs"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_of_another_owner_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="Permission denied"):
        expect_writable(tmp_path / "run")
    tmp_path.chmod(0o700)


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    out = tmp_path / ("x" * 255)
    assert _names(whole_folder(out, False, _fill)) == ["manifest.json", "plan.json"]
    assert _names(whole_folder(out, True, _fill)) == ["manifest.json", "plan.json"]


def test_a_full_disk_leaves_nothing_and_is_said(tmp_path: Path) -> None:
    def full(folder: Path) -> None:
        _fill(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match=r"cannot be written \(No space left on device\)"):
        whole_folder(tmp_path / "deep" / "run", False, full)
    assert _names(tmp_path) == []


FOREIGN = {
    "no manifest": {"plan.json": "1", "report.html": "2"},
    "a manifest of something else": {"manifest.json": '{"kind": "app"}'},
    "a manifest that is no object": {"manifest.json": "[]", "plan.json": "1"},
    "a manifest without a version": {"manifest.json": '{"kind": "run"}', "plan.json": "1"},
    "a folder named as a file": {"manifest.json": OURS, "report.html/thesis.docx": "years"},
    "a file beside ours": {"manifest.json": OURS, "thesis.docx": "years"},
    "a file of another kind of folder": {"manifest.json": OURS, "areas.csv": "years"},
    "a manifest that names no list": {"manifest.json": OURS, "mine.csv": "years"},
    "a pack whose manifest names no files": {"manifest.json": f"{PACK}}}", "schools/1.html": "years"},
    "a file in a folder of a pack": {
        "manifest.json": f'{PACK}, "files": {{"schools/1.html": ""}}}}',
        "schools/2.html": "x",
    },
    "a folder of files in a run": {"manifest.json": f'{OURS[:-1]}, "files": {{"a/b": ""}}}}', "a/b": "years"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN)
def test_force_replaces_only_a_folder_that_is_pilotages_alone(tmp_path: Path, files: dict[str, str]) -> None:
    out = tmp_path / "run"
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="holds what Pilotage did not write: ") as caught:
        whole_folder(out, True, _fill)
    strange = next(name for name in reversed(files))
    assert strange.split("/")[0] in str(caught.value)
    assert {name: (out / name).read_text(encoding="utf-8") for name in files} == files
    assert _names(tmp_path) == ["run"]


def test_a_link_is_no_folder_and_a_link_in_a_folder_is_foreign(tmp_path: Path) -> None:
    whole_folder(tmp_path / "run", False, _fill)
    try:
        (tmp_path / "link").symlink_to(tmp_path / "run")
    except OSError:
        pytest.skip("links need a right on Windows")
    (tmp_path / "run" / "report.html").symlink_to(tmp_path / "elsewhere")
    for name, words in (("link", "is not a folder"), ("run", r"report\.html \(a link\)")):
        with pytest.raises(UsageError, match=words):
            whole_folder(tmp_path / name, True, _fill)


@pytest.mark.parametrize("force", [False, True])
def test_what_appears_while_the_folder_is_made_is_kept(tmp_path: Path, force: bool) -> None:
    out = tmp_path / "run"

    def slow(folder: Path) -> None:
        _fill(folder)
        out.mkdir()
        (out / "thesis.docx").write_text("years of work", encoding="utf-8")

    with pytest.raises(UsageError, match=r"thesis\.docx" if force else "already exists"):
        whole_folder(out, force, slow)
    assert (out / "thesis.docx").read_text(encoding="utf-8") == "years of work"
    assert _names(tmp_path) == ["run"]


def test_what_comes_into_the_old_folder_at_the_last_moment_brings_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, rename = whole_folder(tmp_path / "run", False, _fill), Path.rename

    def late(path: Path, target: Path) -> Path:
        if path == out:
            (out / "thesis.docx").write_text("years of work", encoding="utf-8")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        whole_folder(out, True, _fill)
    assert _names(out) == ["manifest.json", "plan.json", "thesis.docx"]
    assert _names(tmp_path) == ["run"]


KILLED = """
import os, sys
from pathlib import Path
from pilotage.case.writing import whole
def fill(folder):
    (folder / "manifest.json").write_text('{"schema_version": 3, "kind": "run"}')
    if sys.argv[2] == "filling":
        os._exit(9)
if sys.argv[2] == "between":
    rename = Path.rename
    def killed(path, target):
        if path.name == "new":
            os._exit(9)
        return rename(path, target)
    Path.rename = killed
if sys.argv[2] == "removing":
    remove = os.unlink
    def once(path, **options):
        remove("manifest.json" if "dir_fd" in options else path, **options)
        os._exit(9)
    os.unlink = once
whole.whole_folder(Path(sys.argv[1]), True, fill)
"""


def _killed(out: Path, when: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(out), when], check=False, capture_output=True, text=True)
    assert done.returncode == 9, done.stderr


def test_what_a_killed_run_leaves_goes_with_the_next_run_of_the_same_folder_only(tmp_path: Path) -> None:
    for name in ("run", "run2"):
        _killed(tmp_path / name, "filling")
    assert len(_names(tmp_path)) == 2
    whole_folder(tmp_path / "run", False, _fill)
    left, run = _names(tmp_path)
    assert (left.startswith(".pilotage-"), run) == (True, "run")
    whole_folder(tmp_path / "run2", False, _fill)
    assert _names(tmp_path) == ["run", "run2"]


def test_the_folder_that_a_killed_run_had_moved_aside_comes_back(tmp_path: Path) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    _killed(out, "between")
    assert not out.exists()
    with pytest.raises(UsageError, match="already exists"):
        whole_folder(out, False, _fill)
    assert (out / "plan.json").read_text(encoding="utf-8") == "new"
    assert _names(tmp_path) == ["run"]


def test_a_folder_that_a_killed_run_had_half_removed_goes_and_never_comes_back(tmp_path: Path) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    _killed(out, "removing")
    left, _ = _names(tmp_path)
    assert left.startswith(".pilotage-")
    shutil.rmtree(out)
    whole_folder(out, False, _fill)
    assert _names(out) == ["manifest.json", "plan.json"]
    assert _names(tmp_path) == ["run"]


def test_a_run_that_is_still_going_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with workspace(out, tmp_path) as place:
        (place / "work").write_text("half", encoding="utf-8")
        whole_folder(out, False, _fill)
        assert _names(place) == [HELD, "work"]
    assert _names(tmp_path) == ["run"]


def test_two_runs_that_replace_one_folder_both_end_well(tmp_path: Path) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)

    def while_another_does(folder: Path) -> None:
        _fill(folder)
        whole_folder(out, True, _fill)

    whole_folder(out, True, while_another_does)
    assert _names(tmp_path) == ["run"]


@pytest.fixture
def other_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.usefixtures("other_umask")
def test_a_run_folder_is_its_owners_alone(tmp_path: Path) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.usefixtures("other_umask")
def test_a_folder_in_a_folder_is_its_owners_alone_too(tmp_path: Path) -> None:
    def deep(folder: Path) -> None:
        (folder / "schools").mkdir()
        (folder / "schools" / "1.html").write_text("one", encoding="utf-8")

    out = whole_folder(tmp_path / "pack", False, deep)
    assert stat.S_IMODE((out / "schools").stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "schools" / "1.html").stat().st_mode) == 0o600


class Pressed(BaseException):
    """Ctrl-C, as the command line makes it an exception."""


def _pressed_at(monkeypatch: pytest.MonkeyPatch, name: str, before: bool) -> None:
    """Have Ctrl-C come just before, or just after, the folder or file of that name is renamed."""
    rename = Path.rename

    def pressed(path: Path, target: Path) -> Path:
        if path.name == name and before:
            monkeypatch.undo()
            raise Pressed
        renamed = rename(path, target)
        if path.name == name:
            monkeypatch.undo()
            raise Pressed
        return renamed

    monkeypatch.setattr(Path, "rename", pressed)


@pytest.mark.parametrize(("name", "before"), [("run", False), ("new", True)])
def test_ctrl_c_while_a_folder_is_out_of_the_way_brings_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: bool
) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    there = out.stat().st_ino
    _pressed_at(monkeypatch, name, before)
    with pytest.raises(Pressed):
        whole_folder(out, True, _fill)
    assert out.stat().st_ino == there
    assert _names(out) == ["manifest.json", "plan.json"]
    assert _names(tmp_path) == ["run"]


def test_ctrl_c_while_the_old_folder_is_removed_is_said_to_have_written_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    there = out.stat().st_ino
    _pressed_at(monkeypatch, "new", before=False)
    with pytest.raises(Pressed):
        whole_folder(out, True, _fill)
    assert out.stat().st_ino != there
    assert out in written()
    assert _names(tmp_path) == ["run"]


def test_a_process_that_ends_at_once_brings_the_old_folder_back(tmp_path: Path) -> None:
    out = whole_folder(tmp_path / "run", False, _fill)
    there = out.stat().st_ino
    with workspace(out, tmp_path) as place:
        out.rename(place / f"{OLD}00")
        remove_own()
        assert out.stat().st_ino == there
        assert _names(tmp_path) == ["run"]
        place.mkdir()  # this process goes on, and empties it
