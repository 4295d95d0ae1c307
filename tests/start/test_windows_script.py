"""The script for Windows, read by its rules: nothing here was run on Windows."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RAW = (ROOT / "start-pilotage.cmd").read_bytes()
LINES = RAW.decode("ascii").split("\r\n")
CODE = [line.strip() for line in LINES if not line.strip().lower().startswith("rem ")]


def test_it_is_ascii_with_the_ends_of_lines_of_windows_in_every_checkout() -> None:
    assert RAW.isascii()
    assert b"\n" not in RAW.replace(b"\r\n", b"")
    assert RAW.endswith(b"\r\n")
    attributes = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "*.cmd text eol=crlf" in attributes
    assert {"*.sh text eol=lf", "*.command text eol=lf"} <= set(attributes)


def test_the_scripts_of_unix_are_for_any_shell_and_may_be_run() -> None:
    for name in ("start-pilotage.sh", "start-pilotage.command"):
        content = (ROOT / name).read_bytes()
        assert content.startswith(b"#!/bin/sh\n")
        assert b"\r" not in content
        assert (ROOT / name).stat().st_mode & 0o111
        subprocess.run(["/bin/sh", "-n", str(ROOT / name)], check=True)


def test_every_path_and_every_value_that_is_set_stands_in_quotes() -> None:
    for line in CODE:
        for match in re.finditer(r"%~dp0|%~1|[%!]PILOTAGE_HOME[%!]|!CMDCMDLINE!", line):
            assert line[: match.start()].count('"') % 2 == 1, line
        assert not re.search(r"\bset (?!\")", line), line
        assert line.count('"') % 2 == 0, line


def test_delayed_expansion_is_off_where_a_path_is_read_with_percent_signs() -> None:
    delayed = None
    for line in CODE:
        if line.lower().startswith("setlocal"):
            delayed = "EnableDelayedExpansion" in line
        elif line == "endlocal":
            delayed = False
        elif line.startswith("exit !"):
            delayed = False  # what follows is reached by goto alone, and begins with endlocal
        if re.search(r"%~|%PILOTAGE_HOME%", line):
            assert delayed is False, line
        if "!" in line:
            assert delayed is True or line.startswith("exit !"), line


def test_the_code_of_python_is_the_code_of_the_script_and_an_error_keeps_the_window() -> None:
    assert CODE.count("pause") + sum(line.endswith(" pause") for line in CODE) == 4
    assert "exit !PILOTAGE_CODE!" in CODE
    assert "exit /b %PILOTAGE_CODE%" in CODE


def test_every_place_that_is_jumped_to_is_there() -> None:
    jumps = {match for line in CODE for match in re.findall(r"(?:goto|call) :(\w+)", line)}
    assert jumps == {line[1:] for line in CODE if line.startswith(":")} == {"try", "typed", "notwhole", "nopython"}


def test_looking_for_a_python_installs_none_and_a_zip_that_is_not_extracted_is_seen_before() -> None:
    look = CODE.index('if not exist "%PILOTAGE_HOME%engine\\start_pilotage.py" goto :notwhole')
    quiet = CODE.index('set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"')
    assert look < quiet < min(number for number, line in enumerate(CODE) if "call :try" in line)
    assert any(line.startswith("echo ") and "extract all of it first" in line for line in CODE)


def test_it_says_what_it_needs_and_where_to_get_it() -> None:
    told = "\n".join(line for line in CODE if line.startswith("echo "))
    assert "Python 3.11 or later" in told
    assert "python.org" in told
    assert not re.search(r"[&|<>^]", told)
