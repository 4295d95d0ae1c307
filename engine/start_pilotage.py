"""Every start of Pilotage for people who do not type: set up what is not, then open the workbench or run a file.

``start-pilotage.cmd``, ``.command`` and ``.sh`` look for Python and call this file with it. Nothing is installed at the
first start, so that only the standard library is used here. docs/planners/start.md says what planners see.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VENV = HOME / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARKER = VENV / "started-from"  # what was installed, and where
LOG = VENV / "set-up.log"
INSTALLED_FROM = ("requirements.lock", "pyproject.toml", "engine/pilotage/__init__.py")
EACH = 20  # packages, of which one row of progress is said
TOLD = 15  # rows of the log that are shown where setting up fails
OLDEST = (3, 11)
SCENARIOS = (".yaml", ".yml")
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps")


class NotSetUpError(Exception):
    """A step of setting up failed; the text says which, and what to do."""


def main(arguments: Sequence[str], command_line: str = "") -> int:
    """Set up where needed, then open the workbench, or run the file that was given; return the exit code.

    ``command_line``: how Windows started the script, where a file may have been dropped on it.
    """
    files = [*arguments, *dropped(command_line)]
    if len(files) > 1:
        return _say_and_end(f"{len(files)} files were given. Please give one workbook or scenario at a time.")
    file = Path(files[0]).absolute() if files else None
    try:
        if not is_ready():
            set_up()
        os.chdir(HOME)
        return _open_workbench() if file is None else _run_file(file)
    except NotSetUpError as error:
        return _say_and_end(str(error))
    except OSError as error:
        where = error.filename or HOME
        do = "Please copy the folder of Pilotage to a place of your own, such as Documents, and start again."
        return _say_and_end(f"{where} cannot be written or started ({error.strerror or error}). {do}")


def dropped(command_line: str) -> list[str]:
    """Return the files that were dropped on the Windows script, as the command line has them after its name.

    Windows does not quote a path with ``&`` and no space in it, so that the script's own arguments end at the ``&``.
    """
    started = re.search(r"start-pilotage\.cmd\"?(.*)$", command_line, flags=re.I | re.S)
    if started is None:
        return []
    rest = started[1].strip()
    named = rest.removesuffix('"') if rest.count('"') % 2 else rest  # the last quote is that of the whole line
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]+)"|([^\s"]+)', named)]


def is_ready() -> bool:
    """Return whether the environment is there, works, and holds what the files of this folder ask for."""
    try:
        return MARKER.read_text(encoding="utf-8") == _wanted() and _works()
    except OSError:
        return False


def set_up() -> None:
    """Make the environment, install the locked packages with their checksums, then Pilotage itself.

    Raises
    ------
    NotSetUpError
        Saying which step failed, and the end of what it said.
    """
    if sys.version_info < OLDEST or sys.maxsize < 2**32:
        have = f"This is Python {sys.version.split()[0]}{'' if sys.maxsize > 2**32 else ', 32 bit'}."
        raise NotSetUpError(
            f"Pilotage needs Python 3.11 or later, 64 bit. {have} Get it from python.org, and start again."
        )
    _say("Setting up Pilotage. This takes some minutes, once. It needs the internet and about 2 GB of disk.")
    VENV.mkdir(exist_ok=True)
    MARKER.unlink(missing_ok=True)
    if not _works():
        hint = "On Debian and Ubuntu, install the package python3-venv first."
        _step("1 of 3: an environment of its own", [sys.executable, "-m", "venv", "--clear", str(VENV)], hint)
    hint = "Check the internet connection, and start again: what is downloaded already is kept."
    lock = ["--require-hashes", "-r", str(HOME / "requirements.lock")]
    _step("2 of 3: the packages that it needs", [str(PYTHON), *PIP, *lock], hint)
    _step("3 of 3: Pilotage itself", [str(PYTHON), *PIP, "--no-build-isolation", "-e", str(HOME)], "Start again.")
    MARKER.write_text(_wanted(), encoding="utf-8")
    _say("Pilotage is set up.")


def _wanted() -> str:
    """Return the checksum of what is to be installed, and where."""
    content = hashlib.sha256(str(HOME).encode("utf-8", "surrogatepass"))
    for name in INSTALLED_FROM:
        content.update((HOME / name).read_bytes())
    return content.hexdigest()


def _works() -> bool:
    """Return whether the environment's Python starts, and is new enough."""
    if not PYTHON.exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([PYTHON, "-c", code], env=_environment(), capture_output=True, check=False).returncode == 0


def _step(name: str, command: list[str], hint: str) -> None:
    """Run one step, showing that it goes on, and keep all that it says in the log."""
    _say(name)
    said = []
    with subprocess.Popen(
        command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=HOME
    ) as step:
        for row in step.stdout or ():
            said.append(row.decode("utf-8", "replace").rstrip())
            _show_progress(said)
    VENV.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write("\n".join([name, *said, ""]))
    if step.returncode:
        last = "\n".join(said[-TOLD:])
        raise NotSetUpError(f"{name} failed. What was said last:\n{last}\nThe whole text is in {LOG}.\n{hint}")


def _show_progress(said: Sequence[str]) -> None:
    """Say after every twenty packages, and before they are written, how far pip is: it takes minutes."""
    got = sum(row.startswith("Collecting ") for row in said)
    if said[-1].startswith("Collecting ") and got % EACH == 0:
        _say(f"   {got} packages")
    if said[-1].startswith("Installing collected packages") and got >= EACH:
        _say(f"   writing {got} packages to disk")


def _environment() -> dict[str, str]:
    """Return the environment of what is started: without the folders of another Python."""
    other = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PILOTAGE_STARTED_AS"}
    return {name: value for name, value in os.environ.items() if name not in other} | {"PYTHONUTF8": "1"}


def _pilotage(*words: str) -> int:
    """Run Pilotage and return its exit code; at Ctrl-C, which reaches it too, wait until it has cleared up."""
    with subprocess.Popen([PYTHON, "-m", "pilotage", *words], env=_environment()) as started:
        while True:
            try:
                return started.wait()
            except KeyboardInterrupt:
                continue


def _open_workbench() -> int:
    _say("Opening the workbench. Keep this window open while you work; close it to end.")
    return _pilotage("serve")


def _run_file(file: Path) -> int:
    """Run a setup workbook or a scenario, and open the page of the run.

    Each run of a workbook has a folder of its own beside it. A scenario with the same inputs has the same folder, which
    is made anew.
    """
    _say(f"Running {file.name}")
    if file.suffix.casefold() in SCENARIOS:
        return _pilotage("run", str(file), "--force") or _pilotage("open")
    return _pilotage("run", str(file)) or _pilotage("open", str(file))


def _say(text: str) -> None:
    print(text, flush=True)


def _say_and_end(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:], os.environ.get("PILOTAGE_STARTED_AS", "")))
    except KeyboardInterrupt:
        sys.exit(130)
