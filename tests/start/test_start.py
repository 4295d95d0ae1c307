"""The start for people who do not type: what it reads of a command line, and each start of a copy of it."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CMD = "C:\\WINDOWS\\system32\\cmd.exe"

BACKEND = """
import zipfile
from pathlib import Path


def build_editable(folder, settings=None, metadata=None):
    name = "pilotage-0.2.0"
    with zipfile.ZipFile(Path(folder) / f"{name}-py3-none-any.whl", "w") as wheel:
        info = f"{name}.dist-info"
        wheel.writestr("pilotage.pth", str(Path("engine").resolve()))
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: pilotage\\nVersion: 0.2.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}-py3-none-any.whl"
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
TOLD = (
    "import os, sys\nfrom pathlib import Path\n"
    "with open('asked.txt', 'a', encoding='utf-8') as file:\n    print(*sys.argv[1:], sep='|', file=file)\n"
    "sys.exit(int(os.environ.get('ENDS_WITH', '0')))\n"
)


@pytest.fixture(scope="module")
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start_pilotage", ROOT / "engine" / "start_pilotage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("", []),
        (f'"{CMD}"', []),
        (f'{CMD} /c ""C:\\P\\start-pilotage.cmd" "', []),
        (f'{CMD} /c ""C:\\P\\start-pilotage.cmd" C:\\a&b\\x.xlsx"', ["C:\\a&b\\x.xlsx"]),
        (f'{CMD} /c ""C:\\P q\\start-pilotage.cmd" "C:\\a & b!\\\u00e9 x.xlsx""', ["C:\\a & b!\\\u00e9 x.xlsx"]),
        (f'{CMD} /c ""C:\\P\\Start-Pilotage.CMD" C:\\x.xlsx "D:\\two of.xlsx""', ["C:\\x.xlsx", "D:\\two of.xlsx"]),
        (f'{CMD} /c "C:\\P\\start-pilotage.cmd" my.xlsx', ["my.xlsx"]),
        (f'{CMD} /c "C:\\P\\start-pilotage.cmd" "my own.xlsx"', ["my own.xlsx"]),
        (f"{CMD} /c C:\\P\\start-pilotage.cmd my.xlsx", ["my.xlsx"]),
    ],
)
def test_a_dropped_file_is_read_from_the_command_line_of_windows(
    start: ModuleType, line: str, files: list[str]
) -> None:
    assert start.dropped(line) == files


def test_several_files_are_refused_before_anything_is_set_up(
    start: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "is_ready", lambda: pytest.fail("looked"))
    assert start.main(["a.xlsx", "b.xlsx"]) == 1
    assert "2 files were given" in capsys.readouterr().err


def test_a_python_of_32_bit_or_too_old_is_refused(
    start: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "is_ready", lambda: False)
    monkeypatch.setattr(start, "OLDEST", (99, 0))
    assert start.main([]) == 1
    assert "Pilotage needs Python 3.11 or later, 64 bit. This is Python 3." in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_says_where_to_copy_it(
    start: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied() -> None:
        raise PermissionError(13, "Permission denied", "C:\\Program Files\\Pilotage\\.venv")

    monkeypatch.setattr(start, "is_ready", lambda: False)
    monkeypatch.setattr(start, "set_up", denied)
    assert start.main([]) == 1
    told = capsys.readouterr().err
    assert "C:\\Program Files\\Pilotage\\.venv cannot be written or started (Permission denied)" in told
    assert "such as Documents" in told


def test_setting_up_says_how_far_it_is(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"Collecting package{number}" for number in range(45)]
    rows[10:10] = ["  Using cached package10.whl"]
    rows += ["Installing collected packages: package0", "Successfully installed package0"]
    for end in range(len(rows)):
        start._show_progress(rows[: end + 1])
    assert capsys.readouterr().out.split("\n") == [
        "   20 packages",
        "   40 packages",
        "   writing 45 packages to disk",
        "",
    ]


CLEARS_UP = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.5), print('cleared', flush=True), sys.exit(130)))\n"
    "print('up', flush=True)\nwhile True:\n    time.sleep(0.05)\n"
)
INTERRUPTED = """
import runpy, sys, pathlib
start = runpy.run_path(sys.argv[1])
start["_pilotage"].__globals__["PYTHON"] = pathlib.Path(sys.argv[2])
sys.exit(start["_pilotage"]("run"))
"""


@pytest.mark.skipif(os.name == "nt", reason="the console of Windows sends Ctrl-C in another way")
def test_at_ctrl_c_the_start_waits_until_pilotage_has_cleared_up(tmp_path: Path) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!{sys.executable}\n{CLEARS_UP}", encoding="utf-8")
    stand_in.chmod(0o755)
    command = [sys.executable, "-c", INTERRUPTED, str(ROOT / "engine" / "start_pilotage.py"), str(stand_in)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        os.killpg(running.pid, signal.SIGINT)
        out, _ = running.communicate()
    assert (running.returncode, out) == (130, "cleared\n")


def test_without_python_the_script_says_what_it_needs_and_where_to_get_it(tmp_path: Path) -> None:
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    command = ["/bin/sh", str(ROOT / "start-pilotage.sh")]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"needs Python 3.11 or later" in done.stderr
    assert b"python.org" in done.stderr


class Home:
    """A folder with the scripts and a small Pilotage that notes what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "engine" / "pilotage").mkdir(parents=True)
        for name in ("start-pilotage.sh", "start-pilotage.command", "engine/start_pilotage.py"):
            shutil.copy(ROOT / name, folder / name)
        contents = {"backend.py": BACKEND, "pyproject.toml": PROJECT, "requirements.lock": "# none\n"}
        contents |= {"engine/pilotage/__init__.py": "", "engine/pilotage/__main__.py": TOLD}
        for name, text in contents.items():
            (folder / name).write_text(text, encoding="utf-8")

    def start(
        self, *files: str, script: str = "start-pilotage.sh", cwd: Path | None = None, ends_with: int = 0
    ) -> subprocess.CompletedProcess[str]:
        (self.folder / "asked.txt").unlink(missing_ok=True)
        path = f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"ENDS_WITH": str(ends_with), "PIP_NO_INDEX": "1", "PATH": path}
        return subprocess.run(
            [self.folder / script, *files],
            cwd=cwd or self.folder.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def asked(self) -> list[str]:
        file = self.folder / "asked.txt"
        return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


@pytest.mark.slow
def test_every_start_of_a_copy_in_a_folder_with_a_difficult_name(tmp_path: Path) -> None:
    home = Home(tmp_path / "it's a folder & more, caf\u00e9!")
    first = home.start()
    assert (first.returncode, home.asked) == (0, ["serve"]), first.stderr
    assert "Setting up Pilotage" in first.stdout

    marker = home.folder / ".venv" / "started-from"
    made = marker.stat().st_mtime_ns
    (tmp_path / "my own & set-up.xlsx").write_bytes(b"")
    second = home.start("my own & set-up.xlsx", script="start-pilotage.command")
    assert second.returncode == 0, second.stderr
    workbook = tmp_path / "my own & set-up.xlsx"
    assert home.asked == [f"run|{workbook}", f"open|{workbook}"]  # never --force: answers may be typed in its results
    assert "Setting up" not in second.stdout
    assert marker.stat().st_mtime_ns == made

    assert home.start("mine.yaml").returncode == 0
    assert home.asked == [f"run|{tmp_path / 'mine.yaml'}|--force", "open"]
    failed = home.start("mine.yaml", ends_with=3)
    assert (failed.returncode, home.asked) == (3, [f"run|{tmp_path / 'mine.yaml'}|--force"])

    lock = home.folder / "requirements.lock"
    lock.write_text(f"no-such-package-of-anybody==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    broken = home.start()
    assert (broken.returncode, home.asked) == (1, [])
    assert "2 of 3: the packages that it needs failed. What was said last:" in broken.stderr
    assert "Check the internet connection" in broken.stderr
    assert not marker.exists()
    assert "no-such-package-of-anybody" in (home.folder / ".venv" / "set-up.log").read_text(encoding="utf-8")

    lock.write_text("# none\n", encoding="utf-8")
    assert home.start().returncode == 0
    (home.folder / ".venv" / "bin" / "python").unlink()
    again = home.start()
    assert (again.returncode, home.asked) == (0, ["serve"]), again.stderr
    assert "1 of 3" in again.stdout

    moved = home.folder.rename(tmp_path / "moved")
    home.folder = moved
    done = home.start()
    assert (done.returncode, home.asked) == (0, ["serve"]), done.stderr
    assert "Setting up" in done.stdout
