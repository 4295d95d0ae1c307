"""A folder that is replaced and a table that is written anew, with a fault just before each change to a file."""

import subprocess
import sys
from pathlib import Path

import pytest

REPLACED = """
import os, signal, sys
from pathlib import Path
from pilotage import cli
from pilotage.assets import write_whole
from pilotage.case.writing import target, whole, workspace  # loaded before the processes are forked

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where what started the tests ignores Ctrl-C
place, out, number = Path(sys.argv[1]), Path(sys.argv[1]) / "run", signal.Signals(int(sys.argv[2]))
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "open")

def fill(folder, text):
    for name in ("manifest.json", "plan.json", "report.html"):
        (folder / name).write_text('{"schema_version": 3, "kind": "run"}' if name == "manifest.json" else text)

def write(text):
    write_whole(place / "table.csv", text.encode(), 0o640)
    whole.whole_folder(out, True, lambda folder: fill(folder, text))

def started(text, at, number):
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    count = 0
    def heard(event, given):
        nonlocal count
        if event in CHANGES and (event != "open" or given[2] & (os.O_WRONLY | os.O_RDWR)):
            count += 1
            if count == at:
                os.kill(os.getpid(), number)
    def command(arguments):
        sys.addaudithook(heard)
        write(text)
    cli._run = command  # in the place of one of Pilotage's
    code = 0
    sys.stderr = open(place.parent / "said", "w")
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code
    sys.stderr.flush()
    os._exit(code)

def content():
    return tuple(path.read_text() for path in sorted(out.iterdir())) if out.exists() else ()

def expect(holds, what):
    if not holds:
        raise SystemExit(f"change {at}: {what}: {sorted(map(str, place.rglob('*')))}")

undisturbed = started("0", 0, number)
at, code = 0, None
while code != 0:
    at += 1
    was, there = str(at - 1), content()
    folder = out.stat().st_ino
    code = started(str(at), at, number)
    expect(code in (0, 130, -9), f"exit code {code}")
    now = content()
    expect(now == there or now[1:] == (str(at),) * 2 or (not now and number == signal.SIGKILL), "half a folder")
    table = place / "table.csv"
    expect(table.read_text() in (was, str(at)) and table.stat().st_mode & 0o777 == 0o640, "half a table")
    if code == 130:
        said = (place.parent / "said").read_text()
        expect(("no folder" not in said) == (out.stat().st_ino != folder), said)
        expect(sorted(path.name for path in place.iterdir()) == ["run", "table.csv"], "left by Ctrl-C")
    target.expect_target(place / "run", force=True)
    expect(content() in (there, now), "the old folder did not come back")
    expect(started(str(at), 0, number) == 0 and content()[1:] == (str(at),) * 2, "not healed")
    expect(sorted(path.name for path in place.iterdir()) == ["run", "table.csv"], "left behind")
print(at - 1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.parametrize("number", [9, 2], ids=["killed", "interrupted"])
def test_a_fault_before_any_change_leaves_the_old_or_the_new_and_the_next_run_heals(
    tmp_path: Path, number: int
) -> None:
    (tmp_path / "place").mkdir()
    command = [sys.executable, "-c", REPLACED, str(tmp_path / "place"), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20  # changes
