"""Any terminal, any letter, any moment: no crash, the right exit code, and nothing that a terminal would obey."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pandas as pd
import pytest

from pilotage.domain.words import one_line, printable

COMMAND = (sys.executable, "-m", "pilotage")
ESC, BELL = "\x1b", "\x07"


def _place(england: tuple[Path, Path], out: Path) -> list[str]:
    folder, forecast = england
    options = ["--forecast", str(forecast), "--out", str(out), "--set", f"data.folder={folder.as_posix()}"]
    return [*COMMAND, "place", "baseline", *options, "--set", "report.hangs_on=false"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
)
def test_an_encoding_that_lacks_a_letter_stops_nothing(environment: dict[str, str]) -> None:
    given = os.environ | environment
    done = subprocess.run([*COMMAND, "evidence"], capture_output=True, env=given, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    lacking = [*COMMAND, "run", "zażółć−"]
    done = subprocess.run(lacking, capture_output=True, env=given, check=False)
    assert done.returncode == 2
    assert b"no such scenario" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_changes_no_exit_code() -> None:
    for arguments, code in ((("schema",), 0), (("evidence",), 0), (("run", "no-such"), 2)):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert done.returncode == code
        assert done.stderr.count(b"\n") == (1 if code else 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_under_standard_output_is_said() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, "schema"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: what is printed - cannot be read or written (No space left on device)")
    assert done.stderr.count(b"\n") == 1
    with open("/dev/full", "wb") as full:
        assert subprocess.run([*COMMAND, "run", "no-such"], stderr=full, check=False).returncode == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ESC}[31mRED{ESC}[0m", "RED"),
        (f"a{ESC}]0;title{BELL}b{ESC}]8;;http://x{ESC}\\c", "abc"),
        (f"a{BELL}b\x00c\x08d\x7fe\x9b2Jf", "abcdef"),
        (f"{ESC}(0a{ESC}cb{ESC}", "ab"),
        ("left\u202eright\u2066x\u2069", "leftrightx"),
        ("Żółć £5 − 3 ≥ 2", "Żółć £5 − 3 ≥ 2"),
        ("half \ud800 letter", "half  letter"),
        ("plain, with [brackets]", "plain, with [brackets]"),
    ],
)
def test_what_a_terminal_would_obey_is_left_out(text: str, shown: str) -> None:
    assert (printable(text), one_line(text)) == (shown, shown)


def test_a_break_stays_in_a_text_and_becomes_a_space_in_a_cell() -> None:
    text = "one\n\ttwo\r\nthree\x85four\u2028five"
    assert one_line(text) == "one two three four five"
    assert printable("one\n\ttwo") == "one\n\ttwo"


def test_orders_to_a_terminal_in_tables_and_in_the_scenario_reach_nothing(
    england: tuple[Path, Path], pilotage: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "england"
    shutil.copytree(england[0], folder)
    bad = f"{ESC}[31mRED{ESC}[0m{BELL}\u202e\r\nrow"
    for name in ("schools", "leaders"):
        table = pd.read_csv(folder / f"{name}.csv")
        table["name"] = [f"{name} {number} {bad}" for number in range(len(table))]
        table.to_csv(folder / f"{name}.csv", index=False)
    scenario = tmp_path / "bad.yaml"
    why = r'"\u202ewhy\u202c ?"'
    scenario.write_text(
        f"extends: baseline\nname: bad\nwhy: {why}\nrules:\n  {why}: {{rule: budget, total_gbp: 1000}}\n"
    )
    settings = ("--set", f"data.folder={folder.as_posix()}", "--set", "report.hangs_on=false")
    out = tmp_path / "out"
    done = pilotage("place", str(scenario), "--forecast", str(england[1]), "--out", str(out), *settings)
    assert done.code == 0, done.err
    assert "RED row" in done.out
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in out.iterdir()
        if path.suffix not in (".xlsx", ".parquet")
    }
    with zipfile.ZipFile(out / "report.xlsx") as book:
        texts |= {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    for name, text in {"out": done.out, "err": done.err, **texts}.items():
        for order in (ESC, BELL, "\x9b", "\u202e", "\\e[", "\\u001b", "_x001B_", "_x0007_", "&#27;"):
            assert order not in text, (name, order)
    assert "schools 0 RED row" in texts["ranked_schools.csv"]
    assert "why ?" in texts["scenario.resolved.yaml"]


def test_orders_to_a_terminal_in_a_scenario_are_refused(pilotage: Any, tmp_path: Path) -> None:
    scenario = tmp_path / "bad.yaml"
    scenario.write_text('extends: baseline\nname: bad\nwhy: "\\e[31mwhy\\a \\x9b2J?"\n')
    done = pilotage("check", str(scenario))
    assert (done.code, "line 3: why - a control character (number 27)" in done.err) == (2, True)
    assert not {ESC, BELL, "\x9b"} & set(done.err)


STAGES = ("Reading schools", "Valuing", "Solving", "Auditing", "Writing the run folder")


def minds_ctrl_c() -> None:
    """Let a program take Ctrl-C also where what started the tests ignores it, as ``nohup`` and ``&`` in a script do."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows sends Ctrl-C in another way")
@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_ends_in_one_sentence_and_leaves_nothing(england: tuple[Path, Path], tmp_path: Path, stage: str) -> None:
    command = _place(england, tmp_path / "out")
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, preexec_fn=minds_ctrl_c) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith(stage):
                break
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert running.returncode == 130, err
    assert out == ""
    said = [line for line in err.splitlines() if not line.startswith(STAGES)]
    kept = "models and tables that were finished stay in the cache for the next run"
    assert said == [f"Stopped: no folder was written; {kept}."]
    assert list(tmp_path.iterdir()) == []


BUSY = """
import sys, time
from pathlib import Path
from pilotage import cli
from pilotage.case.writing.workspace import workspace
def busy(arguments):
    with workspace(Path(sys.argv[1]) / "out", Path(sys.argv[1])):
        print("now", flush=True)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                time.sleep(60)
            except BaseException:
                pass
cli._run = busy  # in the place of a command
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows sends Ctrl-C in another way")
def test_what_lets_no_exception_through_is_ended_all_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUSY, str(tmp_path)]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, preexec_fn=minds_ctrl_c) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "now\n"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate()
    assert running.returncode == 130
    assert err.startswith("Stopped: no folder was written")
    assert list(tmp_path.iterdir()) == []


TURNED = """
import os, signal
from pilotage import cli
def turned(arguments):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        raise ImportError("initialization failed")
cli._run = turned
cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows sends Ctrl-C in another way")
def test_what_a_library_makes_of_ctrl_c_is_still_ctrl_c() -> None:
    command = [sys.executable, "-c", TURNED]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=minds_ctrl_c)
    assert (done.returncode, done.stderr.count("\n")) == (130, 1)
    assert done.stderr.startswith("Stopped: ")
